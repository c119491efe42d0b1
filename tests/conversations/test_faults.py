"""Telegram's faults, before and after their effect: retried, delayed or given up, and nobody else is held up."""

from __future__ import annotations

import asyncio
import datetime as dt
from typing import Any

import httpx
import pytest

from bot.app import make_bot
from bot.chat import polling
from bot.store.tables import Due, Outbox, Person
from bot.trial.faults import Fault
from tests.conversations.chat import TOKEN, Chat, Stage, rows
from tests.conversations.people import WALKER, met

LOSSES = ["500", "502", "drop"]
DINNER = dt.datetime(2026, 11, 23, 17, 45, tzinfo=dt.UTC)
"""When the walk is asked about; useful for an hour."""
MINUTE = dt.timedelta(minutes=1)


def said(chat: Chat) -> list[str]:
    return [message.plain for message in chat.messages() if message.from_bot]


def fault(stage: Stage, kind: Any, chat: Chat | None, method: str = "sendMessage", **more: Any) -> None:
    stage.server.faults.append(Fault(method, kind, chat_id=chat.id if chat else None, **more))


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("kind", LOSSES)
async def test_a_reply_whose_fate_is_unknown_is_repeated_once(stage: Stage, chat: Chat, kind: str, after: bool) -> None:
    fault(stage, kind, chat, after_effect=after)
    await chat.say("/start")
    assert len(said(chat)) == (1 if after else 0)
    await chat.later(seconds=5)
    assert len(said(chat)) == (2 if after else 1)
    assert rows(stage, Outbox, "status", "attempts") == [("sent", 2)]


@pytest.mark.parametrize("kind", LOSSES)
async def test_a_reply_that_is_lost_twice_is_not_sent_a_third_time(stage: Stage, chat: Chat, kind: str) -> None:
    fault(stage, kind, chat, times=2)
    await chat.say("/start")
    await chat.later(minutes=10)
    assert said(chat) == []
    assert rows(stage, Outbox, "status", "attempts") == [("uncertain", 2)]


async def test_while_telegram_is_down_nothing_is_risked_and_afterwards_all_arrives(stage: Stage, chat: Chat) -> None:
    """The first failure may be the message's own; from then on only signs of life are tried."""
    other = Chat.of(stage, "Kim")
    fault(stage, "502", None)
    fault(stage, "502", None, "sendChatAction", times=50)
    await chat.say("/start")
    await other.say("/start")
    for _ in range(20):
        await chat.later(seconds=20)
    assert said(chat) == said(other) == []
    stage.server.faults.clear()
    await chat.later(seconds=30)
    assert len(said(chat)) == len(said(other)) == 1
    assert [status for (status,) in rows(stage, Outbox, "status")] == ["sent", "sent"]


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("kind", LOSSES)
async def test_a_check_in_whose_fate_is_unknown_is_never_repeated(
    stage: Stage, chat: Chat, kind: str, after: bool
) -> None:
    await met(chat, *WALKER)
    before = len(said(chat))
    fault(stage, kind, chat, after_effect=after)
    await chat.play(DINNER + 59 * MINUTE)
    assert len(said(chat)) - before == (1 if after else 0)
    assert rows(stage, Due, "script", "status")[0] == ("walk", "uncertain")


async def test_a_check_in_waits_for_telegram_while_it_is_useful(stage: Stage, chat: Chat) -> None:
    await met(chat, *WALKER)
    before = len(said(chat))
    fault(stage, "502", None, "sendMessage")
    fault(stage, "502", None, "sendChatAction", times=4)
    await Chat.of(stage, "Kim").say("/start")  # whose message finds out that Telegram is down
    await chat.play(DINNER + MINUTE)
    assert len(said(chat)) == before
    await chat.later(minutes=3)
    assert len(said(chat)) == before + 1
    assert rows(stage, Due, "script", "status")[0] == ("walk", "asked")


