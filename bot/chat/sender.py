"""Drains the outbox: in order within a chat, replies before check-ins, never late, never twice.

A message is marked as being sent before the call and settled after it, each in its own transaction. What a crash or
a lost connection leaves unknown is repeated at most once if it is a reply and never if it is a check-in (law 3).
"""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import json
import logging
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session
from telegram import Bot, Message
from telegram.constants import ChatAction
from telegram.error import BadRequest, Forbidden, NetworkError, RetryAfter, TelegramError

from bot.chat.keyboard import keyboard
from bot.chat.pace import Pace
from bot.store import outbox, people
from bot.store.database import Database
from bot.store.tables import Due, Outbox

log = logging.getLogger(__name__)
Draw = Callable[[dict[str, Any]], Awaitable[bytes]]
AT_ONCE = 16
"""Messages on their way at the same time."""
TRIES = 8
"""Attempts while Telegram answers with an error of its own, about four minutes."""
UNKNOWN_TRIES = 2
IDLE = 5.0
"""Seconds after which the outbox is looked at without being told."""


@dataclass(frozen=True)
class Letter:
    """A message taken from the outbox to be sent."""

    id: int
    chat_id: int
    kind: str
    text: str
    buttons: list[Any]
    figures: dict[str, Any] | None
    attempts: int
    asked_by_clock: bool
    message_id: int | None
    """For an edit: the message to change."""
    caption: bool = False


@dataclass(frozen=True)
class Fate:
    """What became of a letter: a status, or waiting again until then."""

    status: str
    message_id: int | None = None
    reason: str | None = None
    wait: float = 0.0


