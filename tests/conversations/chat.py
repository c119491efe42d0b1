"""A person in a chat with the running coach, over real HTTP and our Bot API server, on a clock that the test moves."""

from __future__ import annotations

import asyncio
import datetime as dt
import html
import os
import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import Session

from bot.app import CoachOnTrial, make_bot
from bot.chat.pace import Pace
from bot.running import Running, running
from bot.settings import HOME, Settings
from bot.trial.chats import Message
from bot.trial.clock import TrialClock
from bot.trial.keyboard import inline_rows
from bot.trial.server import TelegramServer
from bot.trial.serving import serve
from tests.conftest import migrated_file, shipped, unplugged

TOKEN = "5000001:test"
MONDAY = dt.datetime(2026, 11, 23, 8, 0, tzinfo=dt.UTC)
GOLDEN = Path(__file__).parent / "golden"


class Stage:
    """The server, the coach and the clock of one test; people are added to it."""

    def __init__(self, data: Path, start: dt.datetime = MONDAY, url: str | None = None) -> None:
        self.base = start
        self.clock = TrialClock(lambda: self.base)
        self.clock.keep_in({})
        self.server = TelegramServer(TOKEN, self.clock.now)
        self.data = data
        self.url = url
        self.coach: Running
        self.on_trial = CoachOnTrial()

    @property
    def now(self) -> dt.datetime:
        return self.clock.now()

    def settings(self, address: str) -> Settings:
        given: dict[str, Any] = {
            "telegram_bot_token": TOKEN,
            "operator_name": "Dr. Ada Example",
            "operator_contact": "ada@example.org",
            "telegram_api_url": address,
            "data_dir": self.data,
            "content_dir": HOME / "content",
            "database_url": self.url,
        }
        return Settings(_env_file=None, **given)

    @asynccontextmanager
    async def open(self) -> AsyncIterator[Stage]:
        async with serve(self.server.app) as (host, port), AsyncExitStack() as self._process:
            self.address = f"http://{host}:{port}"
            await self._process.enter_async_context(self.running())
            yield self

    async def restart(self) -> None:
        """The coach's process ends and another begins on the same database."""
        await self._process.aclose()
        await self._process.enter_async_context(self.running())

    @asynccontextmanager
    async def running(self) -> AsyncIterator[Running]:
        """The coach's process, from start to stop; may be entered again, as after a restart."""
        pace = Pace(lambda: self.now.timestamp(), overall=1e9, per_chat=1e9, level=1e9)
        settings = self.settings(self.address)
        file = self.data / "uptake.db"
        if self.url is None and not file.exists():
            file.write_bytes(migrated_file())
        bot = make_bot(TOKEN, self.address)
        async with AsyncExitStack() as stack:
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr("bot.running.Database", unplugged)
                at_work = running(settings, bot, self.clock.now, shipped(), ticking=False, pace=pace)
                self.coach = self.on_trial.coach = await stack.enter_async_context(at_work)
            yield self.coach

    async def settled(self) -> None:
        """Waits until every update is handled and everything that may go is sent."""
        while self.server.updates_pending():  # noqa: ASYNC110 -- the server has no event for "acknowledged"
            await asyncio.sleep(0.001)
        await self.coach.sender.drained()
        await self.coach.taps_answered(10)

    async def play(self, until: dt.datetime) -> None:
        """The clock goes on; what is due on the way happens."""
        await self.clock.play(until, self.on_trial)
        await self.settled()

    async def later(self, **span: float) -> None:
        await self.play(self.now + dt.timedelta(**span))

    def area_id(self, title: str) -> str:
        return next(area.id for area in self.coach.library.areas() if area.title == title)

    def work(self, unit: Any) -> Any:
        """A look into the database."""
        return self.coach.database.work(unit)


