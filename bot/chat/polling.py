"""Our own getUpdates loop: handle, commit, and only then acknowledge.

The library's Updater acknowledges before it handles, so a crash loses what people wrote. Here the next getUpdates,
whose offset is the acknowledgement, goes out when every update of the batch is committed.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable
from typing import Any

from telegram import Bot, Update
from telegram.error import Conflict, RetryAfter, TelegramError

from bot.chat.backlog import Backlog
from bot.chat.updates import ALLOWED, chat_of

log = logging.getLogger(__name__)
LONGEST_POLL = 30
"""Seconds a getUpdates call may wait for news."""
FIRST_BACKOFF, LONGEST_BACKOFF = 0.5, 30.0
AT_ONCE = 4
"""Updates of one chat that are handled with a batch; more of them wait in the inbox."""
Handle = Callable[[Update], Awaitable[None]]


class Poller:
    """Fetches and handles updates, one chat in order, chats side by side.

    `handle` returns when an update is committed, and raises when nothing could be; `unreadable` puts aside what the
    library cannot read.
    """

    def __init__(
        self,
        bot: Bot,
        handle: Handle,
        unreadable: Callable[[dict[str, Any]], Awaitable[None]],
        backlog: Backlog,
        seconds: int = LONGEST_POLL,
    ) -> None:
        self._bot = bot
        self._handle = handle
        self._unreadable = unreadable
        self._backlog = backlog
        self._seconds = seconds
        self._offset: int | None = None
        self._backoff = FIRST_BACKOFF

    async def run(self) -> None:
        """Polls until cancelled; nothing else ends it, and what is not committed is not acknowledged."""
        await self._without_webhook()
        begun = False
        while True:
            try:
                if not begun:
                    await self._backlog.begin()
                    begun = True
                await self._take_next()
            except TelegramError as error:
                await self._wait(error)
            except Exception as error:
                log.error("updates could not be handled and stay with Telegram: %s", type(error).__name__)
                await self._pause()
            else:
                self._backoff = FIRST_BACKOFF

    async def _take_next(self) -> None:
        try:
            await self._take(await self._fetch())
        except _Unreadable:
            await self._step_over()

    async def _fetch(self, limit: int | None = None) -> tuple[Update, ...]:
        try:
            return await self._bot.get_updates(
                offset=self._offset, timeout=self._seconds, allowed_updates=ALLOWED, limit=limit
            )
        except TelegramError:
            raise
        except Exception as error:
            raise _Unreadable from error

    async def _take(self, updates: tuple[Update, ...]) -> None:
        """Handles a batch. Raises what went wrong when part of it is not committed, which stays unacknowledged."""
        chats = _by_chat(updates)
        results = await asyncio.gather(*(self._chat(*one) for one in chats.items()), return_exceptions=True)
        failed = [error for error in results if isinstance(error, BaseException)]
        if failed:
            raise failed[0]
        if updates:
            self._offset = updates[-1].update_id + 1

    async def _chat(self, chat_id: int, updates: list[Update]) -> None:
        """One chat's part of a batch. The rest of a flood waits in the inbox, and what comes after it behind it."""
        at_once = 0 if self._backlog.holds(chat_id) else AT_ONCE
        now, later = updates[:at_once], updates[at_once:]
        for update in now:
            await self._handle(update)
        if later:
            await self._backlog.keep(chat_id, later)
            self._backlog.catch_up(chat_id)

    async def _without_webhook(self) -> None:
        """Telegram gives nothing to a poller while a webhook is set; what waits for it stays."""
        try:
            await self._bot.delete_webhook(drop_pending_updates=False)
        except TelegramError as error:
            log.warning("the webhook could not be taken off: %s", type(error).__name__)

    async def _wait(self, error: TelegramError) -> None:
        """Waits as Telegram asks, or longer each time."""
        if isinstance(error, RetryAfter):
            after = error.retry_after
            await asyncio.sleep(after if isinstance(after, (int, float)) else after.total_seconds())
            return
        if isinstance(error, Conflict) and "webhook" in error.message:
            await self._without_webhook()
        elif isinstance(error, Conflict):
            log.warning("another program polls with the same token; stop it, or this one")
        else:
            log.warning("could not fetch updates: %s", type(error).__name__)
        await self._pause()

    async def _pause(self) -> None:
        await asyncio.sleep(self._backoff)
        self._backoff = min(self._backoff * 2, LONGEST_BACKOFF)

    async def _step_over(self) -> None:
        """Handles updates one by one up to the one that the library cannot read, and puts that one aside."""
        try:
            await self._take(await self._fetch(limit=1))
        except _Unreadable:
            raw = await self._bot.do_api_request(
                "GetUpdates", api_kwargs={"offset": self._offset, "limit": 1, "allowed_updates": ALLOWED}
            )
            await self._unreadable(raw[0])
            self._offset = raw[0]["update_id"] + 1


class _Unreadable(Exception):
    """Among the updates is one that the library cannot make sense of."""


def _by_chat(updates: Iterable[Update]) -> dict[int, list[Update]]:
    chats: dict[int, list[Update]] = {}
    for update in updates:
        chats.setdefault(chat_of(update), []).append(update)
    return chats