async def test_a_429_of_one_chat_holds_up_that_chat_alone_and_loses_nothing(stage: Stage, chat: Chat) -> None:
    other = Chat.of(stage, "Kim")
    fault(stage, "429", chat, retry_after=30)
    await chat.say("/start")
    await other.say("/start")
    assert (len(said(chat)), len(said(other))) == (0, 1)
    await chat.later(seconds=29)
    assert said(chat) == []
    await chat.later(seconds=2)
    assert len(said(chat)) == 1
    assert {(status, tries) for status, tries in rows(stage, Outbox, "status", "attempts")} == {("sent", 1)}
    stage.server.refusals.clear()


async def test_a_429_of_all_pauses_all_for_as_long_as_it_says(stage: Stage) -> None:
    chats = [Chat.of(stage, f"Person {n}") for n in range(6)]
    fault(stage, "429", None, times=3, retry_after=30)
    for chat in chats:
        stage.server.type(chat.id, "/start")
    await stage.settled()
    calls = [call for call in stage.server.calls if call.method == "sendMessage"]
    await stage.later(seconds=29)
    assert len([call for call in stage.server.calls if call.method == "sendMessage"]) == len(calls)
    await stage.later(seconds=2)
    assert [len(said(chat)) for chat in chats] == [1] * 6
    stage.server.refusals.clear()


@pytest.mark.parametrize("gone", ["deactivated", "blocked", "unknown"])
async def test_a_chat_that_telegram_refuses_is_kept_with_its_reason_and_holds_up_nobody(
    stage: Stage, chat: Chat, gone: str
) -> None:
    other = Chat.of(stage, "Kim")
    await chat.say("/start")
    before = len(said(chat))
    stage.server.type(chat.id, "/help")
    stage.server.type(chat.id, "/areas")
    if gone == "unknown":
        del stage.server.state.chats[chat.id]
    else:
        setattr(stage.server.state.chats[chat.id], gone, True)
    await other.say("/start")
    await stage.settled()
    assert len(said(other)) == 1
    fates = [(status, reason) for status, reason in rows(stage, Outbox, "status", "reason") if status != "sent"]
    reason = {
        "deactivated": "user is deactivated",
        "blocked": "bot was blocked by the user",
        "unknown": "Chat not found",
    }
    assert fates[0] == ("failed", reason[gone] if gone == "unknown" else f"Forbidden: {reason[gone]}")
    assert {status for status, _ in fates[1:]} <= {"withdrawn"}
    assert gone == "unknown" or len(said(chat)) == before
    assert rows(stage, Person, "reachable")[0] == (False,)
    stage.server.refusals.clear()


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
async def test_an_answer_that_never_comes_is_an_unknown_outcome_too(
    stage: Stage, chat: Chat, after: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    request = stage.coach.bot.request
    monkeypatch.setattr(request._client, "timeout", httpx.Timeout(0.05, connect=5, pool=5))  # type: ignore[attr-defined]
    fault(stage, "timeout", chat, after_effect=after)
    await chat.say("/start")
    await chat.later(seconds=5)
    assert len(said(chat)) == (2 if after else 1)


async def test_a_second_poller_is_told_of_and_the_first_goes_on(
    stage: Stage, chat: Chat, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(polling, "LONGEST_BACKOFF", 0.0)
    while not stage.server.state.updates.polled:  # noqa: ASYNC110 -- the server has no event for it
        await asyncio.sleep(0)
    bot = make_bot(TOKEN, stage.address)
    async with bot:
        await bot.get_updates(timeout=0)  # takes the place of the coach's own poll
    await chat.say("/start")
    assert len(said(chat)) == 1
    assert "another program polls with the same token" in caplog.text


async def test_a_webhook_that_someone_set_is_taken_off_again(
    stage: Stage, chat: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(polling, "LONGEST_BACKOFF", 0.0)
    bot = make_bot(TOKEN, stage.address)
    async with bot:
        await bot.set_webhook("http://127.0.0.1:9/elsewhere")
    await chat.say("/start")
    assert len(said(chat)) == 1


async def test_getting_updates_survives_whatever_telegram_answers(
    stage: Stage, chat: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(polling, "LONGEST_BACKOFF", 0.0)
    for kind in ("500", "502", "drop"):
        for after in (False, True):
            fault(stage, kind, None, "getUpdates", after_effect=after)
    await chat.say("/start")
    await chat.say("/help")
    assert len(said(chat)) == 2
    assert stage.server.faults == []
