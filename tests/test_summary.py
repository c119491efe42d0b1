"""Rules of the weekly summary in words, for full, first, partial and empty weeks."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from bot.coach.dialogue import Said
from bot.coach.week import BestLift, Habit, HabitFigures, WeekFigures, WentWell
from bot.markup import mistakes, plain
from bot.summary import lines
from tests.coach.world import library

SUNDAY = dt.date(2026, 11, 29)
POUNDS = {"load_unit": Said("lb", "Pounds")}


def week(habits: dict[Habit, HabitFigures] | None = None, **more: Any) -> WeekFigures:
    return WeekFigures(ending=SUNDAY, habits=habits or {}, grid={}, **{"empty": False, **more})


def said(figures: WeekFigures, facts: dict[str, Said] | None = None) -> list[str]:
    html = lines(library(), figures, facts or {})
    assert mistakes(html) == []
    return [line for line in plain(html).split("\n") if line]


def test_a_full_week_says_each_habit_what_it_adds_up_to_and_what_went_well() -> None:
    figures = week(
        {
            "walk": HabitFigures(done=5, planned=7, partly=1, unanswered=2, extra=1, last_done=4, last_planned=7),
            "lifting": HabitFigures(done=2, planned=2),
            "sleep": HabitFigures(done=6, planned=7, partly=2, unanswered=1, extra=2),
            "cold": HabitFigures(extra=1),
        },
        walk_minutes=62.4,
        previous_walk_minutes=48.0,
        volume_kg=1250.0,
        previous_volume_kg=1100.0,
        bodyweight_sets=6,
        best_lift=BestLift("squat", 40.0, 8, 50.0),
        sleep_minutes=431.0,
        regularity_minutes=33.0,
        cold_seconds=90.0,
        note="my knee is fine",
        went_well=WentWell("full", "lifting"),
    )
    assert said(figures) == [
        "Your week",
        "Walks 5 of 7 (last week 4); one in part; 2 unanswered; one more on top.",
        "Lifting 2 of 2.",
        "Sleep 6 of 7; 2 in part; one unanswered; 2 more on top.",
        "Cold: 1, none planned.",
        "62 minutes walked (last week 48).",
        "1250 kg lifted in all (last week 1100). 6 sets with your own weight. Best: squat 40 kg × 8 (an estimate for"
        " one: about 50 kg, give or take 5–10%).",
        "Sleep about 7 h 10, steady to about 35 min.",
        "Cool water 90 s (1.5 min).",
        "Lifting: everything that was planned got done.",
        "You wrote: “my knee is fine”",
    ]


def test_a_first_week_is_called_so_and_compares_with_nothing() -> None:
    figures = week({"walk": HabitFigures(done=1, planned=2)}, first=True, walk_minutes=12.0)
    assert said(figures) == ["Your first week", "Walks 1 of 2.", "12 minutes walked."]


def test_a_partial_week_counts_what_it_has() -> None:
    figures = week({"walk": HabitFigures(done=1, planned=1)}, partial=True, went_well=WentWell("some", "walk"))
    assert said(figures) == ["Your week", "Walks 1 of 1.", "You kept walks alive."]


def test_an_empty_week_without_a_plan_points_to_the_plan() -> None:
    head, text = said(week(empty=True))
    assert head == "Your week"
    assert "/plan" in text


@pytest.mark.parametrize("habit", [HabitFigures(planned=3), HabitFigures(unanswered=2)])
def test_an_empty_week_with_a_plan_wipes_nothing_out(habit: HabitFigures) -> None:
    _, text = said(week({"walk": habit}, empty=True))
    assert "wipes nothing out" in text
    assert "0 of" not in text


def test_a_habit_with_nothing_planned_or_done_is_not_named() -> None:
    assert said(week({"walk": HabitFigures(done=1, planned=1), "cold": HabitFigures()})) == [
        "Your week",
        "Walks 1 of 1.",
    ]


def test_last_week_is_named_only_where_something_was_planned() -> None:
    with_none = HabitFigures(done=1, planned=2, last_done=0, last_planned=0)
    with_some = HabitFigures(done=1, planned=2, last_done=0, last_planned=3)
    assert said(week({"walk": with_none}))[1] == "Walks 1 of 2."
    assert said(week({"walk": with_some}))[1] == "Walks 1 of 2 (last week 0)."


def test_loads_are_said_in_the_persons_own_unit() -> None:
    figures = week(volume_kg=100.0, best_lift=BestLift("row", 20.0, 1, 20.0))
    assert said(figures, POUNDS)[1] == "220 lb lifted in all. Best: row 44 lb × 1."


def test_a_lift_without_a_load_says_its_repetitions() -> None:
    figures = week(bodyweight_sets=1, best_lift=BestLift("push_up", None, 12, None))
    assert said(figures)[1] == "One set with your own weight. Best: push-up × 12."


def test_an_even_number_of_hours_needs_no_minutes() -> None:
    assert said(week(sleep_minutes=478.0))[1] == "Sleep about 8 h."
    assert said(week(sleep_minutes=425.0))[1] == "Sleep about 7 h 05."


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("full", "Walks: everything that was planned got done."),
        ("improved", "Walks went better than last week."),
        ("some", "You kept walks alive."),
    ],
)
def test_what_went_well_has_its_line(kind: Any, expected: str) -> None:
    assert said(week({"walk": HabitFigures(done=2, planned=3)}, went_well=WentWell(kind, "walk")))[-1] == expected


@pytest.mark.parametrize(
    ("walk", "cold", "expected"),
    [(2, 3, "Walks went best."), (1, 3, "You kept walks alive."), (2, 0, "You kept walks alive.")],
)
def test_went_best_is_said_only_of_a_fair_share_and_beside_another_habit(walk: int, cold: int, expected: str) -> None:
    habits: dict[Habit, HabitFigures] = {
        "walk": HabitFigures(done=walk, planned=3),
        "cold": HabitFigures(planned=cold),
    }
    assert said(week(habits, went_well=WentWell("fullest", "walk")))[-1] == expected


def test_a_note_is_quoted_as_it_was_written() -> None:
    html = lines(library(), week(note="<b>3 & 4</b>"), {})
    assert "“&lt;b&gt;3 &amp; 4&lt;/b&gt;”" in html
    assert mistakes(html) == []


PLAIN = {"no_numbers": Said("yes", "yes")}


def test_without_numbers_the_week_is_told_in_words() -> None:
    figures = week(
        {
            "walk": HabitFigures(done=7, planned=7, last_done=4, last_planned=7),
            "lifting": HabitFigures(done=1, planned=2),
            "sleep": HabitFigures(done=1, planned=7, unanswered=6),
            "cold": HabitFigures(planned=2, skipped=2),
        },
        walk_minutes=62.4,
        volume_kg=1250.0,
        bodyweight_sets=6,
        best_lift=BestLift("squat", 40.0, 8, 50.0),
        sleep_minutes=431.0,
        cold_seconds=90.0,
        went_well=WentWell("full", "walk"),
    )
    assert said(figures, PLAIN) == [
        "Your week",
        "Walks: all you planned got done.",
        "Lifting: some of what you planned got done.",
        "Sleep: some of what you planned got done.",
        "Cold: it did not fit in, and that wipes nothing out.",
    ]


def test_without_numbers_what_had_no_plan_is_told_too() -> None:
    assert said(week({"walk": HabitFigures(extra=3)}, went_well=WentWell("some", "walk")), PLAIN) == [
        "Your week",
        "Walks: done, without a plan.",
    ]


def test_what_fell_silent_by_itself_has_one_line_while_it_is_switched_on() -> None:
    figures = week({"sleep": HabitFigures(done=2, planned=3)})
    silent = {"walk_on": Said(True, "on"), "walk_thin": Said("silent", "silent")}
    assert said(figures, silent)[-1].startswith("Walks: quiet, since nothing came back.")
    assert "quiet" not in "".join(said(figures, {**silent, "walk_on": Said(False, "off")}))
