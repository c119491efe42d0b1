"""Bedtime and waking: who works nights is not taken for a day person, and a window nobody sleeps is asked back."""

from __future__ import annotations

from typing import Any

import pytest

from tests.turns.chat import ONE_DATABASE, Chat, World

SHIFTS = {"sleep_warnings": ["shift"]}


def asked_for_times(world: World, **facts: Any) -> Chat:
    robin = world.person(**facts)
    robin.say("/settings")
    robin.tap("Bedtime & waking")
    return robin


def test_who_works_shifts_is_offered_mornings_and_a_bare_hour_is_asked_about(world: World) -> None:
    robin = asked_for_times(world, **SHIFTS)
    assert {"08:00", "09:00", "10:00"} <= set(robin.last.labels)
    assert not {"21:30", "22:30", "23:00"} & set(robin.last.labels)
    robin.say("9:30")
    assert {"09:30", "21:30"} <= set(robin.last.labels), "asked back, not taken for the evening"
    robin.say("9:00")  # as a button says it
    robin.say("half past three")
    robin.tap("15:30")
    assert (robin.facts["bedtime"], robin.facts["waking"]) == ("09:00", "15:30")


@ONE_DATABASE
@pytest.mark.parametrize(
    ("tap", "bed", "up"),
    [
        ("To bed at 09:00", "09:00", "15:30"),
        ("Up at 03:30", "21:00", "03:30"),
        ("Both are right", "21:00", "15:30"),
    ],
)
def test_a_window_over_twelve_hours_is_asked_back(world: World, tap: str, bed: str, up: str) -> None:
    robin = asked_for_times(world)
    robin.say("9:00")
    robin.say("15:30")
    assert "From 21:00 to 15:30" in robin.last.plain
    robin.tap(tap)
    assert (robin.facts["bedtime"], robin.facts["waking"]) == (bed, up)


def test_times_that_were_wrong_on_both_sides_are_asked_anew(world: World) -> None:
    robin = asked_for_times(world)
    robin.say("9:00")
    robin.say("15:30")
    robin.tap("Ask me again")
    robin.say("10 in the morning")
    robin.say("17:00")
    assert (robin.facts["bedtime"], robin.facts["waking"]) == ("10:00", "17:00")


def test_a_long_night_of_up_to_twelve_hours_is_taken_as_it_was_said(world: World) -> None:
    robin = asked_for_times(world)
    robin.say("21:00")
    robin.say("9:00")
    assert (robin.facts["bedtime"], robin.facts["waking"]) == ("21:00", "09:00")
    assert "long" not in robin.last.plain
