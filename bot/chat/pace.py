"""Keeps to Telegram's pace: so many messages a second in all, about one a second to one chat with a small burst."""

from __future__ import annotations

from collections.abc import Callable

OVERALL = 29.0
"""Messages a second; Telegram's limit is about 30."""
BURST = 4
"""Messages that may follow each other in one chat before the second's pause."""


class _Bucket:
    def __init__(self, rate: float, size: float, now: float) -> None:
        self.rate, self.size = rate, size
        self.level, self.at = size, now

    def wait(self, now: float) -> float:
        """Seconds until a message may go."""
        self.level = min(self.size, self.level + (now - self.at) * self.rate)
        self.at = now
        return 0.0 if self.level >= 1 else (1 - self.level) / self.rate

    def full(self, now: float) -> bool:
        """Whether it has nothing to remember."""
        return self.wait(now) == 0 and self.level >= self.size

    def take(self) -> None:
        self.level -= 1


class Pace:
    """When the next message may go, overall and to one chat. Times are monotonic seconds."""

    def __init__(self, clock: Callable[[], float], overall: float = OVERALL, per_chat: float = 1.0) -> None:
        self._per_chat = per_chat
        self._clock = clock
        self._all = _Bucket(overall, overall, clock())
        self._chats: dict[int, _Bucket] = {}
        self._paused: dict[int | None, float] = {}

    def wait(self, chat_id: int) -> float:
        """Seconds until a message to this chat may go."""
        return max(self.wait_all(), self.wait_chat(chat_id))

    def wait_all(self) -> float:
        now = self._clock()
        return max(self._all.wait(now), self._paused.get(None, now) - now)

    def wait_chat(self, chat_id: int) -> float:
        now = self._clock()
        bucket = self._chats.get(chat_id)
        return max(bucket.wait(now) if bucket else 0.0, self._paused.get(chat_id, now) - now)

    def take(self, chat_id: int) -> None:
        """Counts a message that goes out now."""
        now = self._clock()
        self._all.take()
        self._chats.setdefault(chat_id, _Bucket(self._per_chat, max(BURST, self._per_chat), now)).take()
        if len(self._chats) > 10_000:
            self._chats = {
                chat: bucket
                for chat, bucket in self._chats.items()
                if bucket.wait(now) > 0 or bucket.level < bucket.size
            }

    def pause(self, chat_id: int | None, seconds: float) -> None:
        """Obeys a 429: for one chat, or for all with None."""
        self._paused[chat_id] = self._clock() + seconds

    def resting(self) -> set[int]:
        """The chats that may not get a message yet."""
        return {
            chat for chat in {*self._chats, *(c for c in self._paused if c is not None)} if self.wait_chat(chat) > 0
        }
