"""The trial's clock: it never jumps, it plays, so that everything due on the way happens in its order."""

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from typing import Any, Protocol
from zoneinfo import ZoneInfo

Now = Callable[[], datetime]

MORNING = time(8)
DAY_STARTS = timedelta(hours=4)  # a person's day starts at 04:00
_OFFSET = "clock_offset_seconds"


class Coach(Protocol):
    """What the clock and the page need of the coach."""

    async def next_due(self, after: datetime, until: datetime) -> datetime | None:
        """The first instant later than `after`, and not later than `until`, at which something is due."""

    async def tick(self) -> None:
        """Does what is due now."""

    async def drain(self) -> None:
        """Returns when nothing that may be sent now is left in the outbox."""

    async def next_check_in(self) -> datetime | None: ...

    async def zone_of(self, chat_id: int) -> str | None: ...

    async def end_of_week(self, chat_id: int) -> datetime: ...

    async def start_over(self) -> None:
        """Forgets every person and everything planned."""


class AlreadyPlaying(Exception):
    """The clock is on its way somewhere; wait until it is there."""


def real_now() -> datetime:
    return datetime.now(UTC)


class TrialClock:
    """The real time and an offset, which only grows; going back means starting over."""

    def __init__(self, real: Now = real_now) -> None:
        self._real = real
        self._note: dict[str, Any] = {}
        self.playing_until: datetime | None = None

    def keep_in(self, note: dict[str, Any]) -> None:
        """The offset lives in this note from here on, such as one that is saved with the chats."""
        self._note = note

    @property
    def offset(self) -> timedelta:
        return timedelta(seconds=self._note.get(_OFFSET, 0.0))

    def now(self) -> datetime:
        return self._real() + self.offset

    async def play(self, until: datetime, coach: Coach, moved: Callable[[], None] = lambda: None) -> None:
        """Goes to `until`, stopping wherever something is due; `moved` is called at each stop."""
        if self.playing_until:
            raise AlreadyPlaying
        self.playing_until = until
        try:
            await self._stop(self.now(), coach, moved)
            at = self.now()
            while (due := await coach.next_due(at, until)) and at < due <= until:
                at = due
                await self._stop(at, coach, moved)
            await self._stop(until, coach, moved)
        finally:
            self.playing_until = None
            moved()

    async def _stop(self, at: datetime, coach: Coach, moved: Callable[[], None]) -> None:
        if at > self.now():
            self._note[_OFFSET] = (at - self._real()).total_seconds()
        moved()
        await coach.tick()
        await coach.drain()


def tomorrow_morning(now: datetime, zone: str) -> datetime:
    """08:00 on the day after the person's present day."""
    here = ZoneInfo(zone)
    # The day starts at 04:00 on the wall, so the four hours are taken from the wall's time.
    today = (now.astimezone(here).replace(tzinfo=None) - DAY_STARTS).date()
    return datetime.combine(today + timedelta(days=1), MORNING, here).astimezone(UTC)
