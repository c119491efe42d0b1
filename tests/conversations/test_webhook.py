"""The webhook: only Telegram gets in, and 200 is said only of what is committed. Health and metrics beside it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from sqlalchemy import text
from starlette.applications import Starlette

from bot.chat import webhook as edge
from bot.store.tables import FailedUpdate, Outbox, Run, UpdateSeen
from bot.trial.serving import serve
from bot.vitals import health, vitals
from tests.conversations.chat import Chat, Stage, rows

SECRET = "let_me_in"
HEADERS = {edge.SECRET_HEADER: SECRET}


@dataclass
class Pushed:
    """The coach's webhook, and a client that pushes to it."""

    stage: Stage
    client: httpx.AsyncClient
    url: str
    number: int = 5000

    async def push(self, update: Any, headers: dict[str, str] | None = None) -> int:
        raw = update if isinstance(update, bytes) else None
        body: dict[str, Any] = {"content": raw} if raw is not None else {"json": update}
        answer = await self.client.post(f"{self.url}/telegram", headers=HEADERS if headers is None else headers, **body)
        return answer.status_code

    def message(self, chat: Chat, words: str) -> dict[str, Any]:
        self.number += 1
        person = {"id": chat.id, "is_bot": False, "first_name": "Robin"}
        sent = {"message_id": self.number, "date": int(self.stage.now.timestamp()), "text": words, "from": person}
        return {"update_id": self.number, "message": {**sent, "chat": {"id": chat.id, "type": "private"}}}


@pytest.fixture
async def pushed(stage: Stage) -> AsyncIterator[Pushed]:
    stage.coach.pauses = (0.0, 0.0)
    routes = [edge.webhook(stage.coach.bot, stage.coach.handle, stage.coach.unreadable, SECRET), health(stage.coach)]
    async with serve(Starlette(routes=routes)) as (host, port), httpx.AsyncClient(timeout=30) as client:
        yield Pushed(stage, client, f"http://{host}:{port}")


@asynccontextmanager
async def away(stage: Stage, table: str) -> AsyncIterator[None]:
    """The database refuses whatever needs this table."""
    stage.work(lambda session: session.execute(text(f"alter table {table} rename to away")))
    try:
        yield
    finally:
        stage.work(lambda session: session.execute(text(f"alter table away rename to {table}")))


@pytest.mark.parametrize(
    "headers", [{}, {edge.SECRET_HEADER: ""}, {edge.SECRET_HEADER: "let_me_i"}, {"X-Secret": SECRET}]
)
async def test_who_does_not_know_the_secret_stays_outside(pushed: Pushed, chat: Chat, headers: dict[str, str]) -> None:
    assert await pushed.push(pushed.message(chat, "/start"), headers) == 403
    assert rows(pushed.stage, Run, "id") == []


async def test_an_update_is_committed_before_telegram_is_told(pushed: Pushed, chat: Chat) -> None:
    assert await pushed.push(pushed.message(chat, "/start")) == 200
    assert len(rows(pushed.stage, Run, "id")) == 1
    await pushed.stage.settled()
    assert "18 or older" in chat.last.plain


async def test_what_the_database_does_not_allow_is_asked_for_again(pushed: Pushed, chat: Chat) -> None:
    update = pushed.message(chat, "/start")
    async with away(pushed.stage, "update_seen"):
        assert await pushed.push(update) == 503
        assert (await pushed.client.get(f"{pushed.url}/health")).status_code == 503
    assert await pushed.push(update) == 200
    assert (await pushed.client.get(f"{pushed.url}/health")).text == "ok"
    assert await pushed.push(update) == 200
    assert len(rows(pushed.stage, Run, "id")) == 1
    await pushed.stage.settled()


@pytest.mark.parametrize("body", [b"", b"nonsense", b"[]", b"{}", b'"text"', b'{"update_id": "one"}', b"\xff\xfe"])
async def test_what_is_no_update_is_refused_and_not_asked_for_again(pushed: Pushed, body: bytes) -> None:
    assert await pushed.push(body) == 400
    assert rows(pushed.stage, FailedUpdate, "id") == []


async def test_an_update_that_cannot_be_read_is_put_aside_and_not_asked_for_again(pushed: Pushed) -> None:
    assert await pushed.push({"update_id": 77, "message": {"message_id": 1, "date": "never", "chat": {"id": 1}}}) == 200
    assert rows(pushed.stage, FailedUpdate, "update_id", "reason") == [(77, "unreadable")]


async def test_an_update_of_a_kind_we_know_nothing_of_is_passed_over(pushed: Pushed) -> None:
    assert await pushed.push({"update_id": 78, "some_day": {"new": True}}) == 200
    assert rows(pushed.stage, FailedUpdate, "id") == []


async def test_a_body_that_is_too_large_is_not_read_to_its_end(pushed: Pushed) -> None:
    assert await pushed.push(b"x" * (edge.LARGEST + 1)) == 413


async def test_one_chats_updates_have_their_turns_one_by_one_however_they_are_pushed(
    pushed: Pushed, chat: Chat
) -> None:
    updates = [pushed.message(chat, f"/start {n}") for n in range(30)]
    assert set(await asyncio.gather(*(pushed.push(update) for update in updates))) == {200}
    assert pushed.stage.work(lambda session: session.query(UpdateSeen).count()) == 30
    await pushed.stage.settled()
    assert len(rows(pushed.stage, FailedUpdate, "id")) == 0


# health and metrics


async def test_metrics_are_figures_and_nobodys_words(stage: Stage, chat: Chat) -> None:
    await chat.say("/start")
    await chat.say("my private words")
    async with serve(vitals(stage.coach)) as (host, port), httpx.AsyncClient(timeout=30) as client:
        page = (await client.get(f"http://{host}:{port}/metrics")).text
    figures = dict(line.rsplit(" ", 1) for line in page.splitlines() if not line.startswith("#"))
    assert figures["uptake_updates_total"] == "2"
    sent = [status for (status,) in rows(stage, Outbox, "status") if status == "sent"]
    assert figures['uptake_messages_total{fate="sent"}'] == str(len(sent)), "changes of messages count too"
    assert figures["uptake_outbox_waiting"] == "0"
    assert figures["uptake_leads"] == "1"
    assert "private" not in page
    assert str(chat.id) not in page


async def test_a_leader_whose_clock_stands_still_is_not_well(stage: Stage) -> None:
    async with serve(vitals(stage.coach)) as (host, port), httpx.AsyncClient(timeout=30) as client:
        await stage.coach.clock.tick()
        assert (await client.get(f"http://{host}:{port}/health")).status_code == 200
        stage.coach.clock.ticked_at = time.monotonic() - 120
        assert (await client.get(f"http://{host}:{port}/health")).status_code == 503