class Sender:
    """The one way out. `wake` says that something new waits."""

    def __init__(
        self,
        bot: Bot,
        database: Database,
        clock: Callable[[], dt.datetime],
        draw: Draw,
        pace: Pace | None = None,
    ) -> None:
        self._bot = bot
        self._database = database
        self._clock = clock
        self._draw = draw
        self._pace = pace or Pace(time.monotonic)
        self._news = asyncio.Event()
        self._quiet = asyncio.Event()
        self._busy: dict[int, asyncio.Task[None]] = {}

    def wake(self) -> None:
        self._quiet.clear()
        self._news.set()

    async def drained(self) -> None:
        """Returns when nothing waits that could go now."""
        self.wake()
        await self._quiet.wait()

    async def run(self) -> None:
        """Sends until cancelled."""
        await self._database.run(self._settle_interrupted)
        while True:
            self._news.clear()
            sent = await self._round()
            if not sent and not self._busy and not self._news.is_set() and not self._pace.resting():
                self._quiet.set()
            if not sent:
                await self._pause()

    async def stop(self) -> None:
        """Waits for the messages that are on their way."""
        if self._busy:
            await asyncio.wait(list(self._busy.values()), timeout=3)

    async def _pause(self) -> None:
        resting = self._pace.resting()
        waits = [self._pace.wait_chat(chat) for chat in resting]
        wait = max(0.01, min([IDLE, *(w for w in waits if w > 0)]))
        if self._pace.wait_all() > 0:
            wait = max(0.01, self._pace.wait_all())
        try:
            await asyncio.wait_for(self._news.wait(), wait)
        except TimeoutError:
            return

    async def _round(self) -> bool:
        """Takes what may go now and starts sending it; False when there was nothing."""
        room = AT_ONCE - len(self._busy)
        if room <= 0 or self._pace.wait_all() > 0:
            return False
        busy = {*self._busy, *self._pace.resting()}
        letters = await self._database.run(lambda session: self._take(session, busy, room))
        for letter in letters:
            self._pace.take(letter.chat_id)
            self._busy[letter.chat_id] = asyncio.create_task(self._deliver(letter))
        return bool(letters)

    def _take(self, session: Session, busy: set[int], room: int) -> list[Letter]:
        now = self._clock()
        found = []
        for row in outbox.next_to_send(session, now, busy, room):
            if row.useless_after is not None and now > row.useless_after:
                self._expire(session, row)
                continue
            letter = self._letter(session, row)
            if letter is None:
                outbox.withdraw(session, row, "nothing to edit")
                continue
            row.status, row.attempts = "sending", row.attempts + 1
            found.append(letter)
        return found

    def _letter(self, session: Session, row: Outbox) -> Letter | None:
        target = session.get(Outbox, row.edits) if row.edits else None
        if row.kind in outbox.EDITS and (target is None or target.message_id is None):
            return None
        return Letter(
            id=row.id,
            chat_id=row.chat_id,
            kind=row.kind,
            text=row.text,
            buttons=row.buttons,
            figures=row.figures,
            attempts=row.attempts + 1,
            asked_by_clock=row.due_id is not None,
            message_id=target.message_id if target else None,
            caption=bool(target and target.kind == "photo"),
        )

    def _expire(self, session: Session, row: Outbox) -> None:
        """Law 2, once more at the door: past its useful time a check-in is not sent."""
        outbox.never_sent(session, row, "expired", "late")

    async def _deliver(self, letter: Letter) -> None:
        try:
            fate = await self._send(letter)
            await self._database.run(lambda session: self._settle(session, letter, fate))
        except Exception:
            log.exception("message %s could not be settled", letter.id)
        finally:
            del self._busy[letter.chat_id]
            self._news.set()

    async def _send(self, letter: Letter) -> Fate:
        try:
            return Fate("sent", await self._call(letter))
        except RetryAfter as error:
            after = error.retry_after
            seconds = float(after) if isinstance(after, (int, float)) else after.total_seconds()
            self._pace.pause(letter.chat_id, seconds)
            return Fate("waiting", reason="429", wait=seconds)
        except Forbidden as error:
            return Fate("failed", reason=f"403 {error.message}")
        except BadRequest as error:
            return _bad_request(error, letter)
        except NetworkError as error:
            return _network(error, letter)
        except TelegramError as error:
            return Fate("failed", reason=f"{type(error).__name__}: {error.message}")
        except Exception as error:  # a picture that cannot be drawn must not hold up the chat
            log.exception("message %s failed", letter.id)
            return Fate("failed", reason=type(error).__name__)

    async def _call(self, letter: Letter) -> int | None:
        buttons = keyboard(letter.buttons)
        chat, text = letter.chat_id, letter.text
        sent: Message | bool
        match letter.kind:
            case "photo":
                picture = await self._drawn(letter)
                if picture is None:
                    sent = await self._bot.send_message(chat, text, parse_mode="HTML", reply_markup=buttons)
                else:
                    sent = await self._bot.send_photo(
                        chat, picture, caption=text, parse_mode="HTML", reply_markup=buttons
                    )
            case "document":
                content = json.dumps(letter.figures, ensure_ascii=False, indent=1).encode()
                sent = await self._bot.send_document(
                    chat, content, caption=text, filename="uptake.json", parse_mode="HTML"
                )
            case "buttons":
                sent = await self._bot.edit_message_reply_markup(chat, letter.message_id, reply_markup=buttons)
            case "edit" if letter.caption:
                sent = await self._bot.edit_message_caption(
                    chat, letter.message_id, caption=text, parse_mode="HTML", reply_markup=buttons
                )
            case "edit":
                sent = await self._bot.edit_message_text(
                    text,
                    chat,
                    letter.message_id,
                    parse_mode="HTML",
                    reply_markup=buttons,
                    disable_web_page_preview=True,
                )
            case _:
                sent = await self._bot.send_message(
                    chat, text, parse_mode="HTML", reply_markup=buttons, disable_web_page_preview=True
                )
        return sent.message_id if isinstance(sent, Message) else letter.message_id

    async def _drawn(self, letter: Letter) -> bytes | None:
        """The picture; None when it cannot be drawn, for its caption says the same in words."""
        with contextlib.suppress(TelegramError):  # only a sign of life: it decides nothing about the message
            await self._bot.send_chat_action(letter.chat_id, ChatAction.UPLOAD_PHOTO)
        try:
            return await self._draw(letter.figures or {})
        except Exception:
            log.exception("the picture of message %s could not be drawn", letter.id)
            return None

    def _settle(self, session: Session, letter: Letter, fate: Fate) -> None:
        now = self._clock()
        row = session.get(Outbox, letter.id)
        if row is None:
            return  # erased meanwhile
        row.status, row.reason = fate.status, fate.reason
        if fate.status == "sent":
            row.message_id, row.sent_at = fate.message_id, now
            return
        if fate.status == "waiting":
            row.not_before = now + dt.timedelta(seconds=fate.wait)
        if fate.status == "failed":
            outbox.never_sent(session, row, "failed", fate.reason or "failed")
        due = session.get(Due, row.due_id) if row.due_id else None
        if due and due.status == "asked" and fate.status == "uncertain":
            due.status, due.reason = "uncertain", fate.reason
        if fate.reason and fate.reason.startswith("403") and row.person_id:
            person = people.by_id(session, row.person_id)
            if person:
                person.reachable = False
                outbox.withdraw_all(session, person.id, "unreachable")

    def _settle_interrupted(self, session: Session) -> None:
        """After a crash: what was on its way may or may not have arrived."""
        for row in outbox.interrupted(session):
            again = row.due_id is None and row.attempts < UNKNOWN_TRIES
            row.status = "waiting" if again or row.kind in outbox.EDITS else "uncertain"
            row.reason = "interrupted"
            due = session.get(Due, row.due_id) if row.due_id else None
            if due and due.status == "asked" and row.status == "uncertain":
                due.status, due.reason = "uncertain", "interrupted"


def _bad_request(error: BadRequest, letter: Letter) -> Fate:
    text = error.message.lower()
    if "not modified" in text:
        return Fate("sent", letter.message_id)
    if letter.kind in outbox.EDITS:
        return Fate("withdrawn", reason=error.message)
    if "chat not found" in text or "user is deactivated" in text:
        return Fate("failed", reason=f"403 {error.message}")
    log.error("Telegram refused message %s: %s", letter.id, error.message)
    return Fate("failed", reason=error.message)


def _network(error: NetworkError, letter: Letter) -> Fate:
    """An error Telegram answered with, or no connection at all, is retried; a lost one has an unknown outcome."""
    backoff = min(60.0, 0.5 * 2**letter.attempts)
    certain = "ConnectError" in error.message or "Gateway" in error.message or error.message.endswith(")")
    if letter.kind in outbox.EDITS or (certain and letter.attempts < TRIES):
        status = "waiting" if letter.attempts < TRIES else "failed"
        return Fate(status, reason="network", wait=backoff)
    if not letter.asked_by_clock and letter.attempts < UNKNOWN_TRIES:
        return Fate("waiting", reason="unknown", wait=backoff)
    return Fate("uncertain", reason="network")
