"""The small Telegram on disk, so that a trial survives a restart."""

import asyncio
import base64
import json
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.trial.chats import Chat, Json, Message, Tap, Upload
from bot.trial.entities import Text
from bot.trial.state import State

# A crash may have lost the newest numbers, which the bot has seen: go on well above them.
_GAP = 1000


def save(state: State, path: Path) -> None:
    """All or nothing: readers see the old file or the new one, and only their owner can."""
    saved = {
        "chats": [_chat_out(chat) for chat in state.chats.values()],
        "taps": [asdict(tap) for tap in state.taps.values()],
        "files": [asdict(file) | {"content": _text(file.content)} for file in state.files.values()],
        "commands": state.commands,
        "descriptions": state.descriptions,
        "updates": {
            "next_id": state.updates.next_id,
            "pending": state.updates.pending,
            "allowed": state.updates.allowed,
        },
        "note": state.note,
        "last_number": state.last_number,
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(path.name + ".new")
    draft.unlink(missing_ok=True)
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        json.dump(saved, file, ensure_ascii=False)
        file.flush()
        os.fsync(file.fileno())
    os.replace(draft, path)


def load(state: State, path: Path) -> None:
    """Fills an empty state from the file; leaves it empty where there is none."""
    if not path.exists():
        return
    saved = json.loads(path.read_text())
    for file in saved["files"]:
        state.files[file["id"]] = Upload(**file | {"content": base64.b64decode(file["content"])})
    for chat in saved["chats"]:
        state.chats[chat["id"]] = _chat_in(chat, state.files)
    state.taps = {tap["id"]: Tap(**tap) for tap in saved["taps"]}
    state.commands = saved["commands"]
    state.descriptions = saved["descriptions"]
    state.updates.next_id = saved["updates"]["next_id"] + _GAP
    state.updates.pending = saved["updates"]["pending"]
    state.updates.allowed = saved["updates"]["allowed"]
    state.note = saved["note"]
    state.last_number = saved["last_number"] + _GAP


@asynccontextmanager
async def kept(state: State, path: Path, every_seconds: float = 1.0) -> AsyncIterator[None]:
    """Saves soon after anything happened in the chats, and at the end."""

    async def follow(seen: int) -> None:
        while True:
            await asyncio.sleep(every_seconds)
            if seen != state.events.published:
                seen = state.events.published
                save(state, path)

    following = asyncio.create_task(follow(state.events.published))
    try:
        yield
    finally:
        following.cancel()
        await asyncio.gather(following, return_exceptions=True)
        save(state, path)


def _chat_out(chat: Chat) -> Json:
    told: Json = {name: value for name, value in vars(chat).items() if name != "messages"}
    return told | {"messages": [_message_out(message) for message in chat.messages.values()]}


def _chat_in(told: Json, files: dict[str, Upload]) -> Chat:
    messages = [_message_in(message, files) for message in told.pop("messages")]
    told["last_message_id"] += _GAP
    return Chat(**told, messages={message.id: message for message in messages})


def _message_out(message: Message) -> Json:
    return vars(message) | {
        "date": message.date.isoformat(),
        "edited_at": message.edited_at.isoformat() if message.edited_at else None,
        "body": [message.body.plain, message.body.entities],
        "file": message.file.id if message.file else None,
    }


def _message_in(told: Json, files: dict[str, Upload]) -> Message:
    plain, entities = told["body"]
    place = told["location"]
    changes: dict[str, Any] = {
        "date": datetime.fromisoformat(told["date"]),
        "edited_at": datetime.fromisoformat(told["edited_at"]) if told["edited_at"] else None,
        "body": Text(plain, tuple(entities)),
        "file": files.get(told["file"] or ""),
        "location": (place[0], place[1]) if place else None,
    }
    return Message(**told | changes)


def _text(content: bytes) -> str:
    return base64.b64encode(content).decode()
