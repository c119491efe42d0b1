"""Hears from PostgreSQL that some replica put something into the outbox."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

from sqlalchemy import make_url

from bot.store.outbox import NEWS

log = logging.getLogger(__name__)
AGAIN_IN = 1.0
"""Seconds until a lost connection is made anew; meanwhile the sender looks by itself."""


async def listen(url: str, heard: Callable[[], None]) -> None:
    """Calls `heard` at every commit with a message in it, whichever replica made it, until cancelled."""
    import psycopg  # slow to load, and SQLite has no use for it

    address = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    while True:
        try:
            async with await psycopg.AsyncConnection.connect(address, autocommit=True) as connection:
                await connection.execute(f"LISTEN {NEWS}")
                heard()
                async for _ in connection.notifies():
                    heard()
        except psycopg.Error as error:
            log.warning("the connection that hears of news was lost: %s", type(error).__name__)
        await asyncio.sleep(AGAIN_IN)
