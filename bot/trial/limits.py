"""Telegram's sending limits: 30 messages a second over the bot, about one a second to one chat."""

import math
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass
class _Bucket:
    """`burst` at once, then `rate` a second; it is idle again at `idle_at`."""

    rate: float
    burst: int
    idle_at: float = -math.inf

    def wait(self, now: float) -> float:
        return max(0.0, self.idle_at - (self.burst - 1) / self.rate - now)

    def take(self, now: float) -> None:
        self.idle_at = max(self.idle_at, now) + 1 / self.rate


@dataclass
class RateLimit:
    """Edits count for the bot as a whole; only new messages count for their chat."""

    monotonic: Callable[[], float]
    overall: float = 30
    per_chat: float = 1
    per_group: float = 20 / 60
    burst: int = 3
    _all: _Bucket = field(init=False)
    _chats: dict[int, _Bucket] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self._all = _Bucket(self.overall, int(self.overall))

    def retry_after(self, chat_id: int, *, new_message: bool) -> int | None:
        """None when the call may pass, which counts it; otherwise the seconds to wait."""
        now = self.monotonic()
        buckets = [self._all]
        if new_message:
            rate = self.per_chat if chat_id > 0 else self.per_group
            buckets.append(self._chats.setdefault(chat_id, _Bucket(rate, self.burst)))
        wait = max(bucket.wait(now) for bucket in buckets)
        if wait > 0:
            return math.ceil(wait)
        for bucket in buckets:
            bucket.take(now)
        return None
