"""Says where a person is on the twelve-week path: which area, which week, and which follow-up lesson is due.

Two weeks an area, in the order that suits the answers or in the person's own. Breaks do not count, no lesson is told
twice, and what a week did not get to say waits for a later one.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from typing import Any

AREAS = ("exercise", "nutrition", "muscle", "sleep_stress", "cold_heat", "supplements")
"""The usual order: what is best shown and easiest to begin comes first."""
WEEKS_EACH = 2
WEEKS = WEEKS_EACH * len(AREAS)
_SHORT_NIGHTS = ("under_six", "six")
_GATES_OF = {"exercise": "exercise", "muscle": "exercise"}
"""The gate without which an area is only something to read. Cold is that until somebody asks for it, so it keeps its
place; food and supplements have no gate as a whole."""


def order(answers: Mapping[str, Any], is_open: Mapping[str, bool]) -> tuple[str, ...]:
    """The order that suits the answers: short nights bring sleep forward, and what is all held goes to the end.

    `answers` are what the person said by name (`hours` and `stress` of the sleep area), `is_open` the gates.
    """
    found = list(AREAS)
    if answers.get("hours") in _SHORT_NIGHTS or answers.get("stress") in ("heavy", "too_much"):
        _put(found, "sleep_stress", 1)
    held = [place for place in found if place in _GATES_OF and not is_open.get(_GATES_OF[place], False)]
    return tuple([place for place in found if place not in held] + held)


def first_day(today: dt.date, weekday: int, today_is_ahead: bool) -> dt.date:
    """The local date of the first lesson: the next such weekday (Monday 0), today if its time is still ahead."""
    days = (weekday - today.weekday()) % 7
    return today + dt.timedelta(days=days if days or today_is_ahead else 7)


def week(began: dt.date, today: dt.date, breaks: Collection[dt.date], before: int = 0) -> int:
    """Which of the twelve weeks a local date lies in, 1 before the first; days of a break do not count.

    `before` are the weeks walked before `began`, where the path was left and taken up again.
    """
    days = (today - began).days - sum(began <= day < today for day in breaks)
    return min(before + max(days, 0) // 7 + 1, WEEKS)


def area(places: Sequence[str], number: int) -> str:
    """The area of a week, from the order of the areas."""
    return places[(number - 1) // WEEKS_EACH]


def lesson(places: Sequence[str], number: int, told: Collection[str]) -> str | None:
    """A week's lesson, `area_1` or `area_2`: one of its area, else the first that was not told. None if all were."""
    now = area(places, number)
    for place in (now, *places):
        for n in range(1, WEEKS_EACH + 1):
            if f"{place}_{n}" not in told:
                return f"{place}_{n}"
    return None


def reordered(places: Sequence[str], number: int, picked: str) -> tuple[str, ...]:
    """The order after the person picked another area for now; the others keep theirs."""
    found = list(places)
    _put(found, picked, min((number - 1) // WEEKS_EACH, len(found) - 1))
    return tuple(found)


def _put(places: list[str], place: str, at: int) -> None:
    places.remove(place)
    places.insert(at, place)
