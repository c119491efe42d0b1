"""What an update becomes, whatever it holds."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest
from telegram import Update

from bot.chat.updates import plain, to_input
from tests.fuzz.stage import BEGIN

NOW = BEGIN
THEN = dt.datetime(2026, 11, 22, 20, 0, tzinfo=dt.UTC)
PERSON = {"id": 7001, "is_bot": False, "first_name": "Robin"}
CHAT = {"id": 7001, "type": "private"}


def sent(date: int, **content: Any) -> Update:
    message = {"message_id": 5, "date": date, "chat": CHAT, "from": PERSON, "text": "15 min", **content}
    return Update.de_json({"update_id": 1, "message": message}, None)


@pytest.mark.parametrize("date", [-62_000_000_000, -1, 0, 1, 2**32, 253_402_300_799])
def test_a_date_that_cannot_be_right_is_now(date: int) -> None:
    given = to_input(sent(date), NOW)
    assert given is not None
    assert given.at == NOW


@pytest.mark.parametrize("date", [THEN, NOW, NOW + dt.timedelta(hours=2)])
def test_a_date_that_may_be_right_is_kept(date: dt.datetime) -> None:
    given = to_input(sent(int(date.timestamp())), NOW)
    assert given is not None
    assert given.at == date


def left(**more: Any) -> dict[str, Any]:
    """A membership with a field that the library reads as a date and does not turn back."""
    member = {"user": {"id": 1, "is_bot": True, "first_name": "Coach"}, "status": "left", "until_date": 86_400}
    told = {"chat": CHAT, "from": PERSON, "date": 1_790_000_000, "old_chat_member": member, "new_chat_member": member}
    return {"update_id": 1, "my_chat_member": {**told, **more}}


def test_every_update_can_be_kept_as_json() -> None:
    raw = left()
    assert json.loads(json.dumps(plain(Update.de_json(raw, None)))) == raw


@pytest.mark.parametrize("number", [2**63, -(2**63) - 1, 10**30])
def test_a_number_that_no_database_keeps_is_nobody_s(number: int) -> None:
    private = {"id": number, "type": "private"}
    assert to_input(sent(1_790_000_000, chat=private), NOW) is None
    assert to_input(sent(1_790_000_000, message_id=number), NOW) is None
    assert to_input(sent(1_790_000_000, chat={"id": number, "type": "group", "title": "us"}), NOW) is None
    query = {"id": "1", "from": PERSON, "chat_instance": "1", "data": "on.1"}
    query["message"] = {"message_id": 1, "date": 0, "chat": private}
    assert to_input(Update.de_json({"update_id": 1, "callback_query": query}, None), NOW) is None
