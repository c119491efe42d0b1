"""Lets one process of several run the clock and the sender: whoever holds the lease."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable

from sqlalchemy.orm import Session

from bot.store import lease
from bot.store.database import Database

log = logging.getLogger(__name__)
EVERY = 2.0
"""Seconds between two words of life, and between two looks whether the lease is free. With the 7 seconds that a lease
lasts, another takes over within 9 seconds of a death."""


class Lead:
    """The lease of one process. On SQLite there is one process and nothing to share: it always leads."""

    def __init__(self, database: Database, instance: str) -> None:
        self._database = database
        self._mine = lease.holder(instance)
        self.leads = False

    def may_send(self, session: Session) -> bool:
        """Whether we lead until this transaction ends: a process that slept finds here that another took over."""
        return self._database.sqlite or lease.held(session, self._mine)

    async def run(self, work: Callable[[], Awaitable[None]]) -> None:
        """Has `work` done whenever this process leads, and ended when it does not any more; until cancelled."""
        task: asyncio.Task[None] | None = None
        begins = True
        try:
            while True:
                try:
                    held = self._database.sqlite or await self._database.run(
                        lambda session: lease.take(session, self._mine, begins=begins)  # noqa: B023 -- run at once
                    )
                    begins = False
                except Exception as error:
                    log.warning("the lease could not be asked for: %s", type(error).__name__)
                    held = False
                if held != self.leads:
                    log.info("this process runs the clock and the sender" if held else "another process leads now")
                self.leads = held
                if task is not None and (task.done() or not held):
                    await _ended(task)
                    task = None
                if held and task is None:
                    task = asyncio.ensure_future(work())
                await asyncio.sleep(EVERY)
        finally:
            if task is not None:
                await _ended(task)
            if self.leads and not self._database.sqlite:
                with contextlib.suppress(Exception):  # it runs out by itself
                    await self._database.run(lambda session: lease.release(session, self._mine))
            self.leads = False


async def _ended(task: asyncio.Task[None]) -> None:
    task.cancel()
    await asyncio.wait([task])
    if not task.cancelled() and (error := task.exception()) is not None:
        log.error("the clock or the sender stopped and is started again", exc_info=error)
