"""People who talk with the coach turn by turn on a real database, with a clock that the test moves.

What leaves the outbox goes through the real sender's own bookkeeping; only the HTTP call between is left out, so a
message has its id at once. A chat's messages are kept as Telegram would show them.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from html import unescape
from itertools import count
from typing import Any, TypeVar, cast

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from telegram import Bot

from bot import planning, turns
from bot.chat.fate import Fate
from bot.chat.letter import Letter
from bot.chat.sender import Sender
from bot.coach.dialogue import Said
from bot.inputs import Input
from bot.knowledge import Coach, Knowledge
from bot.library import Library
from bot.scheduler import Clock
from bot.store import dues, outbox, people
from bot.store.database import Database
from bot.store.tables import Due, Outbox, Person, Run, Table
from bot.turns import Outcome

T = TypeVar("T")
ONE_DATABASE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
"""For what is long, or about what is said: the statements it needs are tried on the other database elsewhere."""
MONDAY = dt.datetime(2026, 11, 23, 8, 0, tzinfo=dt.UTC)
"""The Monday on which tests begin; in Berlin it is 09:00."""
SAFE: Mapping[str, Any] = {
    "body": ["none"],
    "chest_state": "none",
    "pressure_state": "none",
    "feet_state": "none",
    "diabetes_kind": "none",
    "medicines": ["none"],
    "sugar_pills": "none",
    "lows": "none",
    "life": ["none"],
    "exercise_ok": "none",
    "cold_list": ["none"],
}
"""A safety screen that closes nothing."""
BERLIN: Mapping[str, Any] = {"zone": "Europe/Berlin"}
WALKS: Mapping[str, Any] = {"walk_on": True, "walk_meals": ["dinner"], "dinner_time": "19:30"}
"""A walk after dinner: asked at 19:45, useful until 20:45."""
LIFTING: Mapping[str, Any] = {
    "lifting_on": True,
    "lifts": ["chair_squat", "push_up"],
    "training_days": [0, 3],
    "training_time": "18:00",
    "load_unit": "kg",
}
"""Mondays and Thursdays at 18:00, useful until 23:00."""
SLEEP: Mapping[str, Any] = {"sleep_on": True, "bedtime": "22:30", "waking": "07:00"}
"""A line at 21:45 that needs no reply, and a question at 07:30, useful until 13:30."""
COLD: Mapping[str, Any] = {"cold_on": True, "cold_days": [1, 5], "cold_time": "08:00", "cold_seconds": 20}
"""Tuesdays and Saturdays at 08:00, useful until 11:00."""


def agreed(session: Session, chat_id: int, now: dt.datetime, since: dt.timedelta, facts: Mapping[str, Any]) -> Person:
    """A person who agreed so long ago, unless they had before, with facts as if they had answered them."""
    person = people.meet(session, chat_id, now)
    person.consent, person.consent_version = "agreed", "test"
    person.consented_at = person.consented_at or now - since
    for name, value in facts.items():
        words = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
        people.remember(session, person.id, name, Said(value, words), None, now)
    session.flush()
    return person


@dataclass
class Shown:
    """A message as the chat shows it now."""

    id: int
    text: str
    buttons: list[tuple[str, str]]
    kind: str

    @property
    def plain(self) -> str:
        return unescape(re.sub(r"<[^>]+>", "", self.text))

    @property
    def labels(self) -> list[str]:
        return [label for _, label in self.buttons]


class World:
    """The coach on one database, its clock and its outbox."""

    def __init__(self, database: Database, library: Library, now: dt.datetime = MONDAY) -> None:
        self.database = database
        self.coach = Coach(library=library, operator="Dr. Ada Example", contact="ada@example.org", bot_id=1)
        self.now = now
        self.chats: dict[int, Chat] = {}
        self.updates = count(1000)
        self.sent: list[tuple[int, str]] = []
        """Chat and text of every message in the order they went out, edits left out."""
        # the bot is what the sender calls over HTTP, and that call is the one thing left out here
        self.sender = Sender(cast(Bot, None), database, lambda: self.now, _no_picture)
        self._clock = Clock(database, lambda: self.coach, self.sender, lambda: self.now)

    def person(self, chat_id: int = 7001, /, **facts: Any) -> Chat:
        """Someone who agreed, answered the safety screen, lives in Berlin, and of whom these facts hold."""
        chat = Chat(self, chat_id)
        chat.settle({**SAFE, **BERLIN, **facts})
        return chat

    def work(self, unit: Callable[[Session], T]) -> T:
        return self.database.work(unit)

    def rows(self, table: type[Any], **having: Any) -> list[Any]:
        """The rows of a table in the order they were written."""
        key = list(table.__table__.primary_key)[-1]
        return self.work(lambda session: list(session.scalars(select(table).filter_by(**having).order_by(key))))

    def counts(self) -> dict[str, int]:
        """How many rows each table has."""
        tables = Table.metadata.sorted_tables
        return self.work(
            lambda session: {t.name: session.scalar(select(func.count()).select_from(t)) or 0 for t in tables}
        )

    # what happens

    def take(self, given: Input) -> Outcome:
        return self.work(lambda session: turns.turn(session, self.coach, given, self.now))

    def deliver(self) -> None:
        """Sends what may go now, as the sender takes and settles it."""

        def send(session: Session) -> None:
            letters: list[Letter] | None = None
            while letters or letters is None or self.sender._ripens_in <= 0:  # or one was dropped at the door
                letters = self.sender._take(session, set(), 100)
                for letter in letters:
                    number = self._arrive(letter)
                    self.sender._settle(session, letter, Fate("sent", number))
                session.flush()

        self.work(send)

    def _arrive(self, letter: Letter) -> int:
        chat = self.chats[letter.chat_id] if letter.chat_id in self.chats else Chat(self, letter.chat_id)
        if letter.kind not in outbox.EDITS:
            self.sent.append((letter.chat_id, letter.text))
        return chat.receive(letter)

    def tick(self) -> None:
        """The clock looks for what is due."""
        asyncio.run(self._clock.tick())

    def play(self, until: dt.datetime, *, deliver: bool = True) -> None:
        """The clock goes on to a moment; what is due on the way happens at its time."""
        while True:
            self.tick()
            if deliver:
                self.deliver()
            soon = self.work(lambda session: dues.next_due(session, self.now, until))
            if soon is None:
                break
            self.now = soon
        self.now = until
        self.tick()
        if deliver:
            self.deliver()

    def crash(self) -> None:
        """The process died and another one takes over what was on its way."""
        asyncio.run(self.sender._settle_all_interrupted())

    def sleep_until(self, moment: dt.datetime) -> None:
        """The machine is off until then; nothing looks at the clock meanwhile."""
        self.now = moment
        self.tick()
        self.deliver()


async def _no_picture(drawn: dict[str, Any]) -> bytes:
    return b""


def berlin(day: int, clock: str, month: int = 11) -> dt.datetime:
    """A local time of Berlin in winter 2026."""
    hour, minute = clock.split(":")
    return dt.datetime(2026, month, day, int(hour), int(minute), tzinfo=dt.UTC) - dt.timedelta(hours=1)


@dataclass
class Chat:
    """One private chat: what the person does in it, and what it shows."""

    world: World
    id: int
    messages: dict[int, Shown] = field(default_factory=dict)
    notice: str = ""
    """The line that the last tap was answered with."""
    _numbers: Any = field(default_factory=lambda: count(1))
    _seen: int = 0
    _said: int = 0

    def __post_init__(self) -> None:
        self.world.chats[self.id] = self

    # what the person does

    def say(self, text: str, *, reply_to: int | None = None, deliver: bool = True) -> list[Shown]:
        """Types a message; with `deliver` off the coach's answer stays in the outbox."""
        return self._do("text", deliver, text=text, reply_to=reply_to)

    def edit(self, message_id: int, text: str) -> list[Shown]:
        return self._do("edit", True, text=text, message_id=message_id)

    def tap(self, label: str, message: Shown | None = None, *, deliver: bool = True) -> list[Shown]:
        """Taps the button with this label on the newest message that has it, or on the one given."""
        found = message or self.with_button(label)
        data = next(data for data, text in found.buttons if text == label)
        return self.send(data, found.id, deliver=deliver)

    def send(self, data: str, message_id: int | None = None, *, deliver: bool = True) -> list[Shown]:
        """A tap that carries just this, whether or not there is such a button."""
        return self._do("tap", deliver, data=data, message_id=message_id)

    def other(self) -> list[Shown]:
        """A sticker, a voice message, a picture without words."""
        return self._do("other", True)

    def location(self, latitude: float, longitude: float) -> list[Shown]:
        return self._do("location", True, place=(latitude, longitude))

    def block(self) -> None:
        self._do("blocked", True)

    def unblock(self) -> None:
        self._do("unblocked", True)

    def _do(self, kind: Any, deliver: bool, **more: Any) -> list[Shown]:
        if kind in ("text", "other", "location"):
            self._said = more["message_id"] = next(self._numbers)
        given = Input(self.id, next(self.world.updates), self.world.now, kind, **more)
        self.notice = self.world.take(given).notice
        if not deliver:
            return []
        self.world.deliver()
        return self.new()

    def settle(self, facts: Mapping[str, Any]) -> None:
        """Agreed, with facts as if they had been answered long ago."""
        world = self.world

        def unit(session: Session) -> None:
            person = agreed(session, self.id, world.now, dt.timedelta(days=30), facts)
            planning.replan(session, Knowledge(world.coach, session, person, world.now))

        world.work(unit)

    # what is seen

    def receive(self, letter: Letter) -> int:
        buttons = [(str(data), str(label)) for data, label, _ in letter.buttons]
        if letter.kind in outbox.EDITS:
            assert letter.message_id is not None
            shown = self.messages[letter.message_id]
            shown.text, shown.buttons = letter.text, buttons
            return letter.message_id
        number = next(self._numbers)
        self.messages[number] = Shown(number, letter.text, buttons, letter.kind)
        return int(number)

    def new(self) -> list[Shown]:
        """The coach's messages since the last look."""
        found = [shown for number, shown in self.messages.items() if number > self._seen]
        self._seen = max([self._seen, *self.messages])
        return found

    @property
    def last(self) -> Shown:
        return self.messages[max(self.messages)]

    @property
    def said_last(self) -> int:
        """The id of the person's own newest message."""
        return self._said

    def with_button(self, label: str) -> Shown:
        for number in sorted(self.messages, reverse=True):
            if label in self.messages[number].labels:
                return self.messages[number]
        raise AssertionError(f"no button {label!r}; the last message is {self.last.plain!r} {self.last.labels}")

    # what is kept

    @property
    def person(self) -> Person:
        found = self.world.work(lambda session: people.by_chat(session, self.id))
        assert found is not None
        return found

    @property
    def facts(self) -> dict[str, Any]:
        person = self.person
        found = self.world.work(lambda session: people.facts(session, person.id))
        return {name: said.value for name, said in found.items()}

    def rows(self, table: type[Any], **having: Any) -> list[Any]:
        """This person's rows of a table."""
        return self.world.rows(table, person_id=self.person.id, **having)

    def dues(self, script: str | None = None, **having: Any) -> list[Due]:
        """The person's check-ins in the order they are due."""
        more = {**having, **({"script": script} if script else {})}
        return sorted(self.rows(Due, **more), key=lambda due: (due.local_date, due.due_at))

    def due(self, script: str, **having: Any) -> Due:
        """The only check-in of this kind."""
        (found,) = self.dues(script, **having)
        return found

    def open_run(self, script: str) -> Run:
        (found,) = self.rows(Run, script=script, status="open")
        assert isinstance(found, Run)
        return found

    def waiting(self) -> Sequence[Outbox]:
        return self.rows(Outbox, status="waiting")
