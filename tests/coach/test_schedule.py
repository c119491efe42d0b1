"""Rules of when a check-in is due: at the person's own local times, once a day, across every clock change."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.coach.dialogue import Said
from bot.coach.schedule import (
    DAY_STARTS,
    MOST_A_DAY,
    Exception_,
    Occurrence,
    coming,
    day_end,
    exceptions,
    instant,
    local_date,
    most_a_day,
    next_of_each_slot,
    planned_on,
    quiet,
    quiet_ends,
    wanted,
    week_ending,
)
from bot.coach.script import Script
from tests.coach.world import script

BERLIN, UTC = ZoneInfo("Europe/Berlin"), ZoneInfo("UTC")
MONDAY = dt.date(2026, 11, 23)
DAY = dt.timedelta(days=1)


def walk(*starts: dict[str, Any], habit: str | None = "walk", name: str = "walk") -> Script:
    found = starts or ({},)
    return script(
        name,
        "{e: {end: quiet}}",
        kind="checkin",
        habit=habit,
        starts=[
            {"slot": f"slot{n}", "at": "dinner_time", "useful_for": "60 min", **one} for n, one in enumerate(found)
        ],
    )


def facts(**values: Any) -> dict[str, Said]:
    return {
        name: Said(value, str(value)) for name, value in {"walk_on": True, "dinner_time": "19:00", **values}.items()
    }


def at(text: str, zone: ZoneInfo = UTC) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=zone).astimezone(dt.UTC)


def due(checkin: Script, known: dict[str, Said], after: str, zone: ZoneInfo = UTC, days: int = 8) -> list[Occurrence]:
    return list(coming(checkin, known, zone, at(after, zone), days))


def local(found: list[Occurrence], zone: ZoneInfo = UTC) -> list[str]:
    return [f"{one.due_at.astimezone(zone):%d %H:%M}" for one in found]


# local times and instants


@pytest.mark.parametrize(
    ("zone", "time", "expected"),
    [
        ("Europe/Berlin", "2027-03-28T02:30", "2027-03-28T01:30+00:00"),  # 02:30 is skipped: 03:30
        ("Europe/Berlin", "2026-10-25T02:30", "2026-10-25T00:30+00:00"),  # 02:30 is twice: the first
        ("America/New_York", "2027-03-14T02:30", "2027-03-14T07:30+00:00"),
        ("Australia/Lord_Howe", "2026-10-04T02:15", "2026-10-03T15:45+00:00"),  # a gap of half an hour
        ("Pacific/Apia", "2011-12-30T12:00", "2011-12-30T22:00+00:00"),  # a day that was left out
        ("Asia/Kathmandu", "2026-11-23T07:00", "2026-11-23T01:15+00:00"),
    ],
)
def test_a_time_skipped_by_the_clock_change_moves_on_by_the_gap_and_a_double_one_is_the_first(
    zone: str, time: str, expected: str
) -> None:
    wall = dt.datetime.fromisoformat(time)
    assert instant(wall.date(), wall.time(), ZoneInfo(zone)) == dt.datetime.fromisoformat(expected)
    assert instant(wall.date(), wall.time().replace(fold=1), ZoneInfo(zone)) == dt.datetime.fromisoformat(expected)


def test_the_persons_day_starts_at_four() -> None:
    assert local_date(at("2026-11-23T03:59", BERLIN), BERLIN) == MONDAY - DAY
    assert local_date(at("2026-11-23T04:00", BERLIN), BERLIN) == MONDAY
    assert local_date(at("2026-11-24T03:59", BERLIN), BERLIN) == MONDAY
    assert day_end(MONDAY, BERLIN) == at("2026-11-24T04:00", BERLIN)
    assert week_ending(at("2026-11-23T02:00", BERLIN), BERLIN) == MONDAY - DAY


ZONES = st.sampled_from(sorted(available_timezones()))
MOMENTS = st.integers(0, 10 * 366 * 24 * 60).map(
    lambda n: dt.datetime(2026, 1, 1, tzinfo=dt.UTC) + n * dt.timedelta(minutes=1)
)
TIMES = st.times().map(lambda time: time.replace(second=0, microsecond=0))


@settings(deadline=None)
@given(ZONES, MOMENTS)
def test_every_instant_lies_in_the_day_it_belongs_to(name: str, moment: dt.datetime) -> None:
    zone = ZoneInfo(name)
    date = local_date(moment, zone)
    assert day_end(date - DAY, zone) <= moment < day_end(date, zone)


@settings(deadline=None, max_examples=60)
@given(ZONES, TIMES, st.dates(dt.date(2026, 1, 1), dt.date(2035, 1, 1)))
def test_a_daily_check_in_is_due_once_on_every_date_at_its_local_time(name: str, time: dt.time, first: dt.date) -> None:
    """A year of it, found as the planner does: the next one after the one before."""
    zone, known = ZoneInfo(name), facts(dinner_time=f"{time:%H:%M}")
    checkin = walk()
    before = instant(first, DAY_STARTS, zone) - dt.timedelta(seconds=1)
    found = list(coming(checkin, known, zone, before, days=366))
    mine = [one for one in found if one.local_date >= first]
    assert [one.local_date for one in mine] == [first + n * DAY for n in range(len(mine))]
    assert len(mine) >= 365
    assert all(one.due_at < two.due_at for one, two in pairwise(mine))
    for one in mine:
        calendar = one.local_date if time >= DAY_STARTS else one.local_date + DAY
        shown = one.due_at.astimezone(zone)
        wall = dt.datetime.combine(calendar, time)
        if shown.replace(tzinfo=None) != wall:  # only where that time does not exist, and then by the gap
            gap = wall.replace(tzinfo=zone, fold=0).utcoffset() != wall.replace(tzinfo=zone, fold=1).utcoffset()
            assert gap
            assert shown.replace(tzinfo=None) > wall
        assert one.due_at <= one.useful_until <= one.closes_at


@settings(deadline=None, max_examples=60)
@given(ZONES, TIMES, MOMENTS)
def test_the_next_one_after_the_next_one_is_the_one_after_it(name: str, time: dt.time, moment: dt.datetime) -> None:
    zone, known, dates = ZoneInfo(name), facts(dinner_time=f"{time:%H:%M}"), []
    for _ in range(10):
        (one,) = next_of_each_slot([walk()], known, zone, moment, set())
        assert one.due_at > moment
        dates.append(one.local_date)
        moment = one.due_at
    assert dates == [dates[0] + n * DAY for n in range(10)]


def test_in_ten_years_of_clock_changes_no_date_is_skipped_or_doubled() -> None:
    for name in ("Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Africa/Casablanca", "America/Santiago"):
        zone, first = ZoneInfo(name), dt.date(2026, 1, 1)
        for time in ("02:30", "00:00"):
            moment = instant(first, DAY_STARTS, zone) - dt.timedelta(seconds=1)
            found = coming(walk(), facts(dinner_time=time), zone, moment, days=3653)
            dates = [one.local_date for one in found if one.local_date >= first]
            assert dates == [first + n * DAY for n in range(len(dates))]
            assert len(dates) >= 3650


# slots


def test_a_check_in_comes_at_its_time_on_its_days() -> None:
    found = due(walk({"days": "walk_days"}), facts(walk_days=[0, 3]), "2026-11-23T12:00")
    assert local(found) == ["23 19:00", "26 19:00", "30 19:00"]


def test_until_days_are_known_those_of_the_author_hold_and_an_empty_list_is_no_day() -> None:
    checkin = walk({"days": "walk_days", "or_days": ["sunday"]})
    assert local(due(checkin, facts(), "2026-11-23T12:00")) == ["29 19:00"]
    assert due(checkin, facts(walk_days=[]), "2026-11-23T12:00") == []


def test_a_check_in_may_come_some_time_after_or_before_the_persons_time() -> None:
    found = due(walk({"after": "15 min"}, {"before": "30 min"}), facts(), "2026-11-23T12:00", days=0)
    assert local(found) == ["23 19:15", "23 18:30"]


def test_a_time_after_midnight_belongs_to_the_day_before() -> None:
    (one, *_) = due(walk({"days": "walk_days"}), facts(dinner_time="00:30", walk_days=[0]), "2026-11-23T12:00")
    assert one.local_date == MONDAY
    assert local([one]) == ["24 00:30"]


def test_after_the_persons_time_may_lead_past_midnight_and_counts_for_the_same_day() -> None:
    (one, *_) = due(walk({"after": "30 min"}), facts(dinner_time="23:45"), "2026-11-23T12:00")
    assert (one.local_date, local([one])) == (MONDAY, ["24 00:15"])


def test_a_check_in_is_useful_for_its_time_and_can_be_answered_until_the_next_day_ends() -> None:
    (one, *_) = due(walk({"useful_for": "60 min"}), facts(), "2026-11-23T12:00", BERLIN)
    assert one.due_at == at("2026-11-23T19:00", BERLIN)
    assert one.useful_until == at("2026-11-23T20:00", BERLIN)
    assert one.closes_at == at("2026-11-25T04:00", BERLIN)


def test_what_is_due_at_the_very_instant_is_over() -> None:
    assert local(due(walk(), facts(), "2026-11-23T19:00", days=1))[0] == "24 19:00"
    assert local(due(walk(), facts(), "2026-11-23T18:59", days=1))[0] == "23 19:00"


@pytest.mark.parametrize("changed", [{"walk_on": False}, {"walk_on": None}, {"dinner_time": None}])
def test_nothing_comes_that_is_not_switched_on_or_has_no_time(changed: dict[str, Any]) -> None:
    known = {name: said for name, said in facts(**changed).items() if said.value is not None}
    assert due(walk(), known, "2026-11-23T12:00") == []


def test_until_a_time_is_known_that_of_the_author_holds() -> None:
    known = {"walk_on": Said(True, "on")}
    assert local(due(walk({"or_at": "18:00"}), known, "2026-11-23T12:00", days=0)) == ["23 18:00"]


def test_a_slot_comes_only_while_its_condition_holds() -> None:
    checkin = walk({"when": {"walk_meals": {"has": "dinner"}}})
    (start,) = checkin.starts
    assert not wanted(checkin, start, facts())
    assert not wanted(checkin, start, facts(walk_meals=["lunch"]))
    assert wanted(checkin, start, facts(walk_meals=["lunch", "dinner"]))


def test_a_script_without_a_habit_needs_no_switch() -> None:
    assert local(due(walk(habit=None), {"dinner_time": Said("19:00", "")}, "2026-11-23T12:00", days=0)) == ["23 19:00"]


# the person's word about one day


def word(how: str, date: dt.date = MONDAY, habit: str = "walk") -> list[list[str]]:
    return [[habit, date.isoformat(), how]]


@pytest.mark.parametrize(
    ("how", "expected"),
    [
        ("rest", ["26 19:00", "30 19:00"]),
        ("next_day", ["24 19:00", "26 19:00", "30 19:00"]),
        ("five", ["23 19:00", "26 19:00", "30 19:00"]),
    ],
)
def test_a_day_may_rest_or_move_to_the_next_one(how: str, expected: list[str]) -> None:
    known = facts(walk_days=[0, 3], exceptions=word(how))
    assert local(due(walk({"days": "walk_days"}), known, "2026-11-23T12:00")) == expected


def test_a_word_about_another_habit_changes_nothing() -> None:
    known = facts(walk_days=[0, 3], exceptions=word("rest", habit="cold"))
    assert local(due(walk({"days": "walk_days"}), known, "2026-11-23T12:00"))[0] == "23 19:00"


def test_a_day_moved_onto_a_planned_one_is_asked_once() -> None:
    known = facts(exceptions=word("next_day"))
    assert local(due(walk(), known, "2026-11-23T12:00", days=2)) == ["24 19:00", "25 19:00"]


def test_exceptions_come_back_from_their_fact() -> None:
    one = Exception_("walk", MONDAY, "rest")
    assert exceptions({"exceptions": Said([one.to_json()], "")}) == [one]
    assert exceptions({}) == []


# planning


def test_the_next_of_every_slot_is_planned_the_earliest_first() -> None:
    checkin = walk({"at": "dinner_time"}, {"at": "lunch_time"})
    known = facts(lunch_time="12:30")
    found = next_of_each_slot([checkin], known, UTC, at("2026-11-23T13:00"), set())
    assert [(one.slot, *local([one])) for one in found] == [("slot0", "23 19:00"), ("slot1", "24 12:30")]


def test_a_day_that_had_its_check_in_is_not_planned_again() -> None:
    """A time moved to later on the same day does not ask twice."""
    taken = {("walk", "slot0", MONDAY)}
    (one,) = next_of_each_slot([walk()], facts(dinner_time="21:00"), UTC, at("2026-11-23T19:30"), taken)
    assert (one.local_date, local([one])) == (MONDAY + DAY, ["24 21:00"])


def test_the_slots_of_a_day_are_those_the_plan_has_on_it() -> None:
    checkin = walk({"days": "walk_days"}, {"or_days": ["tuesday"]})
    assert planned_on(checkin, facts(walk_days=[0]), MONDAY) == ["slot0"]
    assert planned_on(checkin, facts(walk_days=[0]), MONDAY + DAY) == ["slot1"]
    assert planned_on(checkin, facts(walk_days=[0], walk_on=False), MONDAY) == []


def test_the_fullest_weekday_counts_every_slot_that_is_on() -> None:
    twice = walk({}, {"days": "walk_days"})
    cold = walk({"or_days": ["monday", "sunday"]}, habit="cold", name="cold")
    weekly = walk(habit=None, name="weekly")
    known = facts(walk_days=[0, 2], cold_on=True)
    assert most_a_day([twice, cold, weekly], known) == 3
    assert most_a_day([twice, cold, weekly], facts(walk_days=[2], cold_on=False)) == 2
    assert most_a_day([], known) == 0
    assert MOST_A_DAY == 5


# quiet hours


@pytest.mark.parametrize(
    ("begin", "end", "time", "expected"),
    [
        ("22:00", "07:00", "21:59", None),
        ("22:00", "07:00", "22:00", "24 07:00"),
        ("22:00", "07:00", "23:30", "24 07:00"),
        ("22:00", "07:00", "00:00", "23 07:00"),
        ("22:00", "07:00", "06:59", "23 07:00"),
        ("22:00", "07:00", "07:00", None),
        ("13:00", "15:00", "12:59", None),
        ("13:00", "15:00", "14:00", "23 15:00"),
        ("13:00", "15:00", "15:00", None),
        ("08:00", "08:00", "08:00", None),
    ],
)
def test_quiet_hours_may_lie_over_midnight(begin: str, end: str, time: str, expected: str | None) -> None:
    known = facts(quiet_from=begin, quiet_to=end)
    moment = at(f"2026-11-23T{time}", BERLIN)
    assert quiet(moment, BERLIN, known) is (expected is not None)
    if expected:
        assert f"{quiet_ends(moment, BERLIN, known).astimezone(BERLIN):%d %H:%M}" == expected


def test_quiet_hours_that_end_in_a_repeated_hour_end_after_it_the_second_time_too() -> None:
    known = facts(quiet_from="22:00", quiet_to="02:45")
    second = dt.datetime(2026, 10, 25, 1, 30, tzinfo=dt.UTC)  # 02:30 in Berlin, the second time
    assert quiet(second, BERLIN, known)
    assert quiet_ends(second, BERLIN, known) == second + dt.timedelta(minutes=15)


def test_without_quiet_hours_nothing_is_quiet() -> None:
    assert not quiet(at("2026-11-23T03:00"), UTC, facts())
    assert not quiet(at("2026-11-23T03:00"), UTC, facts(quiet_from="22:00"))


@settings(deadline=None)
@given(ZONES, MOMENTS, TIMES, TIMES)
def test_after_quiet_hours_end_it_is_not_quiet(name: str, moment: dt.datetime, begin: dt.time, end: dt.time) -> None:
    zone = ZoneInfo(name)
    known = facts(quiet_from=f"{begin:%H:%M}", quiet_to=f"{end:%H:%M}")
    if quiet(moment, zone, known):
        over = quiet_ends(moment, zone, known)
        assert over > moment
        assert not quiet(over, zone, known)
        assert over - moment <= dt.timedelta(hours=26)


# a date of its own


def once(**start: Any) -> Script:
    return walk({"date": "retest_on", "or_at": "08:00", "at": "waking", **start}, habit=None, name="retest")


def test_what_has_a_date_of_its_own_comes_on_it_however_far_ahead_and_never_again() -> None:
    known = facts(retest_on="2027-05-23")
    found = list(coming(once(), known, BERLIN, at("2026-11-23 12:00")))
    assert [one.due_at for one in found] == [at("2027-05-23 06:00")]
    assert list(coming(once(), known, BERLIN, at("2027-05-23 06:00"))) == []
    assert planned_on(once(), known, dt.date(2027, 5, 23)) == ["slot0"]
    assert planned_on(once(), known, dt.date(2027, 5, 24)) == []


@pytest.mark.parametrize("said", [{}, {"retest_on": "none"}, {"retest_on": False}])
def test_without_its_date_it_never_comes(said: dict[str, Any]) -> None:
    assert list(coming(once(), facts(**said), BERLIN, at("2026-11-23 12:00"))) == []
    assert not wanted(once(), once().starts[0], facts(**said))
