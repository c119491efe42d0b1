"""Delivers updates to the bot's webhook: chats side by side, one chat in order, each update until it is answered."""

import asyncio
from collections.abc import Iterator
from contextlib import suppress
from itertools import count
from typing import Any

import httpx

from bot.trial.updates import Updates

MOST_AT_ONCE = 40
"""Connections, as many as Telegram opens unless told otherwise."""


async def deliver(updates: Updates, retry_seconds: float) -> None:
    """Runs as long as the server; does nothing while no webhook is set."""
    while True:
        while not updates.webhook_url:
            await updates.news()
        limits = httpx.Limits(max_connections=MOST_AT_ONCE)
        async with httpx.AsyncClient(timeout=10, limits=limits) as client:
            await _Delivery(client, updates, retry_seconds).while_set()


class _Delivery:
    def __init__(self, client: httpx.AsyncClient, updates: Updates, retry_seconds: float) -> None:
        self._client = client
        self._updates = updates
        self._retry_seconds = retry_seconds
        self._under_way: dict[int, asyncio.Task[None]] = {}
        self._turn = count()

    async def while_set(self) -> None:
        try:
            while self._updates.webhook_url:
                for update in self._next():
                    task = asyncio.create_task(self._deliver(update))
                    self._under_way[chat_of(update)] = task
                await self._updates.news()
        finally:
            under_way = list(self._under_way.values())
            for task in under_way:
                task.cancel()
            await asyncio.gather(*under_way, return_exceptions=True)

    def _next(self) -> Iterator[dict[str, Any]]:
        """The oldest update of each chat that has none under way."""
        for update in self._updates.pending:
            if len(self._under_way) >= MOST_AT_ONCE:
                return
            if chat_of(update) not in self._under_way:
                yield update

    async def _deliver(self, update: dict[str, Any]) -> None:
        try:
            while self._updates.webhook_url and not await self._accepted(update):  # noqa: ASYNC110 -- as Telegram
                await asyncio.sleep(self._retry_seconds)
        finally:
            del self._under_way[chat_of(update)]
            self._updates.wake()

    async def _accepted(self, update: dict[str, Any]) -> bool:
        updates = self._updates
        targets = updates.replicas or [updates.webhook_url]
        target = targets[next(self._turn) % len(targets)]
        headers = {"X-Telegram-Bot-Api-Secret-Token": updates.webhook_secret} if updates.webhook_secret else {}
        updates.handed_out.add(update["update_id"])
        response = None
        with suppress(httpx.HTTPError):
            response = await self._client.post(target, json=update, headers=headers)
        if response is not None and response.is_success:
            updates.handed_out.discard(update["update_id"])
            updates.drop(update["update_id"])
            return True
        return False


def chat_of(update: dict[str, Any]) -> int:
    """The chat an update belongs to; its own negative number where it belongs to none."""
    content: Any = next((value for key, value in update.items() if key != "update_id"), {})
    chat = content.get("chat") or content.get("message", {}).get("chat") or {}
    return int(chat.get("id", -update["update_id"]))
