"""Drains the outbox: in order within a chat, replies before check-ins, never late, never twice.

A message is marked as being sent before the call and settled after it, each in its own transaction. What a lost
connection leaves unknown is repeated at most once if it is a reply and never if it is a check-in (law 3); each crash
may repeat a reply once more, so that nobody is left without the next question. Tries must not be wasted on a Telegram
that is down: after a failure a sign of life goes before every message, and until one comes through, messages wait and
nothing is counted against them.
"""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import logging
import time
from collections.abc import Awaitable, Callable, Coroutine
from functools import partial
from typing import Any

from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.orm import Session
from telegram import Bot
from telegram.constants import ChatAction
from telegram.error import BadRequest, Forbidden, InvalidToken, RetryAfter, TelegramError

from bot.chat.door import kept_quiet, unwelcome, waits_for_return
from bot.chat.fate import INTERRUPTED_TRIES, Fate, refused, unknown
from bot.chat.letter import Letter, post
from bot.chat.pace import BURST, Pace
from bot.store import outbox, people
from bot.store.database import Database
from bot.store.tables import Due, Outbox, Person

log = logging.getLogger(__name__)
Draw = Callable[[dict[str, Any]], Awaitable[bytes]]
AT_ONCE = 16
"""Messages on their way at the same time."""
LONGEST_WAIT = 20.0
"""Seconds between two signs of life to a Telegram that does not answer."""
REVOKED_WAIT = 60.0
"""Seconds until a token that Telegram does not know is tried again."""
IDLE = 5.0
"""Seconds after which the outbox is looked at without being told."""
A_MOMENT = 0.05
"""Seconds until a chat is tried again whose turn was just under way."""
SETTLE_PAUSES = (0.5, 2.0, 5.0, 15.0, 30.0)
"""Seconds between the tries to write down what became of a message."""
DATABASE_TROUBLE = (OperationalError, InterfaceError)
"""Locked, unreachable, a connection that was cut: it passes."""
STOPS_IN = 2.0
"""Seconds that messages on their way have left when the coach stops."""


