"""Every zone of the tz database, at every clock change of ten years: each check-in once a day, at its local time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.coach.schedule import Occurrence, instant, local_date, next_of_each_slot
from tests.coach.test_schedule import facts, walk

FIRST, YEARS = dt.datetime(2026, 1, 1, tzinfo=dt.UTC), 10
DAY = dt.timedelta(days=1)
CHECKIN = walk({"useful_for": "60 min"})
ALWAYS = ("00:00", "03:59", "04:00", "12:00", "23:59")
"""Times that matter whatever the clocks do: the ends of a calendar day and of a person's day."""
ZONES = sorted(available_timezones())


@cache
def changes(name: str) -> tuple[tuple[dt.datetime, dt.timedelta, dt.timedelta], ...]:
    """When a zone's offset changes within the ten years, to the minute, and from what to what."""
    zone = ZoneInfo(name)
    found = []
    weeks = [FIRST + n * 7 * DAY for n in range(YEARS * 53)]  # no zone changes twice in one
    for before, after in pairwise(weeks):
        old, new = (at.astimezone(zone).utcoffset() or dt.timedelta() for at in (before, after))
        if old == new:
            continue
        low, high = before, after
        while high - low > dt.timedelta(minutes=1):
            middle = low + (high - low) / 2
            low, high = (middle, high) if middle.astimezone(zone).utcoffset() == old else (low, middle)
        found.append((high.replace(second=0, microsecond=0), old, new))
    return tuple(found)


def distinct() -> Iterator[str]:
    """One zone of all that change their clocks at the same instants by the same steps."""
    seen = set()
    for name in ZONES:
        key = changes(name)
        if key and key not in seen:
            seen.add(key)
            yield name


def chain(time: str, zone: ZoneInfo, after: dt.datetime, days: int) -> list[Occurrence]:
    """What is planned one after the other, as when each is asked and the next one planned."""
    taken: set[tuple[str, str, dt.date]] = set()
    found = []
    for _ in range(days):
        (one,) = next_of_each_slot([CHECKIN], facts(dinner_time=time), zone, after, taken)
        taken.add((one.script, one.slot, one.local_date))
        found.append(one)
        after = one.due_at
    return found


def around(change: tuple[dt.datetime, dt.timedelta, dt.timedelta]) -> set[str]:
    """Times before, in and after the hour that a change skips or repeats."""
    at, old, new = change
    walls = [(at + offset).replace(tzinfo=None) for offset in (old, new)]
    minutes = [dt.timedelta(minutes=m) for m in (-1, 0, 29, 30, 59, 60, 61)]
    return {f"{wall + shift:%H:%M}" for wall in walls for shift in minutes} | set(ALWAYS)


def right(one: Occurrence, time: str, zone: ZoneInfo) -> bool:
    """Whether it is due at its wall time, or where that does not exist at the same distance after the gap began."""
    clock = dt.time.fromisoformat(time)
    day = one.local_date if clock >= dt.time(4) else one.local_date + DAY
    wall = dt.datetime.combine(day, clock)
    local = one.due_at.astimezone(zone).replace(tzinfo=None)
    exists = dt.datetime.combine(day, clock, zone).astimezone(dt.UTC).astimezone(zone).replace(tzinfo=None) == wall
    first = not exists or one.due_at.astimezone(zone).fold == 0
    return first and (local == wall if exists else dt.timedelta() < local - wall <= dt.timedelta(hours=24))


def test_at_every_clock_change_of_every_zone_each_day_has_its_check_in_once_at_its_time() -> None:
    looked_at = 0
    for name in distinct():
        zone = ZoneInfo(name)
        for change in changes(name):
            for time in around(change):
                found = chain(time, zone, change[0] - 2 * DAY, 5)
                case = (name, change, time)
                assert all(b.local_date - a.local_date == DAY for a, b in pairwise(found)), case
                assert all(right(one, time, zone) for one in found), case
                assert all(a.due_at < b.due_at for a, b in pairwise(found)), case
                assert all(one.due_at < one.useful_until <= one.closes_at for one in found), case
                looked_at += len(found)
    assert looked_at > 40_000, "the tz database is there"


def test_every_zone_plans_at_its_own_time_all_through_the_year() -> None:
    """The zones that never change, and the others on ordinary days."""
    for name in ZONES:
        zone = ZoneInfo(name)
        for start in (FIRST, FIRST + 180 * DAY):
            found = chain("19:30", zone, start, 3)
            assert all(right(one, "19:30", zone) for one in found), name
            assert all(local_date(one.due_at, zone) == one.local_date for one in found), name


MOMENTS = st.integers(0, YEARS * 365 * 24 * 60).map(lambda minutes: FIRST + dt.timedelta(minutes=minutes))
TIMES = st.times().map(lambda time: f"{time:%H:%M}")


@settings(deadline=None, max_examples=300)
@given(st.sampled_from(ZONES), st.sampled_from(ZONES), MOMENTS, TIMES, TIMES, st.integers(0, 2 * 24 * 60))
def test_across_a_flight_and_a_change_of_plan_no_day_is_asked_twice_and_nothing_is_planned_in_the_past(
    home: str, away: str, moment: dt.datetime, time: str, new_time: str, minutes: int
) -> None:
    """From any zone to any other, also over the date line, and the time moved earlier or later on the way."""
    before = chain(time, ZoneInfo(home), moment, 3)
    landed = moment + dt.timedelta(minutes=minutes)
    asked = [one for one in before if one.due_at <= landed]
    taken = {(one.script, one.slot, one.local_date) for one in asked}
    after, zone = landed, ZoneInfo(away)
    found = []
    for _ in range(3):
        (one,) = next_of_each_slot([CHECKIN], facts(dinner_time=new_time), zone, after, taken)
        taken.add((one.script, one.slot, one.local_date))
        found.append(one)
        after = one.due_at
    dates = [one.local_date for one in (*asked, *found)]
    assert len(set(dates)) == len(dates)
    assert all(one.due_at > landed for one in found)
    assert all(right(one, new_time, zone) for one in found)
    assert found[0].due_at - landed <= 3 * DAY, "planned anew at once, not some day"


def test_a_zone_that_left_out_a_day_is_not_asked_on_it_twice() -> None:
    """Samoa had no 30 December 2011: clocks went from the 29th to the 31st."""
    zone = ZoneInfo("Pacific/Apia")
    found = chain("19:30", zone, dt.datetime(2011, 12, 28, tzinfo=dt.UTC), 5)
    assert len({one.local_date for one in found}) == 5
    assert all(a.due_at < b.due_at for a, b in pairwise(found))
    assert instant(dt.date(2011, 12, 31), dt.time(19, 30), zone) in {one.due_at for one in found}
