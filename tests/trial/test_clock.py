import asyncio
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest

from bot.trial.clock import AlreadyPlaying, TrialClock, tomorrow_morning
from tests.trial.conftest import NOON, Watch


@dataclass
class Diary:
    """A coach with fixed times; it writes down what it is asked to do, and when."""

    clock: TrialClock
    dues: list[datetime] = field(default_factory=list)
    did: list[tuple[str, datetime]] = field(default_factory=list)
    gate: asyncio.Event | None = None

    async def next_due(self, after: datetime, until: datetime) -> datetime | None:
        return next((due for due in sorted(self.dues) if after < due <= until), None)

    async def tick(self) -> None:
        self.did.append(("tick", self.clock.now()))

    async def drain(self) -> None:
        self.did.append(("drain", self.clock.now()))
        if self.gate:
            await self.gate.wait()

    async def next_check_in(self) -> datetime | None:
        return None

    async def zone_of(self, chat_id: int) -> str | None:
        return None

    async def end_of_week(self, chat_id: int) -> datetime:
        return NOON

    async def start_over(self) -> None:
        self.dues.clear()


@pytest.fixture
def clock() -> TrialClock:
    return TrialClock(Watch())


async def test_the_clock_plays_every_due_instant_on_the_way(clock: TrialClock) -> None:
    hours = [timedelta(hours=hour) for hour in (1, 5, 30)]
    diary = Diary(clock, [NOON + hour for hour in hours])
    until = NOON + timedelta(hours=24)
    await clock.play(until, diary)
    stops = [NOON, NOON + hours[0], NOON + hours[1], until]
    assert diary.did == [(what, at) for at in stops for what in ("tick", "drain")]
    assert clock.now() == until


async def test_what_a_tick_plans_on_the_way_is_played_too(clock: TrialClock) -> None:
    diary = Diary(clock, [NOON + timedelta(hours=1)])

    async def tick() -> None:
        diary.did.append(("tick", clock.now()))
        if clock.now() == NOON + timedelta(hours=1):
            diary.dues.append(clock.now() + timedelta(minutes=20))

    diary.tick = tick  # type: ignore[method-assign]
    await clock.play(NOON + timedelta(hours=2), diary)
    assert ("tick", NOON + timedelta(minutes=80)) in diary.did


async def test_the_clock_never_goes_back(clock: TrialClock) -> None:
    await clock.play(NOON - timedelta(days=1), Diary(clock))
    assert clock.now() == NOON


async def test_time_goes_on_from_where_the_clock_arrived() -> None:
    watch = Watch()
    clock = TrialClock(watch)
    await clock.play(NOON + timedelta(days=1), Diary(clock))
    watch.forward(minutes=3)
    assert clock.now() == NOON + timedelta(days=1, minutes=3)


async def test_a_clock_that_plays_cannot_be_sent_elsewhere(clock: TrialClock) -> None:
    diary = Diary(clock, gate=asyncio.Event())
    first = asyncio.create_task(clock.play(NOON + timedelta(hours=1), diary))
    while not diary.did:  # noqa: ASYNC110 - a few turns of this very loop
        await asyncio.sleep(0)
    with pytest.raises(AlreadyPlaying):
        await clock.play(NOON + timedelta(hours=2), diary)
    assert diary.gate is not None
    diary.gate.set()
    await first
    assert clock.playing_until is None


async def test_a_failing_coach_does_not_lock_the_clock(clock: TrialClock) -> None:
    diary = Diary(clock)

    async def tick() -> None:
        raise RuntimeError("broken")

    diary.tick = tick  # type: ignore[method-assign]
    with pytest.raises(RuntimeError):
        await clock.play(NOON + timedelta(hours=1), diary)
    await clock.play(NOON + timedelta(hours=1), Diary(clock))


async def test_the_offset_lives_in_the_note_it_is_given(clock: TrialClock) -> None:
    note = {"clock_offset_seconds": 3600.0}
    clock.keep_in(note)
    assert clock.now() == NOON + timedelta(hours=1)
    await clock.play(NOON + timedelta(hours=2), Diary(clock))
    assert note == {"clock_offset_seconds": 7200.0}
    note.clear()
    assert clock.now() == NOON


@pytest.mark.parametrize(
    ("now", "zone", "morning"),
    [
        ("2026-11-22T12:00", "UTC", "2026-11-23T08:00"),
        ("2026-11-22T12:00", "Asia/Tokyo", "2026-11-22T23:00"),  # it is 21:00 there
        ("2026-11-22T17:00", "Asia/Tokyo", "2026-11-22T23:00"),  # 02:00 still belongs to yesterday
        ("2026-11-22T20:00", "Asia/Tokyo", "2026-11-23T23:00"),  # 05:00 is a new day
        ("2026-10-24T12:00", "Europe/Berlin", "2026-10-25T07:00"),  # the night the clocks go back
    ],
)
def test_tomorrow_is_eight_in_the_morning_of_the_persons_next_day(now: str, zone: str, morning: str) -> None:
    at = datetime.fromisoformat(now).replace(tzinfo=UTC)
    assert tomorrow_morning(at, zone) == datetime.fromisoformat(morning).replace(tzinfo=UTC)
