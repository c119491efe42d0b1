"""The chats as Telegram keeps them: who is in them, what was said, and how an update describes it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, NamedTuple

from bot.trial.entities import Entity, Text
from bot.trial.keyboard import Markup, inline_rows

Json = dict[str, Any]
MessageKind = Literal["text", "photo", "document", "location", "sticker", "voice"]


class Button(NamedTuple):
    """A tappable button; `data` is what the bot receives."""

    text: str
    data: str


@dataclass(frozen=True)
class Upload:
    """A file that was sent to a chat, from either side."""

    id: str
    name: str
    mime: str
    content: bytes
    width: int = 0
    height: int = 0

    @property
    def path(self) -> str:
        return f"files/{self.id}/{self.name}"

    def as_telegram(self) -> Json:
        return {"file_id": self.id, "file_unique_id": f"u{self.id}", "file_size": len(self.content)}


@dataclass(frozen=True)
class Message:
    """One message; an edit replaces it by another with the same id."""

    id: int
    chat_id: int
    from_id: int
    from_bot: bool
    date: datetime
    kind: MessageKind = "text"
    written: str = ""  # as it was sent, with its HTML
    body: Text = field(default_factory=lambda: Text(""))
    markup: Markup | None = None
    file: Upload | None = None
    location: tuple[float, float] | None = None
    reply_to: int | None = None
    edited_at: datetime | None = None
    covered: bool = False
    """A picture that shows itself only after a tap."""

    @property
    def text(self) -> str:
        """The HTML as it was sent; empty for a picture, whose words are its caption."""
        return "" if self.kind in ("photo", "document") else self.written

    @property
    def caption(self) -> str | None:
        return self.written if self.kind in ("photo", "document") else None

    @property
    def plain(self) -> str:
        return self.body.plain

    @property
    def entities(self) -> tuple[Entity, ...]:
        return self.body.entities

    @property
    def photo(self) -> bytes | None:
        return self.file.content if self.file and self.kind == "photo" else None

    @property
    def document(self) -> Upload | None:
        return self.file if self.kind == "document" else None

    @property
    def edited(self) -> bool:
        return self.edited_at is not None

    @property
    def buttons(self) -> list[list[Button]]:
        """The inline buttons that can be tapped, in their rows."""
        return [
            [Button(str(b["text"]), str(b["callback_data"])) for b in row if "callback_data" in b]
            for row in inline_rows(self.markup)
        ]


@dataclass
class Chat:
    """A private chat with one person, or a group."""

    id: int
    kind: Literal["private", "group"]
    name: str
    language_code: str = "en"
    blocked: bool = False
    deactivated: bool = False
    left: bool = False
    last_message_id: int = 0
    messages: dict[int, Message] = field(default_factory=dict)

    def as_telegram(self) -> Json:
        if self.kind == "group":
            return {"id": self.id, "type": "group", "title": self.name}
        return {"id": self.id, "type": "private", "first_name": self.name}

    def as_user(self) -> Json:
        return {
            "id": self.id,
            "is_bot": False,
            "first_name": self.name,
            "language_code": self.language_code,
        }


@dataclass
class Tap:
    """A tap on an inline button; Telegram spins the button until it is answered."""

    id: str
    chat_id: int
    message_id: int
    person_id: int
    data: str
    answered: bool = False
    expired: bool = False
    text: str = ""
    alert: bool = False


def message_as_telegram(message: Message, chat: Chat, sender: Callable[[Message], Json]) -> Json:
    told = _message(message, chat, sender)
    if message.reply_to and (replied := chat.messages.get(message.reply_to)):
        told["reply_to_message"] = _message(replied, chat, sender)
    return told


def _message(message: Message, chat: Chat, sender: Callable[[Message], Json]) -> Json:
    told: Json = {
        "message_id": message.id,
        "from": sender(message),
        "chat": chat.as_telegram(),
        "date": int(message.date.timestamp()),
    } | _content(message)
    if message.edited_at:
        told["edit_date"] = int(message.edited_at.timestamp())
    if inline_rows(message.markup):
        told["reply_markup"] = message.markup
    return told


def _content(message: Message) -> Json:
    entities = list(message.entities)
    if message.kind == "text":
        return {"text": message.plain} | ({"entities": entities} if entities else {})
    if message.kind == "location":
        latitude, longitude = message.location or (0.0, 0.0)
        return {"location": {"latitude": latitude, "longitude": longitude}}
    if message.file is None:
        raise LookupError(f"message {message.id} has no file")
    caption: Json = {"caption": message.plain} if message.plain else {}
    if entities:
        caption["caption_entities"] = entities
    file = message.file.as_telegram()
    size = {"width": message.file.width, "height": message.file.height}
    if message.kind == "photo":
        spoiler: Json = {"has_media_spoiler": True} if message.covered else {}
        return {"photo": [file | size]} | spoiler | caption
    if message.kind == "document":
        return {"document": file | {"file_name": message.file.name, "mime_type": message.file.mime}} | caption
    if message.kind == "sticker":
        flags = {"type": "regular", "is_animated": False, "is_video": False, "emoji": "👍"}
        return {"sticker": file | size | flags}
    return {"voice": file | {"duration": 3, "mime_type": message.file.mime}}
