"""A message on its way, and the call that sends it."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from telegram import Bot, Message

from bot.chat.keyboard import keyboard


@dataclass(frozen=True)
class Letter:
    """A message taken from the outbox to be sent. What it says is not in its repr, which may come into a log."""

    id: int
    chat_id: int
    kind: str
    text: str = field(repr=False)
    buttons: list[Any] = field(repr=False)
    figures: dict[str, Any] | None = field(repr=False)
    attempts: int
    asked_by_clock: bool
    message_id: int | None
    """For an edit: the message to change."""
    caption: bool = False


async def post(bot: Bot, letter: Letter, picture: bytes | None) -> int | None:
    """Calls Telegram; the message's id. A photo without its picture goes out as its words."""
    buttons = keyboard(letter.buttons)
    chat, text = letter.chat_id, letter.text
    sent: Message | bool
    match letter.kind:
        case "photo" if picture is not None:
            covered = bool(letter.figures and letter.figures.get("covered"))  # a lock screen shows pictures too
            sent = await bot.send_photo(
                chat, picture, caption=text, parse_mode="HTML", reply_markup=buttons, has_spoiler=covered or None
            )
        case "document":
            # half a character in what somebody sent is written as JSON can say it
            content = json.dumps(letter.figures, ensure_ascii=False, indent=1).encode(errors="backslashreplace")
            sent = await bot.send_document(chat, content, caption=text, filename="uptake.json", parse_mode="HTML")
        case "buttons":
            sent = await bot.edit_message_reply_markup(chat, letter.message_id, reply_markup=buttons)
        case "edit" if letter.caption:
            sent = await bot.edit_message_caption(
                chat, letter.message_id, caption=text, parse_mode="HTML", reply_markup=buttons
            )
        case "edit":
            sent = await bot.edit_message_text(
                text, chat, letter.message_id, parse_mode="HTML", reply_markup=buttons, disable_web_page_preview=True
            )
        case _:
            sent = await bot.send_message(
                chat, text, parse_mode="HTML", reply_markup=buttons, disable_web_page_preview=True
            )
    return sent.message_id if isinstance(sent, Message) else letter.message_id
