"""Keeps to Telegram's pace: so many messages a second in all, about one a second to one chat with a small burst."""

from __future__ import annotations

import heapq
from collections.abc import Callable

OVERALL = 29.5
"""Messages a second; Telegram's limit is about 30."""
OVERALL_BURST = 10.0
"""Messages that may follow each other at once after a quiet moment."""
BURST = 3
"""Messages that may follow each other in one chat before the second's pause."""
PER_CHAT = 0.9
"""Messages a second to one chat after that; Telegram's limit is about 1, and they do not travel equally fast."""
NAMES_ALL = 3
"""So many chats told to wait at the same time mean that the bot as a whole is too fast."""


class _Bucket:
    def __init__(self, rate: float, size: float, level: float, now: float) -> None:
        self.rate, self.size = rate, size
        self.level, self.at = level, now

    def wait(self, now: float) -> float:
        """Seconds until a message may go."""
        self.level = min(self.size, self.level + (now - self.at) * self.rate)
        self.at = now
        return 0.0 if self.level >= 1 else (1 - self.level) / self.rate

    def full_at(self) -> float:
        """When it has nothing to remember."""
        return self.at + (self.size - self.level) / self.rate

    def take(self) -> None:
        self.level -= 1


class Pace:
    """When the next message may go, overall and to one chat. Times are monotonic seconds.

    It begins with room for one message: another process may have sent a moment ago.
    """

    def __init__(
        self, clock: Callable[[], float], overall: float = OVERALL, per_chat: float = PER_CHAT, level: float = 1.0
    ) -> None:
        self._per_chat = per_chat
        self._clock = clock
        self._all = _Bucket(overall, max(OVERALL_BURST, overall / 3), level, clock())
        self._chats: dict[int, _Bucket] = {}
        self._full: list[tuple[float, int]] = []
        """When to look whether a chat's bucket is full again, the earliest first: only recent chats are kept."""
        self._paused: dict[int, float] = {}
        self._all_paused = 0.0

    def wait_all(self) -> float:
        """Seconds until any message may go."""
        now = self._clock()
        return max(self._all.wait(now), self._all_paused - now, 0.0)

    def room(self) -> int:
        """How many messages may go at once, as far as the bot as a whole is concerned."""
        return int(self._all.level) if self.wait_all() <= 0 else 0

    def wait_chat(self, chat_id: int) -> float:
        """Seconds until a message to this chat may go, as far as the chat is concerned."""
        now = self._clock()
        bucket = self._chats.get(chat_id)
        return max(bucket.wait(now) if bucket else 0.0, self._paused.get(chat_id, now) - now)

    def take(self, chat_id: int, *, new_message: bool = True) -> None:
        """Counts a call that goes out now. An edit counts for the bot, not for its chat."""
        now = self._clock()
        self._forget(now)
        self._all.take()
        if not new_message:
            return
        bucket = self._chats.get(chat_id)
        if bucket is None:
            size = max(BURST, self._per_chat)
            bucket = self._chats[chat_id] = _Bucket(self._per_chat, size, size, now)
            heapq.heappush(self._full, (now + 1 / self._per_chat, chat_id))
        bucket.wait(now)
        bucket.take()

    def _forget(self, now: float) -> None:
        while self._full and self._full[0][0] <= now:
            _, chat = heapq.heappop(self._full)
            bucket = self._chats[chat]
            bucket.wait(now)
            if bucket.full_at() <= now:
                del self._chats[chat]
            else:
                heapq.heappush(self._full, (bucket.full_at(), chat))

    def pause(self, chat_id: int, seconds: float) -> None:
        """Obeys a 429. It names one chat; when several are told so at the same time, all of the bot is meant."""
        now = self._clock()
        self._paused = {chat: until for chat, until in self._paused.items() if until > now}
        self._paused[chat_id] = now + seconds
        if len(self._paused) >= NAMES_ALL:
            self.pause_all(seconds)

    def pause_all(self, seconds: float) -> None:
        """Nothing goes out for so long."""
        self._all_paused = max(self._all_paused, self._clock() + seconds)

    def refilling(self) -> bool:
        """Whether something waits for nothing but the next second's room."""
        now = self._clock()
        self._forget(now)
        return self._all.wait(now) > 0 or any(bucket.wait(now) > 0 for bucket in self._chats.values())

    def resting(self) -> set[int]:
        """The chats that may not get a message yet."""
        self._forget(self._clock())
        return {chat for chat in {*self._chats, *self._paused} if self.wait_chat(chat) > 0}
