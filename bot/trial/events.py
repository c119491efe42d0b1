"""What happens in the chats, told at once to every open page."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

Event = dict[str, Any]


@dataclass
class Events:
    """Publish and subscribe within one event loop; `closing` ends every stream and long poll."""

    closing: asyncio.Event = field(default_factory=asyncio.Event)
    published: int = 0
    _queues: set[asyncio.Queue[Event | None]] = field(default_factory=set)

    def publish(self, kind: str, **details: Any) -> None:
        self.published += 1
        for queue in self._queues:
            queue.put_nowait({"kind": kind} | details)

    @contextmanager
    def subscription(self) -> Iterator[AsyncIterator[Event]]:
        """What is published from here on, until the streams are closed."""
        queue: asyncio.Queue[Event | None] = asyncio.Queue()
        self._queues.add(queue)
        try:
            yield self._drained(queue)
        finally:
            self._queues.discard(queue)

    def open(self) -> None:
        self.closing.clear()

    def close(self) -> None:
        self.closing.set()
        for queue in self._queues:
            queue.put_nowait(None)

    async def _drained(self, queue: asyncio.Queue[Event | None]) -> AsyncIterator[Event]:
        while (event := await queue.get()) is not None:
            yield event
