"""Rules of the weekly figures: what counts, what leaves the denominator, what went well."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from bot.coach.training import SetDone
from bot.coach.week import (
    CELLS,
    HABITS,
    Cold,
    Habit,
    HabitFigures,
    Lifted,
    Night,
    OwnWord,
    Slot,
    Status,
    Walk,
    WeekFigures,
    WeekRecords,
    WentWell,
    days_of,
    summarise,
    trend,
)

SUNDAY = dt.date(2026, 3, 8)
DAYS = days_of(SUNDAY)
BERLIN = ZoneInfo("Europe/Berlin")
STATUSES: tuple[Status, ...] = ("done", "partly", "skipped", "unanswered", "not_sent", "uncertain", "planned")


def slots(*statuses: Status, slot: str = "one", first: int = 0) -> list[Slot]:
    return [Slot(DAYS[first + index], slot, status) for index, status in enumerate(statuses)]


def week(**given_records: object) -> WeekFigures:
    return summarise(replace(WeekRecords(SUNDAY, SUNDAY), **given_records))  # type: ignore[arg-type]


def night(day: int, bed: tuple[int, int], hours: float, zone: ZoneInfo = BERLIN) -> Night:
    date = DAYS[day]
    evening = date if bed[0] >= 12 else date + dt.timedelta(days=1)
    start = dt.datetime.combine(evening, dt.time(*bed), zone)
    wake = (start.astimezone(dt.UTC) + dt.timedelta(hours=hours)).astimezone(zone)
    return Night(date, start, wake)


def test_a_week_is_seven_dates_that_end_on_the_day() -> None:
    assert (DAYS[0], DAYS[-1], len(DAYS)) == (dt.date(2026, 3, 2), SUNDAY, 7)


def test_other_weeks_do_not_count() -> None:
    outside = DAYS[0] - dt.timedelta(days=1)
    figures = week(
        slots={"walk": [Slot(outside, "one", "done")]},
        walks=[Walk(outside, 30, "before")],
        sets=[Lifted(outside, SetDone("squat", 60, 8))],
        nights=[Night(outside, minutes=400)],
        colds=[Cold(SUNDAY + dt.timedelta(days=1), 60)],
        own=[OwnWord(outside, "walk")],
    )
    assert figures == week()


@pytest.mark.parametrize(
    ("status", "planned"),
    [
        ("done", 1),
        ("partly", 1),
        ("skipped", 1),
        ("unanswered", 1),
        ("not_sent", 0),
        ("uncertain", 0),
        ("planned", 0),
    ],
)
def test_only_what_was_asked_is_in_the_denominator(status: Status, planned: int) -> None:
    assert week(slots={"cold": slots(status)}).habits["cold"].planned == planned


def test_each_status_is_kept_apart() -> None:
    figures = week(slots={"walk": slots(*STATUSES)}).habits["walk"]
    assert figures == HabitFigures(done=1, partly=1, planned=4, unanswered=1, skipped=1)


def test_what_is_still_ahead_leaves_the_denominator() -> None:
    figures = week(
        asof=DAYS[4],
        slots={"sleep": slots("done", "done", "skipped", "done", "planned", "planned", "planned")},
    )
    assert (figures.habits["sleep"].done, figures.habits["sleep"].planned) == (3, 4)
    assert [day.cell for day in figures.grid["sleep"]][4:] == ["ahead"] * 3
    assert figures.partial


def test_a_past_slot_nobody_sent_is_the_coachs_miss() -> None:
    figures = week(slots={"sleep": slots("planned")})
    assert figures.grid["sleep"][0].cell == "not_sent"
    assert figures.habits["sleep"].planned == 0


def test_a_break_leaves_the_denominator() -> None:
    figures = week(slots={"walk": slots("done", "unanswered", "skipped", "done")}, breaks=frozenset({DAYS[1], DAYS[2]}))
    assert (figures.habits["walk"].done, figures.habits["walk"].planned) == (2, 2)
    assert [day.cell for day in figures.grid["walk"]][:4] == ["done", "break", "break", "done"]
    assert figures.hardest is None


def test_what_is_done_in_a_break_is_extra() -> None:
    figures = week(slots={"walk": slots("done")}, breaks=frozenset({DAYS[0]}))
    assert figures.habits["walk"] == HabitFigures(extra=1)
    assert figures.grid["walk"][0].cell == "done"


@pytest.mark.parametrize("status", ["unanswered", "uncertain", "not_sent", "planned", "skipped"])
def test_the_persons_own_word_fills_the_days_slot(status: Status) -> None:
    figures = week(slots={"walk": slots(status)}, own=[OwnWord(DAYS[0], "walk")])
    assert figures.habits["walk"] == HabitFigures(done=1, planned=1)


def test_own_word_fills_silence_before_a_skip() -> None:
    day = [Slot(DAYS[0], "lunch", "skipped"), Slot(DAYS[0], "dinner", "unanswered")]
    figures = week(slots={"walk": day}, own=[OwnWord(DAYS[0], "walk")])
    assert figures.grid["walk"][0].slots == ("skipped", "done")


def test_own_word_without_a_slot_is_extra() -> None:
    figures = week(slots={"walk": slots("done")}, own=[OwnWord(DAYS[0], "walk"), OwnWord(DAYS[3], "walk")])
    assert figures.habits["walk"] == HabitFigures(done=1, planned=1, extra=2)
    assert figures.grid["walk"][3].cell == "done"
    assert figures.active_days == 2


def test_a_day_of_several_slots_shows_its_best_and_keeps_the_rest() -> None:
    day = [
        Slot(DAYS[0], "breakfast", "unanswered"),
        Slot(DAYS[0], "lunch", "done"),
        Slot(DAYS[0], "dinner", "skipped"),
    ]
    cell = week(slots={"walk": day}).grid["walk"][0]
    assert (cell.cell, cell.slots) == ("done", ("unanswered", "done", "skipped"))


def test_silence_is_not_no() -> None:
    figures = week(slots={"walk": slots("unanswered")})
    assert (figures.habits["walk"].unanswered, figures.habits["walk"].skipped) == (1, 0)
    assert figures.empty


def test_a_no_is_an_answer() -> None:
    figures = week(slots={"walk": slots("skipped")})
    assert not figures.empty
    assert figures.active_days == 0


def test_a_week_of_nothing_is_empty() -> None:
    assert week().empty
    assert week().hardest is None
    assert week().went_well is None
    assert [day.cell for day in week().grid["walk"]] == ["unplanned"] * 7


def test_a_lapse_wipes_nothing() -> None:
    full = slots("done", "done", "done", "done", "done", "done", "done")
    for missed in range(7):
        lapsed = [*full[:missed], replace(full[missed], status="skipped"), *full[missed + 1 :]]
        assert week(slots={"walk": lapsed}).habits["walk"].done == 6


def test_training_figures() -> None:
    sets = [SetDone("squat", 60, 10), SetDone("squat", 70, 5), SetDone("push-up", None, 15)]
    figures = week(sets=[Lifted(DAYS[1], done) for done in sets])
    assert (figures.volume_kg, figures.bodyweight_sets) == (950, 1)
    assert figures.best_lift is not None
    assert (figures.best_lift.load_kg, figures.best_lift.reps) == (70, 5)
    assert figures.best_lift.e1rm_kg == pytest.approx(70 * (1 + 5 / 30))


def test_the_latest_words_about_a_walk_are_kept() -> None:
    walks = [Walk(DAYS[4], 20, " by the river "), Walk(DAYS[1], 10, "windy"), Walk(DAYS[5], 15, "  ")]
    figures = week(walks=walks)
    assert (figures.walk_minutes, figures.note) == (45, "by the river")


def test_cold_adds_up() -> None:
    assert week(colds=[Cold(DAYS[0], 30), Cold(DAYS[2], 45)]).cold_seconds == 75


def test_sleep_is_averaged_from_minutes_or_times() -> None:
    figures = week(nights=[night(0, (23, 0), 8), Night(DAYS[1], minutes=420)])
    assert figures.sleep_minutes == 450
    assert figures.regularity_minutes is None


def test_a_night_across_the_changed_hour_has_its_real_length() -> None:
    spring = Night(
        DAYS[0],
        dt.datetime(2026, 3, 28, 23, 0, tzinfo=BERLIN),
        dt.datetime(2026, 3, 29, 7, 0, tzinfo=BERLIN),
    )
    assert week(nights=[spring]).sleep_minutes == 7 * 60


def test_impossible_nights_say_nothing() -> None:
    bed = dt.datetime(2026, 3, 2, 23, tzinfo=BERLIN)
    assert week(nights=[Night(DAYS[0], bed, bed - dt.timedelta(hours=1))]).sleep_minutes is None


def test_a_corrected_night_replaces_the_first() -> None:
    assert week(nights=[Night(DAYS[0], minutes=300), Night(DAYS[0], minutes=420)]).sleep_minutes == 420


def test_a_naive_night_is_refused() -> None:
    with pytest.raises(ValueError, match="aware"):
        Night(DAYS[0], dt.datetime(2026, 3, 2, 23))  # noqa: DTZ001


def test_three_nights_make_a_regularity() -> None:
    nights = [night(0, (23, 0), 8), night(1, (23, 30), 8), night(2, (0, 0), 8)]
    figures = week(nights=nights)
    assert figures.regularity_minutes == pytest.approx(30)
    assert figures.regularity_of == "mid_sleep"
    assert week(nights=nights[:2]).regularity_minutes is None


def test_without_waking_times_bedtimes_are_compared() -> None:
    nights = [replace(night(day, (23, 50 - day * 10), 8), wake=None) for day in range(3)]
    figures = week(nights=nights)
    assert figures.regularity_minutes == pytest.approx(10)
    assert figures.regularity_of == "bedtime"


@settings(deadline=None)
@given(shift=st.integers(0, 1439), spread=st.lists(st.integers(-120, 120), min_size=3, max_size=7))
def test_regularity_does_not_depend_on_the_hour(shift: int, spread: list[int]) -> None:
    def nights(offset: int) -> list[Night]:
        start = dt.datetime(2026, 3, 2, 12, tzinfo=dt.UTC)
        beds = [start + dt.timedelta(minutes=offset + minutes) for minutes in spread]
        return [Night(DAYS[i], bed, bed + dt.timedelta(hours=8)) for i, bed in enumerate(beds)]

    base, moved = week(nights=nights(0)), week(nights=nights(shift))
    assert base.regularity_minutes == pytest.approx(moved.regularity_minutes, abs=1e-6)


def test_last_week_stands_beside_this_one() -> None:
    previous = week(
        slots={"walk": slots("done", "skipped")},
        walks=[Walk(DAYS[0], 20)],
        sets=[Lifted(DAYS[0], SetDone("squat", 50, 10))],
    )
    figures = week(previous=previous)
    assert (figures.habits["walk"].last_done, figures.habits["walk"].last_planned) == (1, 2)
    assert (figures.previous_volume_kg, figures.previous_walk_minutes) == (500, 20)
    assert not figures.first
    assert previous.first
    assert previous.previous_volume_kg is None


WENT_WELL: list[tuple[dict[Habit, list[Slot]], dict[Habit, list[Slot]], WentWell | None]] = [
    ({"walk": slots("done", "done"), "sleep": slots("done", "skipped")}, {}, WentWell("full", "walk")),
    (
        {"walk": slots("done", "done"), "sleep": slots("done", "done", "done")},
        {},
        WentWell("full", "sleep"),
    ),
    (
        {"walk": slots("done", "done", "done", "skipped"), "sleep": slots("done", "skipped")},
        {"walk": slots("done", "done", "done", "skipped"), "sleep": slots("skipped", "skipped")},
        WentWell("improved", "sleep"),
    ),
    ({"walk": slots("done", "skipped"), "sleep": slots("skipped")}, {}, WentWell("fullest", "walk")),
    ({"cold": slots("partly", "skipped")}, {}, WentWell("some", "cold")),
    ({"cold": slots("skipped", "unanswered")}, {"cold": slots("done")}, None),
]


@pytest.mark.parametrize(("now", "before", "expected"), WENT_WELL)
def test_what_went_well_is_the_surest_good_news(
    now: dict[Habit, list[Slot]], before: dict[Habit, list[Slot]], expected: WentWell | None
) -> None:
    previous = week(slots=before) if before else None
    assert week(slots=now, previous=previous).went_well == expected


def test_the_hardest_day_missed_most() -> None:
    figures = week(
        slots={
            "walk": slots("done", "skipped", "unanswered", "done"),
            "sleep": slots("skipped", "done", "unanswered", "done"),
        }
    )
    assert figures.hardest == DAYS[2]


def test_of_equally_hard_days_the_one_with_the_larger_share() -> None:
    figures = week(slots={"walk": slots("skipped", "skipped"), "sleep": slots("done")})
    assert figures.hardest == DAYS[1]


def test_what_the_coach_missed_makes_no_day_hard() -> None:
    assert week(slots={"walk": slots("not_sent", "uncertain", "planned")}).hardest is None


def test_a_week_begun_within_is_partial() -> None:
    assert week(started=DAYS[2]).partial
    assert not week(started=DAYS[0]).partial


def test_the_trend_keeps_the_last_weeks_in_order() -> None:
    weeks = [replace(week(), ending=SUNDAY + dt.timedelta(weeks=n)) for n in (3, 0, 2, 1)]
    points = trend(weeks, last=3)
    assert [point.ending for point in points] == [SUNDAY + dt.timedelta(weeks=n) for n in (1, 2, 3)]


def test_figures_of_another_shape_are_refused() -> None:
    with pytest.raises(ValidationError):
        WeekFigures.from_dict({"ending": "2026-03-08"})


SLOTS = st.dictionaries(
    st.sampled_from(HABITS),
    st.lists(st.builds(Slot, st.sampled_from(DAYS), st.just("one"), st.sampled_from(STATUSES)), max_size=21),
)
RECORDS = st.builds(
    WeekRecords,
    ending=st.just(SUNDAY),
    asof=st.sampled_from(DAYS),
    slots=SLOTS,
    breaks=st.frozensets(st.sampled_from(DAYS), max_size=3),
    own=st.lists(st.builds(OwnWord, st.sampled_from(DAYS), st.sampled_from(HABITS)), max_size=6),
    walks=st.lists(
        st.builds(Walk, st.sampled_from(DAYS), st.integers(1, 300), st.none() | st.text(max_size=5)),
        max_size=5,
    ),
    sets=st.lists(
        st.builds(
            Lifted,
            st.sampled_from(DAYS),
            st.builds(SetDone, st.just("squat"), st.none() | st.integers(1, 200).map(float), st.integers(1, 20)),
        ),
        max_size=5,
    ),
    nights=st.lists(st.builds(Night, st.sampled_from(DAYS), minutes=st.integers(1, 900).map(float)), max_size=5),
    colds=st.lists(st.builds(Cold, st.sampled_from(DAYS), st.integers(1, 600).map(float)), max_size=3),
)


@settings(deadline=None)
@given(records=RECORDS)
def test_the_parts_add_up_to_the_denominator(records: WeekRecords) -> None:
    figures = summarise(records)
    for habit in HABITS:
        it = figures.habits[habit]
        assert it.done + it.partly + it.skipped + it.unanswered == it.planned
        assert 0 <= (it.share or 0) <= 1
        assert [day.date for day in figures.grid[habit]] == list(DAYS)
        assert all(day.cell in CELLS for day in figures.grid[habit])
    assert 0 <= figures.active_days <= 7


@settings(deadline=None)
@given(records=RECORDS, again=RECORDS)
def test_figures_survive_the_outbox(records: WeekRecords, again: WeekRecords) -> None:
    figures = summarise(replace(again, previous=summarise(records)))
    assert WeekFigures.from_dict(json.loads(json.dumps(figures.to_dict()))) == figures


@settings(deadline=None)
@given(records=RECORDS, date=st.sampled_from(DAYS))
def test_a_break_never_makes_a_week_worse(records: WeekRecords, date: dt.date) -> None:
    before, after = summarise(records), summarise(replace(records, breaks=records.breaks | {date}))
    for habit in HABITS:
        one, two = before.habits[habit], after.habits[habit]
        assert two.skipped + two.unanswered <= one.skipped + one.unanswered
        assert two.done + two.extra >= one.done + one.extra


@settings(deadline=None)
@given(records=RECORDS, date=st.sampled_from(DAYS), habit=st.sampled_from(HABITS))
def test_a_persons_word_never_makes_a_week_worse(records: WeekRecords, date: dt.date, habit: Habit) -> None:
    before = summarise(records).habits[habit]
    after = summarise(replace(records, own=[*records.own, OwnWord(date, habit)])).habits[habit]
    assert after.done + after.extra == before.done + before.extra + 1
    assert after.skipped + after.unanswered <= before.skipped + before.unanswered
