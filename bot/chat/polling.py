"""Our own getUpdates loop: handle, commit, and only then acknowledge.

The library's Updater acknowledges before it handles, so a crash loses what people wrote. Here the next getUpdates,
whose offset is the acknowledgement, goes out when every turn of the batch is committed.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable

from telegram import Bot, Update
from telegram.error import Conflict, RetryAfter, TelegramError

from bot.chat.updates import ALLOWED, chat_of

log = logging.getLogger(__name__)
LONGEST_POLL = 30
"""Seconds a getUpdates call may wait for news."""
LONGEST_BACKOFF = 30.0


async def poll(bot: Bot, handle: Callable[[Update], Awaitable[None]], seconds: int = LONGEST_POLL) -> None:
    """Fetches and handles updates until cancelled; one chat in order, chats side by side."""
    await _without_webhook(bot)
    offset: int | None = None
    backoff = 0.5
    while True:
        try:
            updates = await bot.get_updates(offset=offset, timeout=seconds, allowed_updates=ALLOWED)
        except TelegramError as error:
            backoff = await _wait(error, backoff)
            continue
        backoff = 0.5
        await asyncio.gather(*(_in_order(handle, chat) for chat in _by_chat(updates)))
        if updates:
            offset = updates[-1].update_id + 1


async def _without_webhook(bot: Bot) -> None:
    """Telegram gives nothing to a poller while a webhook is set; what waits for it stays."""
    try:
        await bot.delete_webhook(drop_pending_updates=False)
    except TelegramError as error:
        log.warning("the webhook could not be taken off: %s", type(error).__name__)


async def _in_order(handle: Callable[[Update], Awaitable[None]], updates: list[Update]) -> None:
    for update in updates:
        await handle(update)


def _by_chat(updates: Iterable[Update]) -> list[list[Update]]:
    chats: dict[int, list[Update]] = {}
    for update in updates:
        chats.setdefault(chat_of(update), []).append(update)
    return list(chats.values())


async def _wait(error: TelegramError, backoff: float) -> float:
    """Waits as Telegram asks, or longer each time; a second poller is worth a word to the operator."""
    if isinstance(error, Conflict):
        log.warning("another program polls with the same token; stop it, or this one")
    else:
        log.warning("could not fetch updates: %s", type(error).__name__)
    if isinstance(error, RetryAfter):
        after = error.retry_after
        await asyncio.sleep(after if isinstance(after, (int, float)) else after.total_seconds())
        return backoff
    await asyncio.sleep(backoff)
    return min(backoff * 2, LONGEST_BACKOFF)
