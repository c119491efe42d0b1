"""Law 9: ignored thrice, ask once; then thin out. Reduced alone, raised only with the person's word."""

from __future__ import annotations

import datetime as dt

import pytest

from bot.coach.attention import THRICE, Asked, days_left, fewer, turn_of

MONDAY = dt.date(2026, 11, 23)


def day(n: int) -> dt.date:
    return MONDAY + dt.timedelta(days=n)


def ignored(*days: int) -> list[Asked]:
    return [Asked(day(n), answered=False) for n in days]


def test_it_is_asked_about_after_three_and_not_after_two() -> None:
    assert turn_of(day(2), ignored(0, 1), None) == "ask"
    assert turn_of(day(3), ignored(0, 1, 2), None) == "offer"


def test_an_answer_between_resets_the_count() -> None:
    history = [*ignored(0, 1), Asked(day(2), answered=True), *ignored(3, 4)]
    assert turn_of(day(5), history, None) == "ask"
    assert turn_of(day(6), [*history, *ignored(5)], None) == "offer"


def test_a_day_of_three_meals_is_one_day() -> None:
    assert turn_of(day(1), ignored(0, 0, 0), None) == "ask"
    assert turn_of(day(3), ignored(0, 0, 1, 1, 2), None) == "offer"


def test_days_of_a_break_do_not_count() -> None:
    assert turn_of(day(3), ignored(0, 1, 2), None, breaks={day(1)}) == "ask"


def test_the_persons_own_word_counts_as_attention() -> None:
    assert turn_of(day(3), ignored(0, 1, 2), None, heard=day(0)) == "ask"
    assert turn_of(day(4), ignored(0, 1, 2, 3), None, heard=day(0)) == "offer"


def test_an_offer_that_is_ignored_thins_to_one_a_week() -> None:
    offered = [*ignored(0, 1, 2), Asked(day(3), answered=False, offer=True)]
    assert turn_of(day(4), offered, None) == "weekly"
    assert turn_of(day(4), offered, "half") == "weekly"


def test_nothing_more_is_said_on_the_day_of_the_offer() -> None:
    offered = [*ignored(0, 1, 2), Asked(day(3), answered=False, offer=True)]
    assert turn_of(day(3), offered, None) == "hold"


def test_an_offer_that_is_answered_ends_it() -> None:
    answered = [*ignored(0, 1, 2), Asked(day(3), answered=True, offer=True)]
    assert turn_of(day(3), answered, None) == "ask"
    assert turn_of(day(6), [*answered, *ignored(4, 5)], None) == "ask"


def test_once_a_week_and_ignored_thrice_it_falls_silent_and_is_not_asked_about_again() -> None:
    assert turn_of(day(14), ignored(0, 7), "weekly") == "ask"
    assert turn_of(day(21), ignored(0, 7, 14), "weekly") == "silent"


@pytest.mark.parametrize(
    ("thinned", "days"),
    [
        (None, {0, 1, 2, 3, 4}),
        ("usual", {0, 1, 2, 3, 4}),
        ("half", {0, 2, 4}),
        ("once", {0}),
        ("weekly", {0}),
        ("silent", set()),
    ],
)
def test_which_days_are_left(thinned: str | None, days: set[int]) -> None:
    assert days_left({0, 1, 2, 3, 4}, thinned) == days


def test_fewer_is_half_of_them_and_then_one_a_week() -> None:
    assert [fewer(how) for how in (None, "usual", "half", "weekly")] == ["half", "half", "once", "once"]
    assert THRICE == 3