@dataclass
class Chat:
    """One person. Whatever happens is written down in `lines`."""

    stage: Stage
    id: int
    lines: list[str] = field(default_factory=list)
    _seen: dict[int, tuple[str, str]] = field(default_factory=dict)
    _last_time: str = ""

    @classmethod
    def of(cls, stage: Stage, name: str = "Robin") -> Chat:
        return cls(stage, stage.server.add_person(name))

    # what the person does

    async def say(self, text: str, reply_to: int | None = None) -> list[Message]:
        self._time()
        self.lines.append(f"» {text if len(text) < 200 else text[:40] + f'… ({len(text)} characters)'}")
        self.stage.server.type(self.id, text, reply_to)
        return await self.told()

    async def tap(self, label: str, message: Message | None = None) -> list[Message]:
        """Taps the button with this label on the newest message that has it, or on the message given."""
        found = message or self._with_button(label)
        self._time()
        self.lines.append(f"» [{label}]")
        before = len(self.stage.server.state.taps)
        self.stage.server.tap(self.id, found.id, label)
        new = await self.told()
        for tap in list(self.stage.server.state.taps.values())[before:]:
            if tap.text:
                self.lines.append(f"  (a line over the chat: {tap.text})")
        return new

    async def edit(self, message_id: int, text: str) -> list[Message]:
        self._time()
        self.lines.append(f"» (edits to) {text}")
        self.stage.server.edit(self.id, message_id, text)
        return await self.told()

    async def play(self, until: dt.datetime) -> list[Message]:
        await self.stage.play(until)
        return await self.told()

    async def later(self, **span: float) -> list[Message]:
        return await self.play(self.stage.now + dt.timedelta(**span))

    # what is seen

    async def told(self) -> list[Message]:
        """The coach's messages that are new or changed since the last look, written down."""
        await self.stage.settled()
        new = []
        for message in self.messages():
            shown = (message.text or "", str(inline_rows(message.markup)))
            if not message.from_bot:
                self._seen[message.id] = shown
                continue
            old = self._seen.get(message.id)
            if old is None:
                new.append(message)
                self._time(message.date)
                self.lines.append(self._written(message))
            elif old != shown and old[0] != shown[0]:
                added = message.plain[len(_plain(old[0])) :].strip()
                self.lines.append(f"  (above now: {added})" if added else "  (above changed)")
            self._seen[message.id] = shown
        return new

    def messages(self) -> list[Message]:
        return self.stage.server.messages(self.id)

    @property
    def last(self) -> Message:
        return [message for message in self.messages() if message.from_bot][-1]

    def labels(self, message: Message | None = None) -> list[str]:
        return [
            text for row in inline_rows((message or self.last).markup) for text in (button["text"] for button in row)
        ]

    def _with_button(self, label: str) -> Message:
        for message in reversed(self.messages()):
            if message.from_bot and label in self.labels(message):
                return message
        raise AssertionError(f"no button {label!r}; the last message is {self.last.plain!r} {self.labels()}")

    def _time(self, at: dt.datetime | None = None) -> None:
        shown = f"{at or self.stage.now:%a %d %b %H:%M} UTC"
        if shown != self._last_time:
            self.lines.append(f"--- {shown}")
            self._last_time = shown

    def _written(self, message: Message) -> str:
        text = "\n".join(f"  {line}" for line in message.plain.splitlines())
        picture = "  (a picture)\n" if message.kind == "photo" else ""
        rows = "\n".join(
            "  " + " ".join(f"[{label}]" for label in (button["text"] for button in row))
            for row in inline_rows(message.markup)
        )
        return "«\n" + picture + text + (f"\n{rows}" if rows else "")

    def transcript(self) -> str:
        return "\n".join(self.lines) + "\n"


def _plain(text: str) -> str:
    return html.unescape(re.sub(r"<[^>]+>", "", text))


def golden(chat: Chat, name: str) -> None:
    """Compares what was said with the transcript that was read and found good."""
    path = GOLDEN / f"{name}.txt"
    if os.environ.get("UPDATE_GOLDEN"):
        GOLDEN.mkdir(exist_ok=True)
        path.write_text(chat.transcript(), encoding="utf-8")
    assert path.exists(), f"no golden transcript {name}; make golden writes it"
    assert chat.transcript() == path.read_text(encoding="utf-8")


def rows(stage: Stage, table: Any, *columns: str) -> list[tuple[Any, ...]]:
    """The rows of a table, the columns named, in the order they were written."""

    def look(session: Session) -> list[tuple[Any, ...]]:
        return [tuple(getattr(row, c) for c in columns) for row in session.query(table).order_by(table.id)]

    found: list[tuple[Any, ...]] = stage.work(look)
    return found
