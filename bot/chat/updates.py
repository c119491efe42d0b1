"""Telegram's updates become inputs."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

from telegram import CallbackQuery, ChatMemberUpdated, Message, Update
from telegram.constants import ChatMemberStatus, ChatType

from bot.inputs import Input

ALLOWED = ["message", "edited_message", "callback_query", "my_chat_member"]
"""What we ask Telegram for; anything else would only be thrown away."""


TELEGRAM_BEGAN = dt.datetime(2013, 8, 14, tzinfo=dt.UTC)
LARGEST = 2**63 - 1
"""Telegram's numbers are far smaller, and a database takes no larger one."""
SKEW = dt.timedelta(days=1)
"""How far Telegram's clock may be ahead of ours, which may be wrong."""


def chat_of(update: Update) -> int:
    """The chat whose turn this is; 0 for an update that belongs to none."""
    return update.effective_chat.id if update.effective_chat else 0


def plain(update: Update) -> dict[str, Any]:
    """An update as it is kept: the library leaves dates in fields that it does not expect, and JSON has none."""
    kept: dict[str, Any] = json.loads(json.dumps(update.to_dict(), default=_number))
    return kept


def _number(value: object) -> int | str:
    return int(value.timestamp()) if isinstance(value, dt.datetime) else str(value)


def to_input(update: Update, now: dt.datetime) -> Input | None:
    """What happened, or None for what the coach has no use for."""
    given = _read(update, now)
    return given if given and all(abs(one or 0) <= LARGEST for one in _numbers(given)) else None


def _numbers(given: Input) -> tuple[int | None, ...]:
    return given.chat_id, given.message_id, given.reply_to


def _read(update: Update, now: dt.datetime) -> Input | None:
    number = update.update_id
    if update.my_chat_member:
        return _membership(update.my_chat_member, number, now)
    if update.callback_query:
        return _tap(update.callback_query, number, now)
    message = update.edited_message or update.message
    if message is None or message.from_user is None or message.from_user.is_bot:
        return None
    if message.chat.type != ChatType.PRIVATE:
        return _group(message, number, now)
    return _message(message, number, now, edited=update.edited_message is not None)


def _membership(member: ChatMemberUpdated, number: int, now: dt.datetime) -> Input | None:
    if member.chat.type != ChatType.PRIVATE:
        return None
    gone = member.new_chat_member.status in (ChatMemberStatus.BANNED, ChatMemberStatus.LEFT)
    return Input(member.chat.id, number, _at(member.date, now), "blocked" if gone else "unblocked")


def _tap(query: CallbackQuery, number: int, now: dt.datetime) -> Input | None:
    if query.message is None or query.message.chat.type != ChatType.PRIVATE:
        return None
    return Input(
        chat_id=query.message.chat.id,
        update_id=number,
        at=now,
        kind="tap",
        data=query.data or "",
        message_id=query.message.message_id,
    )


def _group(message: Message, number: int, now: dt.datetime) -> Input | None:
    if message.chat.type == ChatType.CHANNEL or not (message.text or message.new_chat_members):
        return None
    return Input(message.chat.id, number, _at(message.date, now), "group")


def _message(message: Message, number: int, now: dt.datetime, *, edited: bool) -> Input:
    text = message.text or message.caption or ""
    kind: str = "edit" if edited else "text" if text else "other"
    place = None
    if message.location and not edited:
        kind, place = "location", (message.location.latitude, message.location.longitude)
    return Input(
        chat_id=message.chat.id,
        update_id=number,
        at=_at(message.date, now),
        kind=kind,  # type: ignore[arg-type]
        text=text,
        message_id=message.message_id,
        reply_to=message.reply_to_message.message_id if message.reply_to_message else None,
        place=place,
    )


def _at(date: dt.datetime, now: dt.datetime) -> dt.datetime:
    """When it was sent; a date that cannot be right would put what a person did outside the calendar."""
    return date if TELEGRAM_BEGAN <= date <= now + SKEW else now
