"""What may happen in a chat, without Telegram's names for it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True)
class Input:
    """Something that happened in a chat. `at` is when the person acted; a tap has no time of its own.

    What the person wrote or shared is not in its repr, which may come into a log.
    """

    chat_id: int
    update_id: int
    at: dt.datetime
    kind: Literal["text", "tap", "location", "edit", "other", "blocked", "unblocked", "group"]
    text: str = field(default="", repr=False)
    message_id: int | None = None
    reply_to: int | None = None
    data: str = field(default="", repr=False)
    place: tuple[float, float] | None = field(default=None, repr=False)
