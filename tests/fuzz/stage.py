"""The coach on a real database, given raw updates as its process gives them, and all that is checked meanwhile."""

from __future__ import annotations

import asyncio
import datetime as dt
import json
import logging
import traceback
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any, TypeVar

from sqlalchemy import event, or_, select
from sqlalchemy.orm import Session
from telegram import Update

from bot import turns
from bot.chat.letter import Letter
from bot.chat.sender import Sender
from bot.chat.updates import chat_of, plain, to_input
from bot.inputs import Input
from bot.knowledge import Coach
from bot.library import Library
from bot.scheduler import Clock
from bot.store import inbox, outbox, people
from bot.store.database import Database
from bot.store.tables import Person, Table
from bot.trial.entities import utf16_length
from tests.fuzz.telegram import BOT_ID, Telegram

T = TypeVar("T")
BEGIN = dt.datetime(2026, 11, 23, 8, 0, tzinfo=dt.UTC)
OPERATOR = 1
LONGEST_NOTICE = 200
PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(8) + (1).to_bytes(4) * 2


class Stage:
    """What one process of the coach does with updates and time; every violation is kept with its cause."""

    def __init__(self, database: Database, library: Library, now: dt.datetime = BEGIN) -> None:
        self.database = database
        self.now = now
        self.telegram = Telegram(lambda: self.now)
        self.bot = self.telegram.bot()
        self.coach = Coach(library, "Dr. Ada Example", "ada@example.org", BOT_ID, OPERATOR)
        self.sender = Sender(self.bot, database, lambda: self.now, _picture)
        self.clock = Clock(database, lambda: self.coach, self.sender, lambda: self.now)
        self.violations: list[str] = []
        self.counts: Counter[str] = Counter()
        self.loop = asyncio.Runner()
        self._current = ""
        self.telegram.chat(OPERATOR)

    def work(self, unit: Callable[[Session], T]) -> T:
        return self.database.work(unit)

    def handle(self, raw: dict[str, Any], *, by_inbox: bool = False) -> None:
        """One update, from what Telegram sent to the commit; by the inbox it comes back as it was kept."""
        self._current = json.dumps(raw)[:1000]
        self._guarded(lambda: self._take(raw, by_inbox))

    def _take(self, raw: dict[str, Any], by_inbox: bool) -> None:
        try:
            update = Update.de_json(raw, self.bot)
            given = to_input(update, self.now)
        except Exception:
            self.counts["unreadable"] += 1
            self.work(lambda session: turns.put_aside_unread(session, self.coach, raw, self.now))
            return
        chat_id = chat_of(update)
        if by_inbox:
            self._take(self._through_inbox(update, chat_id), by_inbox=False)
        elif given is None:
            self.counts["of no use"] += 1
        else:
            self._handle(update, given)

    def _handle(self, update: Update, given: Input) -> None:
        self.counts[given.kind] += 1
        chat = self.telegram.chat(given.chat_id)
        chat.blocked = given.kind == "blocked"
        outcome = self._turn(update, given)
        if utf16_length(outcome.notice) > LONGEST_NOTICE:
            self._violated(f"a tap is answered with {len(outcome.notice)} characters: {outcome.notice!r}")

    def _through_inbox(self, update: Update, chat_id: int) -> dict[str, Any]:
        """As an update comes back that had to wait."""
        self.work(lambda session: inbox.keep(session, BOT_ID, [(update.update_id, chat_id, plain(update))]))
        found = self.work(lambda session: inbox.first(session, BOT_ID, chat_id))
        assert found is not None
        self.work(lambda session: inbox.drop(session, BOT_ID, update.update_id))
        return found[1]

    def _turn(self, update: Update, given: Input) -> turns.Outcome:
        def unit(session: Session) -> turns.Outcome:
            event.listen(session, "before_flush", partial(self.owned, given.chat_id))
            return turns.turn(session, self.coach, given, self.now)

        try:
            return self.work(unit)
        except Exception as error:
            self._violated(traceback.format_exc())
            payload, reason = plain(update), type(error).__name__
            self.work(lambda s: turns.put_aside(s, self.coach, given, payload, reason, self.now))
            return turns.Outcome()

    def owned(self, chat_id: int, session: Session, *_: Any) -> None:
        """Every row that a turn writes belongs to its chat."""
        with session.no_autoflush:
            for row in (*session.new, *session.dirty, *session.deleted):
                owner = getattr(row, "chat_id", None)
                if (number := getattr(row, "person_id", None)) is not None:
                    person = session.get(Person, number)
                    owner = person.chat_id if person else owner
                if owner not in (None, chat_id):
                    self._violated(f"the turn of chat {chat_id} writes a row of chat {owner}: {type(row).__name__}")

    def deliver(self) -> None:
        """Sends what may go now through the real sender."""
        self._guarded(self._deliver)

    def _deliver(self) -> None:
        while letters := self.work(self._letters):
            fates = [(letter, self.loop.run(self.sender._send(letter))) for letter in letters]

            def settle(session: Session, fates: Collection[Any] = fates) -> None:
                for letter, fate in fates:
                    self.sender._settle(session, letter, fate)
                    session.flush()

            self.work(settle)
        self._violations_of_telegram()

    def _letters(self, session: Session) -> list[Letter]:
        return self.sender._take(session, set(), 100) if outbox.waiting(session) else []

    def _violations_of_telegram(self) -> None:
        for refused in self.telegram.refused:
            self._violated(f"Telegram refused: {refused}")
        self.telegram.refused.clear()

    def pass_time(self, span: dt.timedelta) -> None:
        """The clock goes on and looks for what is due."""
        self.now += span
        self._current = f"the clock at {self.now}"
        self.counts["moves of the clock"] += 1
        self._guarded(lambda: self.loop.run(self.clock.tick()))
        if span >= dt.timedelta(days=1):
            self._guarded(lambda: self.loop.run(self.clock.tidy()))
        self.deliver()

    def _guarded(self, work: Callable[[], object]) -> None:
        try:
            work()
        except Exception:
            self._violated(traceback.format_exc())

    def _violated(self, what: str) -> None:
        self.violations.append(f"{what}\n  after {self._current}")

    @contextmanager
    def watched(self) -> Iterator[None]:
        """What the coach's own parts log as an error while it works is a violation too."""
        handler = _Errors(self._violated)
        logger = logging.getLogger("bot")
        logger.addHandler(handler)
        try:
            yield
        finally:
            logger.removeHandler(handler)

    def close(self) -> None:
        self.loop.close()

    def records(self, chats: Collection[int]) -> dict[str, list[str]]:
        """Everything kept of some chats: their complete exports, and every row that names them."""

        def unit(session: Session) -> dict[str, list[str]]:
            persons = list(session.scalars(select(Person).where(Person.chat_id.in_(chats)).order_by(Person.id)))
            found = {"export": [json.dumps(people.export(session, one), default=str) for one in persons]}
            for table in Table.metadata.sorted_tables:
                mine = [table.c.chat_id.in_(chats)] if "chat_id" in table.c else []
                if "person_id" in table.c:
                    mine.append(table.c.person_id.in_([one.id for one in persons]))
                if mine:
                    found[table.name] = sorted(str(row) for row in session.execute(select(table).where(or_(*mine))))
            return found

        return self.work(unit)


class _Errors(logging.Handler):
    def __init__(self, tell: Callable[[str], None]) -> None:
        super().__init__(logging.ERROR)
        self._tell = tell

    def emit(self, record: logging.LogRecord) -> None:
        if "could not be read" not in record.getMessage():
            told = "".join(traceback.format_exception(record.exc_info[1])) if record.exc_info else ""
            self._tell(f"logged: {record.getMessage()}\n{told}")


async def _picture(drawn: dict[str, Any]) -> bytes:
    return PICTURE
