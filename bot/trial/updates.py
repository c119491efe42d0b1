"""The updates waiting for the bot, with Telegram's rule: one stays until a later getUpdates passes it."""

import asyncio
from dataclasses import dataclass, field
from typing import Any

from bot.trial.refusals import conflict

Json = dict[str, Any]

LONGEST_POLL = 50
MOST_AT_ONCE = 100


@dataclass
class Updates:
    """The queue, the one poller it allows, and the webhook that may stand in its place."""

    next_id: int = 1
    pending: list[Json] = field(default_factory=list)
    allowed: list[str] = field(default_factory=list)
    webhook_url: str = ""
    webhook_secret: str = ""
    replicas: list[str] = field(default_factory=list)
    """Where updates are pushed in turn instead, as a load balancer before several bots does it."""
    handed_out: set[int] = field(default_factory=set)
    """Updates that the bot was given and has not acknowledged, as far as anyone can see from here."""
    _news: asyncio.Event = field(default_factory=asyncio.Event, repr=False)
    _poller: asyncio.Event | None = field(default=None, repr=False)

    def add(self, kind: str, content: Json) -> None:
        if self.allowed and kind not in self.allowed:
            return
        self.pending.append({"update_id": self.next_id, kind: content})
        self.next_id += 1
        self.wake()

    def wake(self) -> None:
        """Lets whoever waits look again: a poll, the webhook's sender."""
        self._news.set()
        self._news = asyncio.Event()

    @property
    def polled(self) -> bool:
        return self._poller is not None

    async def news(self) -> None:
        await self._news.wait()

    def acknowledge(self, offset: int) -> None:
        if offset < 0:
            self.pending = self.pending[offset:]
        else:
            self.pending = [update for update in self.pending if update["update_id"] >= offset]

    def drop(self, update_id: int) -> None:
        """One update that was accepted; those before it may still be under way."""
        self.pending = [update for update in self.pending if update["update_id"] != update_id]

    async def poll(self, offset: int, limit: int, seconds: float, closing: asyncio.Event) -> list[Json]:
        """One getUpdates; a newer one ends it with a conflict."""
        if self.webhook_url:
            raise conflict(
                "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
            )
        if self._poller:
            self._poller.set()
            self.wake()
        self._poller = ended = asyncio.Event()
        if offset:
            self.acknowledge(offset)
        try:
            async with asyncio.timeout(min(seconds, LONGEST_POLL)):
                while not (self.pending or ended.is_set() or closing.is_set()) and seconds > 0:
                    await self.news()
        except TimeoutError:
            pass
        finally:
            if self._poller is ended:
                self._poller = None
        if ended.is_set():
            raise conflict("terminated by other getUpdates request; make sure that only one bot instance is running")
        given = self.pending[: max(1, min(limit or MOST_AT_ONCE, MOST_AT_ONCE))]
        self.handed_out = {update["update_id"] for update in given}
        return given
