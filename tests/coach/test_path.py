"""The twelve-week path: which area, which week, which lesson."""

from __future__ import annotations

import datetime as dt

import pytest

from bot.coach import path

OPEN = {"exercise": True, "cold": False, "sauna": False}
FRIDAY = dt.date(2026, 11, 27)


def test_the_usual_order_begins_with_moving_and_ends_with_supplements() -> None:
    assert path.order({}, OPEN) == path.AREAS


@pytest.mark.parametrize("answers", [{"hours": "under_six"}, {"hours": "six"}, {"stress": "heavy"}])
def test_short_nights_or_heavy_stress_bring_sleep_second(answers: dict[str, str]) -> None:
    assert path.order(answers, OPEN)[:3] == ("exercise", "sleep_stress", "nutrition")


def test_enough_sleep_leaves_the_usual_order() -> None:
    assert path.order({"hours": "seven", "stress": "light"}, OPEN) == path.AREAS


def test_where_moving_is_held_exercise_and_muscle_come_last() -> None:
    found = path.order({}, {"exercise": False})
    assert found == ("nutrition", "sleep_stress", "cold_heat", "supplements", "exercise", "muscle")


def test_short_nights_where_moving_is_held_begin_with_sleep() -> None:
    assert path.order({"hours": "six"}, {"exercise": False})[0] == "sleep_stress"


def test_every_area_has_two_weeks() -> None:
    areas = [path.area(path.AREAS, number) for number in range(1, path.WEEKS + 1)]
    assert areas == [place for place in path.AREAS for _ in range(2)]


@pytest.mark.parametrize(("days", "number"), [(-3, 1), (0, 1), (6, 1), (7, 2), (62, 9), (83, 12), (84, 12), (400, 12)])
def test_weeks_are_counted_from_the_first_lesson(days: int, number: int) -> None:
    assert path.week(FRIDAY, FRIDAY + dt.timedelta(days=days), ()) == number


def test_the_days_of_a_break_are_no_weeks_of_the_path() -> None:
    holiday = {FRIDAY + dt.timedelta(days=n) for n in range(7, 21)}
    assert path.week(FRIDAY, FRIDAY + dt.timedelta(days=21), holiday) == 2


def test_a_break_before_the_path_or_after_the_day_counts_for_nothing() -> None:
    elsewhere = {FRIDAY - dt.timedelta(days=1), FRIDAY + dt.timedelta(days=30)}
    assert path.week(FRIDAY, FRIDAY + dt.timedelta(days=14), elsewhere) == 3


def test_who_left_the_path_goes_on_where_they_were() -> None:
    assert path.week(FRIDAY, FRIDAY, (), before=4) == 5


def test_no_lesson_is_told_twice_in_twelve_weeks() -> None:
    told: list[str] = []
    for number in range(1, 13):
        now = path.lesson(path.AREAS, number, told)
        assert now is not None
        assert now.startswith(path.area(path.AREAS, number))
        told.append(now)
    assert len(set(told)) == 12
    assert path.lesson(path.AREAS, 12, told) is None


def test_a_week_that_comes_round_again_after_a_short_break_says_something_else() -> None:
    assert path.lesson(path.AREAS, 1, ["exercise_1"]) == "exercise_2"
    assert path.lesson(path.AREAS, 1, ["exercise_1", "exercise_2"]) == "nutrition_1"


def test_another_area_comes_at_once_and_the_others_keep_their_order() -> None:
    found = path.reordered(path.AREAS, 4, "supplements")
    assert found == ("exercise", "supplements", "nutrition", "muscle", "sleep_stress", "cold_heat")
    assert path.area(found, 4) == "supplements"


def test_the_first_lesson_is_today_only_where_its_time_is_still_ahead() -> None:
    assert path.first_day(FRIDAY, 4, today_is_ahead=True) == FRIDAY
    assert path.first_day(FRIDAY, 4, today_is_ahead=False) == FRIDAY + dt.timedelta(days=7)
    assert path.first_day(FRIDAY, 0, today_is_ahead=False) == FRIDAY + dt.timedelta(days=3)
