"""What becomes of a message whose call failed: given up, tried again, or of an outcome that nobody knows (law 3)."""

from __future__ import annotations

import logging
from dataclasses import dataclass

import httpx
from telegram.error import BadRequest, TelegramError

from bot.chat.letter import Letter
from bot.store.outbox import EDITS

log = logging.getLogger(__name__)
EDIT_TRIES = 8
"""An edit repeated does no harm; after so many unknown outcomes it is given up."""
UNKNOWN_TRIES = 2
INTERRUPTED_TRIES = 5
"""A crash may repeat a reply once, and the next crash once more; but not one that the message itself might cause."""
NEVER_LEFT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol)
"""Failures before anything of the message was sent."""


@dataclass(frozen=True)
class Fate:
    """What became of a letter: a status, or waiting again for so many seconds."""

    status: str
    message_id: int | None = None
    reason: str | None = None
    wait: float = 0.0
    counted: bool = True
    """Whether it may have reached Telegram; only such a try counts."""
    gone: bool = False
    """Whether the person cannot be reached any more, until they write again."""


def refused(error: BadRequest, letter: Letter) -> Fate:
    """Telegram said what is wrong with the message or its chat."""
    text = error.message.lower()
    if "not modified" in text:
        return Fate("sent", letter.message_id)
    if "chat not found" in text or "user is deactivated" in text:
        return Fate("failed", reason=error.message, gone=True)
    if letter.kind in EDITS:
        return Fate("withdrawn", reason=error.message)
    log.error("Telegram refused message %s: %s", letter.id, error.message)
    return Fate("failed", reason=error.message)


def unknown(error: TelegramError, letter: Letter, wait: float) -> Fate:
    """5xx, a lost connection, an answer that is none: nobody knows whether it arrived, unless it never left."""
    reason = f"{type(error).__name__}: {type(error.__cause__).__name__}" if error.__cause__ else error.message
    if isinstance(error.__cause__, NEVER_LEFT):
        return Fate("waiting", reason=reason, wait=wait, counted=False)
    tries = EDIT_TRIES if letter.kind in EDITS else 1 if letter.asked_by_clock else UNKNOWN_TRIES
    if letter.attempts < tries:
        return Fate("waiting", reason=reason, wait=wait)
    return Fate("uncertain", reason=reason)
