"""Everything the small Telegram remembers, and the few changes that all its methods are made of."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from bot.trial.chats import Chat, Json, Message, Tap, Upload, message_as_telegram
from bot.trial.events import Events
from bot.trial.refusals import Refused, bad_request, forbidden
from bot.trial.updates import Updates


@dataclass(frozen=True)
class Call:
    """A Bot API call as it came in, without its files."""

    method: str
    parameters: Json


@dataclass
class State:
    """`note` holds small facts of others that are to survive a restart, such as the clock's offset."""

    clock: Callable[[], datetime]
    bot: Json
    chats: dict[int, Chat] = field(default_factory=dict)
    taps: dict[str, Tap] = field(default_factory=dict)
    files: dict[str, Upload] = field(default_factory=dict)
    commands: dict[str, list[Json]] = field(default_factory=dict)
    descriptions: dict[str, str] = field(default_factory=dict)
    updates: Updates = field(default_factory=Updates)
    note: dict[str, Any] = field(default_factory=dict)
    last_number: int = 0
    events: Events = field(default_factory=Events)
    refusals: list[Refused] = field(default_factory=list)
    calls: deque[Call] = field(default_factory=lambda: deque(maxlen=10_000))

    def number(self) -> int:
        """The next of the numbers that name chats, taps and files; never used twice."""
        self.last_number += 1
        return self.last_number

    def chat(self, chat_id: int) -> Chat:
        if chat_id not in self.chats:
            raise LookupError(f"there is no chat {chat_id}")
        return self.chats[chat_id]

    def reachable(self, chat_id: int) -> Chat:
        """The chat as the bot may write to it, or Telegram's refusal."""
        chat = self.chats.get(chat_id)
        if chat is None:
            raise bad_request("chat not found")
        if chat.deactivated:
            raise forbidden("user is deactivated")
        if chat.blocked:
            raise forbidden("bot was blocked by the user")
        if chat.left:
            raise forbidden("bot is not a member of the group chat")
        return chat

    def add_message(self, chat: Chat, message: Message) -> Json:
        """Gives the message its id: both sides of a chat draw from one row of numbers."""
        chat.last_message_id += 1
        message = replace(message, id=chat.last_message_id)
        chat.messages[message.id] = message
        self.events.publish("message", message=message)
        return self.telegram(message)

    def replace_message(self, chat: Chat, message: Message, **changes: Any) -> Json:
        changed = replace(message, **changes)
        chat.messages[message.id] = changed
        self.events.publish("message", message=changed)
        return self.telegram(changed)

    def delete_message(self, chat: Chat, message: Message) -> None:
        del chat.messages[message.id]
        self.events.publish("deleted", chat_id=chat.id, message_id=message.id)

    def add_file(self, name: str, mime: str, content: bytes, width: int = 0, height: int = 0) -> Upload:
        file = Upload(f"F{self.number():08d}", name, mime, content, width, height)
        self.files[file.id] = file
        return file

    def telegram(self, message: Message) -> Json:
        return message_as_telegram(message, self.chats[message.chat_id], self.sender)

    def sender(self, message: Message) -> Json:
        if message.from_bot:
            return self.bot
        return self.chat(message.from_id).as_user()
