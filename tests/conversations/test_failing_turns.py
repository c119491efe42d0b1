"""A turn that fails is tried again, then put aside; one the database did not allow stays with Telegram; all go on."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import event, text
from sqlalchemy.orm import Session

from bot import running
from bot.chat import polling
from bot.store.tables import FailedUpdate, Inbox, Outbox, Run, UpdateSeen
from tests.conversations.chat import Chat, Stage, rows

SOMEONE = {"id": 1, "is_bot": False, "first_name": "Kim"}


@pytest.fixture(autouse=True)
def _no_waiting(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    stage.coach.pauses = (0.0, 0.0)
    monkeypatch.setattr(polling, "LONGEST_BACKOFF", 0.0)


def said(chat: Chat) -> list[str]:
    return [message.plain for message in chat.messages() if message.from_bot]


def damage(stage: Stage, chat: Chat) -> None:
    """A record that no code expects, as a bug would leave it: every turn of this person fails."""
    statement = text("update run set state = :state where person_id = (select id from person where chat_id = :chat)")
    values = {"state": json.dumps({"frames": "nonsense"}), "chat": chat.id}
    stage.work(lambda session: session.execute(statement, values))


def execute(stage: Stage, statement: str) -> None:
    stage.work(lambda session: session.execute(text(statement)))


async def until(what: Callable[[], Any]) -> None:
    while not what():  # noqa: ASYNC110 -- these happen in the coach, which tells nobody
        await asyncio.sleep(0.002)


async def test_a_turn_that_fails_every_time_is_put_aside_and_the_person_is_told_kindly(
    stage: Stage, chat: Chat, caplog: pytest.LogCaptureFixture
) -> None:
    await chat.say("/start")
    damage(stage, chat)
    await chat.say("hello?")
    assert said(chat)[-1].startswith("Sorry, something went wrong on my side")
    [(update, reason, payload)] = rows(stage, FailedUpdate, "update_id", "reason", "payload")
    assert payload["message"]["text"] == "hello?"
    assert (update, reason) == (payload["update_id"], "ValueError")
    assert stage.coach.figures["failures"] == len(running.PAUSES) + 1
    assert "hello?" not in caplog.text


async def test_others_go_on_while_someone_s_turns_fail(stage: Stage, chat: Chat) -> None:
    kim = Chat.of(stage, "Kim")
    await chat.say("/start")
    damage(stage, chat)
    stage.server.type(chat.id, "one")
    stage.server.type(kim.id, "/start")
    stage.server.type(chat.id, "two")
    await stage.settled()
    assert "18 or older" in said(kim)[-1]
    assert len(rows(stage, FailedUpdate, "id")) == 2


async def test_the_operator_is_told_once_and_not_a_thousand_times(stage: Stage, chat: Chat) -> None:
    operator = Chat.of(stage, "Operator")
    object.__setattr__(stage.coach.settings, "operator_chat_id", operator.id)
    await chat.say("/start")
    damage(stage, chat)
    for word in ("one", "two", "three"):
        await chat.say(word)
    assert len(rows(stage, FailedUpdate, "id")) == 3
    assert len(said(operator)) == 1
    await chat.later(hours=2)
    await chat.say("four")
    assert len(said(operator)) == 2


async def test_what_the_database_does_not_allow_stays_with_telegram_and_is_handled_when_it_does(
    stage: Stage, chat: Chat
) -> None:
    await chat.say("/start")
    before = len(rows(stage, Run, "id"))
    execute(stage, "alter table update_seen rename to away")
    stage.server.type(chat.id, "hello?")
    await until(lambda: stage.coach.figures["failures"] >= 6)
    assert stage.server.updates_pending() == 1
    assert stage.coach.database_refuses
    execute(stage, "alter table away rename to update_seen")
    await stage.settled()
    assert not stage.coach.database_refuses
    assert rows(stage, FailedUpdate, "id") == []
    assert len(rows(stage, Run, "id")) == before
    assert len(stage.work(lambda session: session.query(UpdateSeen).all())) == 2


async def test_while_the_disk_is_full_everything_stays_with_telegram_and_is_handled_afterwards(
    stage: Stage, chat: Chat, caplog: pytest.LogCaptureFixture
) -> None:
    kim = Chat.of(stage, "Kim")
    await chat.say("/start")

    pages = [1]  # SQLite's own word for a full disk: no page more than it has
    event.listen(
        stage.coach.database.engine, "begin", lambda c: c.exec_driver_sql(f"PRAGMA max_page_count = {pages[0]}")
    )
    for n in range(40):
        stage.server.type(chat.id, f"number {n}, {'x' * 3000}")
    stage.server.type(kim.id, "/start")
    await until(lambda: "stay with Telegram" in caplog.text)
    assert stage.server.updates_pending() == 41
    pages[0] = 1_000_000
    await until(lambda: not stage.server.updates_pending() and not rows_waiting(stage))
    await stage.settled()
    assert stage.work(lambda session: session.query(UpdateSeen).count()) == 42
    assert rows(stage, FailedUpdate, "id") == []
    assert "18 or older" in said(kim)[-1]


async def test_an_update_that_the_database_never_allows_is_put_aside_at_last(
    stage: Stage, chat: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "PATIENCE", 3)
    await chat.say("/start")
    execute(stage, "alter table run rename to away")
    stage.server.type(chat.id, "hello?")
    await until(lambda: not stage.server.updates_pending())
    execute(stage, "alter table away rename to run")
    assert [reason for (reason,) in rows(stage, FailedUpdate, "reason")] == ["OperationalError"]
    await stage.settled()


async def test_an_update_that_the_library_cannot_read_is_put_aside_and_those_around_it_are_handled(
    stage: Stage, chat: Chat
) -> None:
    kim = Chat.of(stage, "Kim")
    stage.server.type(chat.id, "/start")
    stage.server.state.updates.add("message", {"message_id": 5, "date": "not a date", "chat": {"id": 1}})
    stage.server.type(kim.id, "/start")
    await stage.settled()
    assert len(said(chat)) == len(said(kim)) == 1
    [(reason, payload)] = rows(stage, FailedUpdate, "reason", "payload")
    assert (reason, payload["message"]["date"]) == ("unreadable", "not a date")


async def test_an_update_that_lacks_what_every_such_update_has_is_put_aside(stage: Stage, chat: Chat) -> None:
    private = {"id": chat.id, "type": "private"}
    stage.server.state.updates.add("my_chat_member", {"chat": private, "date": 1_790_000_000})
    stage.server.state.updates.add("message", {"message_id": 5, "date": 1_790_000_000, "from": {"id": 1}})
    stage.server.state.updates.add("message", {"message_id": 6, "date": 1_790_000_000, "from": SOMEONE, "text": "?"})
    stage.server.type(chat.id, "/start")
    await until(lambda: not stage.server.updates_pending())
    await stage.settled()
    assert len(said(chat)) == 1
    assert [reason for (reason,) in rows(stage, FailedUpdate, "reason")] == ["unreadable"] * 3


# floods


async def test_a_flood_waits_in_the_inbox_in_order_and_others_are_answered_meanwhile(stage: Stage, chat: Chat) -> None:
    kim = Chat.of(stage, "Kim")
    await chat.say("/start")
    for n in range(120):
        stage.server.type(chat.id, f"number {n}")
    stage.server.type(kim.id, "/start")
    await until(lambda: said(kim))
    assert rows_waiting(stage) > 50, "Kim did not wait for the flood to be handled"
    await until(lambda: not rows_waiting(stage))
    await stage.settled()
    seen = stage.work(lambda session: session.query(UpdateSeen).count())
    assert seen == 122
    assert rows(stage, FailedUpdate, "id") == []


async def test_a_flood_that_a_restart_cuts_off_goes_on_where_it_stopped(stage: Stage, chat: Chat) -> None:
    await chat.say("/start")
    for n in range(50):
        stage.server.type(chat.id, f"number {n}")
    await until(lambda: rows_waiting(stage))
    await stage.restart()
    await until(lambda: not stage.server.updates_pending() and not rows_waiting(stage))
    await stage.settled()
    assert stage.work(lambda session: session.query(UpdateSeen).count()) == 51


async def test_what_comes_after_a_flood_waits_behind_it(stage: Stage, chat: Chat) -> None:
    await chat.say("/start")
    for n in range(30):
        stage.server.type(chat.id, f"number {n}")
    await until(lambda: rows_waiting(stage))
    last = stage.server.type(chat.id, "the last word")
    await until(lambda: not stage.server.updates_pending() and not rows_waiting(stage))
    order: list[int] = stage.work(_order)
    assert order == sorted(order)
    assert last == max(message.id for message in chat.messages() if not message.from_bot)
    await stage.settled()


async def test_an_update_in_the_inbox_that_cannot_be_read_again_is_put_aside_and_holds_up_nothing(
    stage: Stage, chat: Chat
) -> None:
    await chat.say("/start")
    for n in range(10):
        stage.server.type(chat.id, f"number {n}")
    poll = {"id": "1", "question": "?", "options": [], "type": "quiz", "total_voter_count": 0, "is_closed": False}
    told = {"message_id": 99, "date": 1_790_000_000, "chat": {"id": chat.id, "type": "private"}, "poll": poll}
    stage.server.state.updates.add("message", told)  # the library leaves empty lists out, and misses this one then
    stage.server.type(chat.id, "the last word")
    await until(lambda: not stage.server.updates_pending() and not rows_waiting(stage))
    await stage.settled()
    assert [reason for (reason,) in rows(stage, FailedUpdate, "reason")] == ["unreadable"]
    assert stage.work(lambda session: session.query(UpdateSeen).count()) == 13


def rows_waiting(stage: Stage) -> int:
    found: int = stage.work(lambda session: session.query(Inbox).count())
    return found


def _order(session: Session) -> list[int]:
    """Update ids in the order in which they were marked as handled."""
    return [int(number) for number in session.scalars(text("select update_id from update_seen order by rowid"))]


async def test_a_message_in_the_outbox_of_a_failing_turn_is_not_sent(stage: Stage, chat: Chat) -> None:
    await chat.say("/start")
    sent = len(rows(stage, Outbox, "id"))
    damage(stage, chat)
    await chat.say("hello?")
    assert len(rows(stage, Outbox, "id")) == sent + 1, "only the kind word"
