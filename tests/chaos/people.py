"""People who walk through the coach's scripts, each answering what they see; and sleepers, who never answer."""

from __future__ import annotations

import asyncio
import datetime as dt
import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

from sqlalchemy.orm import Session

from bot.coach import redflags
from bot.conversation import RED_FLAGS
from bot.library import Library
from bot.store.database import Database
from bot.store.tables import Due, Person
from bot.trial.chats import Button, Message
from bot.trial.server import TelegramServer
from tests.chaos.stage import Watched
from tests.turns.chat import BERLIN, SAFE, WALKS, agreed

Kind = Literal["answer", "tick", "command"]
"""A tick of several options answers nothing, but some options, as "every day", answer at once."""
COMMANDS = ("/areas", "/areas", "/areas", "/log", "/log", "/plan", "/today", "/bloodwork", "/help")
OWN = ("~back", "~undo")
"""Buttons that take something back: they answer nothing."""
A_LOOK = 0.2
QUIET = 0.7
"""Seconds without news after which a person takes it that nothing more is asked."""


@dataclass(frozen=True)
class Done:
    """What a person did: the update it became, and what it was for."""

    update_id: int
    kind: Kind
    what: str


@dataclass
class Walker:
    """Answers what is asked, by taps and in words, and begins something else when nothing is asked."""

    server: Watched
    library: Library
    more_to_come: Callable[[int], bool]
    """Whether the coach has something to say to this chat that it has not sent yet."""
    chat_id: int
    chance: random.Random
    done: list[Done] = field(default_factory=list)
    answered: set[str] = field(default_factory=set)
    ticked: dict[str, int] = field(default_factory=dict)
    waits_since: int | None = None
    """The last message id when something was sent that is not answered yet."""
    _edits: int = 0
    _asked: float = 0.0
    _more: bool = True

    def waiting(self) -> bool:
        """Whether the coach owes this person something."""
        if self.waits_since is None:
            return False
        new = any(m.from_bot for m in self.server.messages(self.chat_id) if m.id > self.waits_since)
        if new or self._edited() == self._edits:
            return not new
        # an answer may end a talk without a word, or its words are still to come: only the coach knows
        if time.monotonic() - self._asked > A_LOOK:
            self._asked, self._more = time.monotonic(), self.more_to_come(self.chat_id)
        return self._more

    async def act(self) -> None:
        """Does the next thing."""
        shown = self._question()
        if shown is None:
            await asyncio.sleep(QUIET)
            if self._question() is None and not self.more_to_come(self.chat_id):
                self._sent("command", self.chance.choice(COMMANDS))
            return
        message, buttons = shown
        key = buttons[0].data.rsplit(".", 1)[0]
        several = next((one for one in buttons if one.data.endswith(".~done")), None)
        options = [one for one in buttons if not one.data.endswith((".~done", *OWN)) and ".-" not in one.data]
        if several and (self.ticked.get(key, 0) >= self.chance.choice([1, 2]) or not options):
            self._tap(message, several, "answer", key)
            return
        if several:
            self.ticked[key] = self.ticked.get(key, 0) + 1
            one = self.chance.choice(options)
            skips = one.data.rsplit(".", 1)[1].startswith("~")
            self._tap(message, one, "answer" if skips else "tick", key)
            return
        one = self.chance.choice(options)
        if self.chance.random() < 0.3 and self._may_be_typed(one.text):
            self.answered.add(key)
            self._sent("answer", one.text)
        else:
            self._tap(message, one, "answer", key)

    def _may_be_typed(self, label: str) -> bool:
        """Emergency words are an emergency before they are an answer, and only a tap ends one."""
        flags = [self.library.scripts[name] for name in RED_FLAGS]
        only_tapped = {label for script in flags for step in script.steps.values() for label in _labels(step)}
        return label not in only_tapped and redflags.find(label, self.library.words.red_flags) is None

    def _question(self) -> tuple[Message, list[Button]] | None:
        """The newest question that has not been answered from here."""
        for message in reversed(self.server.messages(self.chat_id)):
            if not message.from_bot:
                return None
            buttons = [one for row in message.buttons for one in row]
            ids = [one.data.split(".", 2) for one in buttons]
            if not buttons or any(len(parts) != 3 or not parts[0].isdigit() for parts in ids):
                continue
            live = [one for one in buttons if not one.data.endswith(OWN)]
            key = buttons[0].data.rsplit(".", 1)[0]
            if live and key not in self.answered:
                return message, live
        return None

    def _tap(self, message: Message, button: Button, kind: Kind, key: str) -> None:
        if kind == "answer":
            self.answered.add(key)
        self._before()
        self.done.append(Done(self.server.state.updates.next_id, kind, button.data))
        self.server.tap(self.chat_id, message.id, button.data)

    def _sent(self, kind: Kind, text: str) -> None:
        self._before()
        self.done.append(Done(self.server.state.updates.next_id, kind, text))
        self.waits_since = self.server.type(self.chat_id, text)

    def _before(self) -> None:
        self.waits_since = max((m.id for m in self.server.messages(self.chat_id)), default=0)
        self._edits = self._edited()
        self._more = True

    def _edited(self) -> int:
        return sum(hash((m.written, str(m.markup))) for m in self.server.messages(self.chat_id) if m.from_bot)


def _labels(step: Any) -> list[str]:
    return [str(option.label) for option in getattr(step, "choice", {}).values()]


def seed(database: Database, server: TelegramServer, walkers: int, sleepers: int, span: float) -> tuple[list[int], ...]:
    """People who agreed and answered the safety screen; each sleeper has one check-in due within `span` seconds.

    With a span of 0 sleepers have a plan and no check-in yet.
    """
    names = [server.add_person(f"Person {n}") for n in range(walkers + sleepers)]
    awake, asleep = names[:walkers], names[walkers:]
    chance, now = random.Random(len(names)), dt.datetime.now(dt.UTC)

    def unit(session: Session) -> None:
        for chat_id in names:
            facts = {**SAFE, **BERLIN, **(WALKS if chat_id in asleep_set else {})}
            person = agreed(session, chat_id, now, dt.timedelta(days=9), facts)
            if chat_id in asleep_set and span:
                session.add(check_in(person, now + dt.timedelta(seconds=chance.uniform(3, span))))

    asleep_set = set(asleep)
    database.work(unit)
    return awake, asleep


def check_in(person: Person, at: dt.datetime) -> Due:
    return Due(
        person_id=person.id,
        script="walk",
        habit="walk",
        slot="dinner",
        local_date=at.date(),
        due_at=at,
        useful_until=at + dt.timedelta(hours=2),
        closes_at=at + dt.timedelta(days=1),
        status="planned",
        priority=60,
        reply=True,
        fixed=True,
    )
