"""The sender stops when it is told to, whatever happens at that moment."""

from __future__ import annotations

import asyncio
import datetime as dt
from pathlib import Path
from typing import cast

import pytest
from telegram import Bot

from bot.chat.sender import Sender
from bot.store.database import Database, migrate


async def no_picture(_: object) -> bytes:
    raise AssertionError("nothing is drawn here")


@pytest.mark.parametrize("turns_of_the_loop", range(4))
async def test_a_stop_that_comes_together_with_news_is_not_lost(tmp_path: Path, turns_of_the_loop: int) -> None:
    url = f"sqlite:///{tmp_path}/uptake.db"
    migrate(url)
    database = Database(url)
    sender = Sender(cast(Bot, None), database, lambda: dt.datetime.now(dt.UTC), no_picture)
    running = asyncio.create_task(sender.run())
    await sender.drained()
    for _ in range(3):
        await asyncio.sleep(0)
    sender.wake()
    for _ in range(turns_of_the_loop):
        await asyncio.sleep(0)
    running.cancel()
    done, _ = await asyncio.wait([running], timeout=5)
    running.cancel()  # a second time, so that a failure ends too
    await asyncio.wait([running], timeout=5)
    database.close()
    assert done
