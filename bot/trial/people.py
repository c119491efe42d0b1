"""What people do on their side of a chat; each act becomes an update for the bot."""

import zlib
from collections.abc import Callable
from datetime import datetime
from typing import Any

from bot.trial.chats import Chat, Json, Message, Tap
from bot.trial.entities import Text, utf16_length
from bot.trial.refusals import Refused
from bot.trial.state import Call, State


class People:
    """Used by tests and by the page, within the server's event loop."""

    def __init__(self, state: State) -> None:
        self.state = state

    def add_person(self, first_name: str, language_code: str = "en") -> int:
        chat = Chat(10_000_000 + self.state.number(), "private", first_name, language_code)
        return self._add(chat)

    def add_group(self, title: str) -> int:
        """A group that the bot has been added to, by the first person there is."""
        by = next((c for c in self.state.chats.values() if c.kind == "private"), None)
        by = by or self.state.chats[self.add_person("Someone")]
        chat_id = self._add(Chat(-20_000_000 - self.state.number(), "group", title))
        self._membership(chat_id, by, "left", "member")
        return chat_id

    def type(self, chat_id: int, text: str, reply_to: int | None = None) -> int:
        """The person writes; who had blocked the bot unblocks it by that. Gives the message's id."""
        if self.state.chat(chat_id).blocked:
            self.unblock(chat_id)
        return self._say(chat_id, chat_id, kind="text", body=_typed(text), written=text, reply_to=reply_to)

    def type_in_group(self, group_id: int, person_id: int, text: str) -> int:
        return self._say(group_id, person_id, kind="text", body=_typed(text), written=text)

    def edit(self, chat_id: int, message_id: int, new_text: str) -> None:
        chat = self.state.chat(chat_id)
        message = self._message(chat, message_id)
        if message.from_bot or message.kind != "text":
            raise LookupError(f"message {message_id} is not a text of the person's")
        told = self.state.replace_message(
            chat, message, written=new_text, body=_typed(new_text), edited_at=self.state.clock()
        )
        self.state.updates.add("edited_message", told)

    def tap(
        self, chat_id: int, message_id: int, button: str, *, stale: bool = False, person_id: int | None = None
    ) -> str:
        """Taps the button with this text or data; gives the callback query's id.

        `stale` sends `button` as the data although the message does not show it: a slow screen.
        """
        message = self._message(self.state.chat(chat_id), message_id)
        data = button
        if not stale:
            buttons = [shown for row in message.buttons for shown in row]
            chosen = [shown for shown in buttons if shown.data == button]
            chosen = chosen or [shown for shown in buttons if shown.text == button]
            if not chosen:
                raise LookupError(f"message {message_id} has no button {button!r}, only {buttons}")
            data = chosen[0].data
        person = self.state.chat(person_id or chat_id)
        tap = Tap(f"{7_000_000 + self.state.number()}", chat_id, message_id, person.id, data)
        self.state.taps[tap.id] = tap
        query: Json = {"id": tap.id, "from": person.as_user(), "chat_instance": f"{chat_id}", "data": data}
        self.state.updates.add("callback_query", query | {"message": self.state.telegram(message)})
        return tap.id

    def expire_tap(self, query_id: str) -> None:
        """Telegram no longer waits for the answer to this tap."""
        self.state.taps[query_id].expired = True

    def share_location(self, chat_id: int, lat: float, lon: float) -> int:
        return self._say(chat_id, chat_id, kind="location", location=(lat, lon))

    def send_sticker(self, chat_id: int) -> int:
        file = self.state.add_file("sticker.webp", "image/webp", b"RIFF\0\0\0\0WEBP", 512, 512)
        return self._say(chat_id, chat_id, kind="sticker", file=file)

    def send_voice(self, chat_id: int) -> int:
        return self._say(chat_id, chat_id, kind="voice", file=self.state.add_file("voice.ogg", "audio/ogg", b"OggS"))

    def send_photo_from_person(self, chat_id: int, caption: str = "") -> int:
        file = self.state.add_file("photo.png", "image/png", _PIXEL, 1, 1)
        return self._say(chat_id, chat_id, kind="photo", file=file, written=caption, body=Text(caption))

    def block(self, chat_id: int) -> None:
        chat = self.state.chat(chat_id)
        chat.blocked = True
        self._membership(chat_id, chat, "member", "kicked")

    def unblock(self, chat_id: int) -> None:
        chat = self.state.chat(chat_id)
        chat.blocked = False
        self._membership(chat_id, chat, "kicked", "member")

    def deactivate(self, chat_id: int) -> None:
        """The person deletes their account; the bot is not told."""
        self.state.chat(chat_id).deactivated = True

    def messages(self, chat_id: int) -> list[Message]:
        return sorted(self.state.chat(chat_id).messages.values(), key=lambda message: message.id)

    def updates_pending(self) -> int:
        return len(self.state.updates.pending)

    def commands(self, chat_id: int) -> list[Json]:
        """The menu as this person sees it: their language's, or else everyone's."""
        scopes = self.state.commands
        language = self.state.chat(chat_id).language_code
        return scopes.get(f'{{"type": "default"}} {language}') or scopes.get('{"type": "default"}') or []

    @property
    def unanswered_taps(self) -> list[Tap]:
        return [tap for tap in self.state.taps.values() if not (tap.answered or tap.expired)]

    @property
    def refusals(self) -> list[Refused]:
        return self.state.refusals

    @property
    def calls(self) -> list[Call]:
        return list(self.state.calls)

    @property
    def clock(self) -> Callable[[], datetime]:
        return self.state.clock

    def _add(self, chat: Chat) -> int:
        self.state.chats[chat.id] = chat
        self.state.events.publish("person", chat_id=chat.id)
        return chat.id

    def _say(self, chat_id: int, person_id: int, **content: Any) -> int:
        chat = self.state.chat(chat_id)
        message = Message(0, chat_id, person_id, False, self.state.clock(), **content)
        told = self.state.add_message(chat, message)
        self.state.updates.add("message", told)
        return int(told["message_id"])

    def _message(self, chat: Chat, message_id: int) -> Message:
        if message_id not in chat.messages:
            raise LookupError(f"chat {chat.id} has no message {message_id}")
        return chat.messages[message_id]

    def _membership(self, chat_id: int, by: Chat, old: str, new: str) -> None:
        def member(status: str) -> Json:
            return {"user": self.state.bot, "status": status} | ({"until_date": 0} if status == "kicked" else {})

        self.state.updates.add(
            "my_chat_member",
            {
                "chat": self.state.chat(chat_id).as_telegram(),
                "from": by.as_user(),
                "date": int(self.state.clock().timestamp()),
                "old_chat_member": member(old),
                "new_chat_member": member(new),
            },
        )
        self.state.events.publish("person", chat_id=chat_id)


def _typed(text: str) -> Text:
    """What a person types has one kind of entity that matters here: the command it opens with."""
    stripped = text.strip()
    if not stripped.startswith("/") or len(stripped) < 2:
        return Text(stripped)
    command = {"type": "bot_command", "offset": 0, "length": utf16_length(stripped.split()[0])}
    return Text(stripped, (command,))


def _chunk(kind: bytes, data: bytes) -> bytes:
    checksum = zlib.crc32(kind + data)
    return len(data).to_bytes(4) + kind + data + checksum.to_bytes(4)


_PIXEL = (
    b"\x89PNG\r\n\x1a\n"
    + _chunk(b"IHDR", (1).to_bytes(4) * 2 + b"\x08\x00\x00\x00\x00")
    + _chunk(b"IDAT", zlib.compress(b"\x00\x80"))
    + _chunk(b"IEND", b"")
)
