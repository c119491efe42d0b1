"""The clock: one interval job looks every few seconds for what is due. No job per person."""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
import time
from collections.abc import Callable
from functools import partial

from apscheduler.schedulers.asyncio import AsyncIOScheduler

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

    def start(self) -> None:
        """Begins to tick, inside a running event loop."""
        options = {"max_instances": 1, "coalesce": True, "misfire_grace_time": None}
        self._scheduler.add_job(self.tick, "interval", seconds=EVERY, id="tick", **options)
        self._scheduler.add_job(self.tidy, "interval", hours=6, id="tidy", **options)
        self._scheduler.start()
        self._watch = asyncio.create_task(self._watch_for_jumps())

    async def stop(self) -> None:
        if self._watch:
            self._watch.cancel()
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)

    async def tick(self) -> None:
        """Asks what is due and closes what is over; each in a transaction of its own."""
        now = self._now()
        ripe = await self._database.run(
            lambda session: [*dues.ripe(session, now, AT_ONCE), *dues.closing(session, now, AT_ONCE)]
        )
        coach = self._coach()
        for due_id, chat_id in ripe:
            try:
                await self._database.run(partial(turns.fire, coach=coach, due_id=due_id, chat_id=chat_id, now=now))
            except Exception:
                log.exception("check-in %s could not be asked", due_id)
        if ripe:
            self._sender.wake()

    async def tidy(self) -> None:
        """Drops what nobody needs any more."""
        now = self._now()
        await self._database.run(lambda session: people.forget_updates(session, now - KEEP_UPDATES))
        await self._database.run(lambda session: outbox.forget(session, now - KEEP_FIGURES))
        await self._database.run(lambda session: outbox.drop_ownerless(session, now - KEEP_OWNERLESS))

    async def _watch_for_jumps(self) -> None:
        """An interval job freezes when the wall clock goes back, and oversleeps when a laptop did."""
        while True:
            wall, steady = time.time(), time.monotonic()
            await asyncio.sleep(1)
            drift = (time.time() - wall) - (time.monotonic() - steady)
            if abs(drift) > DRIFT:
                log.warning("the wall clock jumped by %.0f seconds; the clock is set anew", drift)
                self._scheduler.reschedule_job("tick", trigger="interval", seconds=EVERY)
                await self.tick()
