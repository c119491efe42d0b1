"""On PostgreSQL a commit with a message in it is heard at once by whoever drains the outbox."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from bot.store import news, outbox
from bot.store.database import Database
from tests.store.rows import NOW


@pytest.fixture
def shared(_postgresql: Database) -> Database:
    """A database that several processes work on."""
    return _postgresql


@asynccontextmanager
async def listening(database: Database) -> AsyncIterator[asyncio.Event]:
    """What is set whenever something is heard; once at the beginning, when the connection is there."""
    heard = asyncio.Event()
    url = database.engine.url.render_as_string(hide_password=False)
    task = asyncio.create_task(news.listen(url, heard.set))
    try:
        async with asyncio.timeout(30):
            await heard.wait()
            heard.clear()
            yield heard
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


def put(session: Session) -> None:
    for words in ("one", "two"):
        outbox.put(session, chat_id=1, person_id=None, text=words, now=NOW)


async def test_a_commit_with_a_message_is_heard(shared: Database) -> None:
    async with listening(shared) as heard:
        await shared.run(put)
        await heard.wait()


async def test_what_was_not_committed_is_not_heard(shared: Database) -> None:
    def half(session: Session) -> None:
        put(session)
        raise OSError("the power failed")

    async with listening(shared) as heard:
        with pytest.raises(OSError, match="power"):
            await shared.run(half)
        await shared.run(lambda session: session.execute(text("select pg_notify('another', '')")))
        assert not heard.is_set()
        await shared.run(put)
        await heard.wait()


async def test_a_lost_connection_is_made_anew(shared: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(news, "AGAIN_IN", 0.0)
    cut = text("select pg_terminate_backend(pid) from pg_stat_activity where query like 'LISTEN%'")
    async with listening(shared) as heard:
        await shared.run(lambda session: session.execute(cut))
        await heard.wait()  # it says so itself when it is there again: something may have been missed
        heard.clear()
        await shared.run(put)
        await heard.wait()
