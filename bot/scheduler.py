"""The clock: one interval job looks every few seconds for what is due. No job per person."""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
import time
from collections.abc import Awaitable, Callable
from functools import partial

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.orm import Session

from bot import turns
from bot.chat.sender import Sender
from bot.knowledge import Coach
from bot.store import dues, outbox, people
from bot.store.database import Database

log = logging.getLogger(__name__)
EVERY = 2
"""Seconds between two looks at what is due."""
DRIFT = 1.5
"""Seconds by which wall and monotonic time may part in one second before we call it a jump."""
AT_ONCE = 500
"""Rows looked at in one tick that send nothing: what is late, and what is over."""
AHEAD = 150
"""Check-ins that may stand ready in the outbox, about five seconds' worth of sending. The others wait where they are
due: there they can still be called off, and those who write meanwhile are not held up."""
TRIES = 3
"""Ticks in which a check-in may fail before it is given up."""
KEEP_UPDATES = dt.timedelta(days=3)
KEEP_FIGURES = dt.timedelta(days=90)
KEEP_OWNERLESS = dt.timedelta(days=1)


class Clock:
    """Looks for what is due. `now` is the coach's time, in UTC."""

    def __init__(
        self, database: Database, coach: Callable[[], Coach], sender: Sender, now: Callable[[], dt.datetime]
    ) -> None:
        self._database = database
        self._coach = coach
        self._sender = sender
        self._now = now
        self._scheduler = AsyncIOScheduler(timezone=dt.UTC)
        self._watch: asyncio.Task[None] | None = None
        self._failures: dict[int, int] = {}
        self.ticked_at: float | None = None
        """Monotonic seconds of the last tick that went through."""

    def start(self) -> None:
        """Begins to tick, inside a running event loop."""
        self._scheduler = AsyncIOScheduler(timezone=dt.UTC)
        options = {"max_instances": 1, "coalesce": True, "misfire_grace_time": None}
        self._scheduler.add_job(self._guarded, "interval", (self.tick,), seconds=EVERY, id="tick", **options)
        self._scheduler.add_job(self._guarded, "interval", (self.tidy,), hours=6, id="tidy", **options)
        self._scheduler.start()
        self._watch = asyncio.create_task(self.watch_for_jumps())

    async def stop(self) -> None:
        if self._watch:
            self._watch.cancel()
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)

    async def run(self) -> None:
        """Ticks until cancelled."""
        self.start()
        try:
            await asyncio.Event().wait()
        finally:
            await self.stop()

    async def _guarded(self, work: Callable[[], Awaitable[None]]) -> None:
        """A database that cannot be used is worth one line a tick, and the next tick tries again."""
        try:
            await work()
        except asyncio.CancelledError:
            return  # the scheduler is shut down; it would log this as an error
        except Exception as error:
            log.error("the clock could not do its work: %s", type(error).__name__)

    async def tick(self) -> None:
        """Asks what is due and closes what is over; each in a transaction of its own."""
        now = self._now()
        ripe = await self._database.run(lambda session: _ripe(session, now))
        coach = self._coach()
        for due_id, chat_id in ripe:
            try:
                await self._database.run(partial(turns.fire, coach=coach, due_id=due_id, chat_id=chat_id, now=now))
            except (OperationalError, InterfaceError) as error:  # it passes, and costs no try
                log.warning("check-in %s could not be asked yet: %s", due_id, type(error).__name__)
            except Exception as error:
                log.exception("check-in %s could not be asked", due_id)
                await self._failed(due_id, chat_id, error)
            else:
                self._failures.pop(due_id, None)
        self.ticked_at = time.monotonic()
        if ripe:
            self._sender.wake()

    async def _failed(self, due_id: int, chat_id: int, error: Exception) -> None:
        """After some tries it is given up."""
        self._failures[due_id] = self._failures.get(due_id, 0) + 1
        if self._failures[due_id] >= TRIES:
            give_up = partial(turns.give_up, coach=self._coach(), due_id=due_id, chat_id=chat_id, now=self._now())
            await self._database.run(partial(give_up, reason=type(error).__name__))
            del self._failures[due_id]

    async def tidy(self) -> None:
        """Drops what nobody needs any more."""
        now = self._now()
        await self._database.run(lambda session: people.forget_updates(session, now - KEEP_UPDATES))
        await self._database.run(lambda session: outbox.forget(session, now - KEEP_FIGURES))
        await self._database.run(lambda session: outbox.drop_ownerless(session, now - KEEP_OWNERLESS))

    async def watch_for_jumps(
        self,
        wall: Callable[[], float] = time.time,
        steady: Callable[[], float] = time.monotonic,
        a_second: Callable[[], Awaitable[None]] = lambda: asyncio.sleep(1),
    ) -> None:
        """An interval job freezes when the wall clock goes back, and oversleeps when a laptop did; until cancelled.

        Each look starts where the last one ended, so that a jump during a tick is noticed too.
        """
        shown, passed = wall(), steady()
        while True:
            await a_second()
            before, shown = shown, wall()
            began, passed = passed, steady()
            drift = (shown - before) - (passed - began)
            if abs(drift) > DRIFT:
                log.warning("the wall clock jumped by %.0f seconds; the clock is set anew", drift)
                if self._scheduler.running:
                    self._scheduler.reschedule_job("tick", trigger="interval", seconds=EVERY)
                await self._guarded(self.tick)


def _ripe(session: Session, now: dt.datetime) -> list[tuple[int, int]]:
    """What this tick is for: no more check-ins than the sender can keep up with, and all that is late or over."""
    room = max(0, AHEAD - outbox.unasked_waiting(session))
    return [*dues.ripe(session, now, room), *dues.late(session, now, AT_ONCE), *dues.closing(session, now, AT_ONCE)]