class Sender:
    """The one way out. `wake` says that something new waits."""

    def __init__(
        self,
        bot: Bot,
        database: Database,
        clock: Callable[[], dt.datetime],
        draw: Draw,
        pace: Pace | None = None,
        may_send: Callable[[Session], bool] = lambda session: True,
    ) -> None:
        self._bot = bot
        self._database = database
        self._clock = clock
        self._draw = draw
        self._pace = pace or Pace(time.monotonic)
        self._may_send = may_send
        self._news = asyncio.Event()
        self._quiet = asyncio.Event()
        self._busy: dict[int, asyncio.Task[None]] = {}
        self._failures = 0
        """Calls that failed in a row: Telegram, or the way there, is in trouble."""
        self._skipped = False
        self._ripens_in = IDLE
        """Seconds until the outbox is looked at without being told; 0 when more of it may go at once."""
        self.settled: dict[str, int] = {}
        """How many messages had which fate since the start."""

    def wake(self) -> None:
        self._quiet.clear()
        self._news.set()

    async def drained(self) -> None:
        """Returns when nothing waits that could go now."""
        self.wake()
        await self._quiet.wait()

    async def run(self) -> None:
        """Sends until cancelled, then gives what is on its way a moment. Only one process may do this at a time."""
        try:
            await self._settle_all_interrupted()
            for chat_id in await self._database.run(self._lately):
                self._pace.take(chat_id)
            while True:
                self._news.clear()
                try:
                    more = await _whole(self._round())
                except DATABASE_TROUBLE as error:
                    log.warning("the outbox could not be read: %s", type(error).__name__)
                    await asyncio.sleep(IDLE)
                    continue
                except Exception:
                    log.exception("the outbox could not be read")
                    await asyncio.sleep(IDLE)
                    continue
                if not (more or self._busy or self._news.is_set() or self._pace.refilling()):
                    self._quiet.set()
                if not more:
                    await self._pause()
        finally:
            await self._stop()

    def _lately(self, session: Session) -> list[int]:
        """The chats that another process wrote to a moment ago, once for each message: its pace goes on."""
        return outbox.written_to(session, self._clock() - dt.timedelta(seconds=BURST))

    async def _stop(self) -> None:
        """Waits for what is on its way, not for long: what is cut off is settled as after a crash."""
        if self._busy:
            _, late = await asyncio.wait(list(self._busy.values()), timeout=STOPS_IN)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    async def _pause(self) -> None:
        wait = self._pace.wait_all()
        if wait <= 0:
            waits = [IDLE, self._ripens_in, *(self._pace.wait_chat(chat) for chat in self._pace.resting())]
            wait = min(w for w in waits if w > 0)
        if self._skipped:
            wait = min(wait, A_MOMENT)
        with contextlib.suppress(TimeoutError):  # not wait_for, which loses a stop that comes together with news
            async with asyncio.timeout(max(0.005, wait)):
                await self._news.wait()

    async def _round(self) -> bool:
        """Takes what may go now and starts sending it; whether there may be more of it."""
        room = min(AT_ONCE - len(self._busy), self._pace.room())
        if room <= 0:
            return False
        busy = {*self._busy, *self._pace.resting()}
        letters = await self._database.run(lambda session: self._take(session, busy, room))
        for letter in letters:
            self._pace.take(letter.chat_id, new_message=letter.kind not in outbox.EDITS)
            self._busy[letter.chat_id] = asyncio.create_task(self._deliver(letter))
        return self._ripens_in <= 0

    def _take(self, session: Session, busy: set[int], room: int) -> list[Letter]:
        found, self._skipped, self._ripens_in = [], False, IDLE
        if not self._may_send(session):
            return []
        now = self._clock()
        rows = outbox.next_to_send(session, now, busy, room)
        more = len(rows) == room
        for row in rows:
            if not people.try_lock_chat(session, row.chat_id):
                self._skipped = True
                continue
            if not self._database.sqlite:
                session.refresh(row)
                if row.status != "waiting":
                    more = True  # a turn was quicker
                    continue
            letter = self._letter(session, row, now)
            if letter is None:
                more = True  # what stands behind it may go
            else:
                row.status, row.attempts = "sending", row.attempts + 1
                found.append(letter)
        self._ripens_in = 0.0 if more else _seconds_until(outbox.next_moment(session, now), now)
        return found

    def _letter(self, session: Session, row: Outbox, now: dt.datetime) -> Letter | None:
        """The message as it goes out; None when at the door it turns out that it must not."""
        if row.useless_after is not None and now > row.useless_after:
            outbox.never_sent(session, row, "expired", "late")  # law 2, once more
            return None
        person = session.get(Person, row.person_id) if row.person_id else None
        if person is not None and (reason := unwelcome(person, row, now)):
            outbox.never_sent(session, row, "withdrawn", reason)
            return None
        if person is not None and kept_quiet(session, person, row, now):
            return None
        target = session.get(Outbox, row.edits) if row.edits else None
        if row.kind in outbox.EDITS and (target is None or target.message_id is None):
            outbox.withdraw(session, row, "nothing to edit")
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

    async def _deliver(self, letter: Letter) -> None:
        try:
            fate = await self._send(letter)
            await self._write_down(letter, fate)
            self.settled[fate.status] = self.settled.get(fate.status, 0) + 1
        except Exception:
            log.exception("message %s could not be settled", letter.id)
        finally:
            del self._busy[letter.chat_id]
            self._news.set()

    async def _write_down(self, letter: Letter, fate: Fate) -> None:
        """Settles a letter; a database that is away for a moment must not leave it on its way for ever."""
        for pause in SETTLE_PAUSES:
            try:
                await self._database.run(lambda session: self._settle(session, letter, fate))
                return
            except DATABASE_TROUBLE as error:
                log.warning("message %s could not be settled yet: %s", letter.id, type(error).__name__)
                await asyncio.sleep(pause)
        await self._database.run(lambda session: self._settle(session, letter, fate))

    async def _send(self, letter: Letter) -> Fate:
        """Makes the call and judges what came of it."""
        if self._failures and not await self._sign_of_life(letter.chat_id):
            return Fate("waiting", reason="no connection", wait=self._backoff(), counted=False)
        try:
            fate = Fate("sent", await self._post(letter))
        except RetryAfter as error:
            after = error.retry_after
            seconds = float(after) if isinstance(after, (int, float)) else after.total_seconds()
            self._pace.pause(letter.chat_id, seconds)
            return Fate("waiting", reason="429", wait=seconds, counted=False)
        except InvalidToken:
            log.error("Telegram does not know the token any more; messages wait")
            self._pace.pause_all(REVOKED_WAIT)
            return Fate("waiting", reason="token", wait=REVOKED_WAIT, counted=False)
        except Forbidden as error:
            fate = Fate("failed", reason=error.message, gone=True)
        except BadRequest as error:
            fate = refused(error, letter)
        except TelegramError as error:
            self._failures += 1
            return unknown(error, letter, self._backoff())
        except Exception as error:  # a message that cannot be made must not hold up the chat
            log.exception("message %s failed", letter.id)
            return Fate("failed", reason=type(error).__name__)
        self._failures = 0
        return fate

    async def _sign_of_life(self, chat_id: int) -> bool:
        """Whether Telegram takes a call for this chat that does no harm; what it thinks of it does not matter."""
        try:
            await self._bot.send_chat_action(chat_id, ChatAction.TYPING)
        except (RetryAfter, Forbidden, BadRequest, InvalidToken):
            pass
        except TelegramError:
            self._failures += 1
            return False
        self._failures = 0
        return True

    def _backoff(self) -> float:
        return float(min(LONGEST_WAIT, 0.5 * 2 ** min(self._failures, 10)))

    async def _post(self, letter: Letter) -> int | None:
        return await post(self._bot, letter, await self._drawn(letter) if letter.kind == "photo" else None)

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
        people.lock_chat(session, letter.chat_id)
        now = self._clock()
        row = session.get(Outbox, letter.id)
        if row is None or row.status == "sent":
            return  # erased meanwhile, or the person has answered it: it arrived
        row.status, row.reason = fate.status, fate.reason
        if not fate.counted:
            row.attempts -= 1
        match fate.status:
            case "sent":
                row.message_id, row.sent_at = fate.message_id, now
            case "waiting":
                row.not_before = now + dt.timedelta(seconds=fate.wait)
            case "failed":
                if not (fate.gone and waits_for_return(session, row, now)):
                    outbox.never_sent(session, row, "failed", fate.reason or "failed")
            case "uncertain":
                _uncertain(session, row)
        person = people.by_id(session, row.person_id) if fate.gone and row.person_id else None
        if person is not None:
            person.reachable = False
            outbox.withdraw_all(session, person.id, "unreachable")

    async def _settle_all_interrupted(self) -> None:
        for row_id, chat_id in await self._database.run(outbox.interrupted):
            self._pace.take(chat_id)  # it may have arrived
            await self._database.run(partial(self._settle_interrupted, row_id=row_id, chat_id=chat_id))

    def _settle_interrupted(self, session: Session, row_id: int, chat_id: int) -> None:
        """After a crash: what was on its way may or may not have arrived."""
        people.lock_chat(session, chat_id)
        row = session.get(Outbox, row_id)
        if row is None or row.status != "sending":
            return
        again = row.due_id is None and row.attempts < INTERRUPTED_TRIES
        row.status = "waiting" if again or row.kind in outbox.EDITS else "uncertain"
        row.reason = "interrupted"
        if row.status == "uncertain":
            _uncertain(session, row)


def _seconds_until(moment: dt.datetime | None, now: dt.datetime) -> float:
    return min(IDLE, max(A_MOMENT, (moment - now).total_seconds())) if moment else IDLE


async def _whole(work: Coroutine[Any, Any, bool]) -> bool:
    """Work that is not cut off in the middle when we are told to stop: what was taken to be sent is sent."""
    task = asyncio.ensure_future(work)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait([task], timeout=STOPS_IN)
        raise


def _uncertain(session: Session, row: Outbox) -> None:
    """A check-in of which nobody knows whether it was asked (laws 3 and 13)."""
    due = session.get(Due, row.due_id) if row.due_id else None
    if due and due.status == "asked":
        due.status, due.reason = "uncertain", row.reason
