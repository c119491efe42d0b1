"""Lets a chat that sends many updates at once wait on our side, so that it slows nobody but itself.

Telegram hands out a hundred updates at a time and the next hundred only when these are acknowledged: one person's flood
would stand before everyone else's messages. What of it is more than a few is committed to the inbox, is acknowledged
with that, and has its turns one by one while others go on.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from telegram import Bot, Update

from bot.chat.updates import plain
from bot.store import inbox
from bot.store.database import Database

log = logging.getLogger(__name__)
AGAIN_IN = 2.0
"""Seconds until a turn is tried again that the database did not allow."""


class Backlog:
    """The updates of the inbox, chat by chat, each chat in order."""

    def __init__(
        self,
        bot: Bot,
        database: Database,
        handle: Callable[[Update], Awaitable[None]],
        unreadable: Callable[[dict[str, Any]], Awaitable[None]],
    ) -> None:
        self._bot = bot
        self._database = database
        self._handle = handle
        self._unreadable = unreadable
        self._chats: dict[int, asyncio.Task[None]] = {}
        self._more: set[int] = set()
        """Chats for which something came since their inbox was last looked at."""

    async def begin(self) -> None:
        """Goes on with what an earlier process left."""
        bot_id = self._bot.id
        for chat in await self._database.run(lambda session: inbox.chats(session, bot_id)):
            self.catch_up(chat)

    def holds(self, chat_id: int) -> bool:
        """Whether updates of this chat wait here: later ones have to wait behind them."""
        return chat_id in self._chats

    async def keep(self, chat_id: int, updates: Sequence[Update]) -> None:
        """Commits updates to the inbox; `catch_up` has them handled."""
        rows = [(update.update_id, chat_id, plain(update)) for update in updates]
        await self._database.run(lambda session: inbox.keep(session, self._bot.id, rows))

    def catch_up(self, chat_id: int) -> None:
        """Begins with a chat's updates, unless that is under way."""
        self._more.add(chat_id)
        if chat_id not in self._chats:
            self._chats[chat_id] = asyncio.create_task(self._in_order(chat_id))

    async def stop(self) -> None:
        """Leaves the rest in the inbox."""
        tasks = list(self._chats.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _in_order(self, chat_id: int) -> None:
        try:
            while chat_id in self._more:
                self._more.discard(chat_id)
                while await self._next(chat_id):
                    pass
        finally:
            del self._chats[chat_id]

    async def _next(self, chat_id: int) -> bool:
        """Handles the chat's oldest update and drops it; False when there is none."""
        bot_id = self._bot.id
        try:
            found = await self._database.run(lambda session: inbox.first(session, bot_id, chat_id))
            if found is None:
                return False
            number, raw = found
            await self._take(raw)
            await self._database.run(lambda session: inbox.drop(session, bot_id, number))
        except Exception as error:
            log.warning("an update in the inbox has to wait: %s", type(error).__name__)
            await asyncio.sleep(AGAIN_IN)
        return True

    async def _take(self, raw: dict[str, Any]) -> None:
        """What the library wrote it does not always read again: that is put aside, so that the rest gets its turn."""
        try:
            update = Update.de_json(raw, self._bot)
        except Exception:
            await self._unreadable(raw)
        else:
            await self._handle(update)
