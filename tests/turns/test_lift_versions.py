"""A lift is shown in the version that fits the person: their body alone, a band, seated, weights."""

from __future__ import annotations

import datetime as dt

import pytest

from bot.store.tables import TrainingSet
from tests.turns.chat import LIFTING, ONE_DATABASE, World, berlin
from tests.turns.lifted import lifted

pytestmark = ONE_DATABASE

LIFTS = ["chair_squat", "squat", "push_up", "row", "hinge", "press"]
LABELS = ["Chair squat", "Squat", "Push-up", "Row", "Hip hinge", "Overhead press"]
VERSIONS = {"bodyweight": "Just my body", "band": "A band", "seated": "Sitting down", "weights": "Weights or a bag"}


@pytest.mark.parametrize("version", VERSIONS)
def test_every_lift_has_its_three_cues_in_every_version(world: World, version: str) -> None:
    robin = world.person(lifts=LIFTS)
    robin.say("/lifts")
    robin.tap(VERSIONS[version])
    told = set()
    for label in LABELS:
        before = len(robin.messages)
        robin.tap(label)
        cue = list(robin.messages.values())[before].plain
        assert all(f"\n{word}" in cue for word in ("Set up:", "Move:", "Stop when")), (label, cue)
        assert "breath" in cue
        told.add(cue)
    assert len(told) == len(LABELS)
    assert robin.facts["lift_version"] == version


def test_the_version_is_remembered_and_can_be_changed(world: World) -> None:
    robin = world.person(lifts=LIFTS, lift_version="seated")
    robin.say("/lifts")
    robin.tap("Row")
    assert "seated" in " ".join(one.plain for one in robin.new() or robin.messages.values()).lower()
    robin.tap("Another version")
    robin.tap("A band")
    assert robin.facts["lift_version"] == "band"


def test_a_band_comes_with_its_care_and_a_chair_with_its_own(world: World) -> None:
    for number, (label, word) in enumerate((("A band", "door anchor"), ("Sitting down", "against a wall"))):
        robin = world.person(7200 + number, lifts=LIFTS)
        robin.say("/lifts")
        robin.tap(label)
        assert word in " ".join(one.plain for one in robin.messages.values())


def test_a_held_gate_shows_no_cues(world: World) -> None:
    robin = world.person(lifts=LIFTS, chest_state="lately", body=["chest"])
    robin.say("/lifts")
    assert "Which fits you today" not in " ".join(one.plain for one in robin.messages.values())


def test_the_check_in_shows_how_and_goes_on_where_it_was(world: World) -> None:
    robin = world.person(**LIFTING, lift_version="bodyweight")
    world.play(berlin(23, "18:00"))
    robin.tap("How do I do it?")
    robin.tap("Chair squat")
    assert "Set up" in " ".join(one.plain for one in robin.messages.values())
    robin.tap("I have what I need")
    robin.tap("As planned")
    assert robin.due("lifting", status="done").local_date == berlin(23, "18:00").date()


def test_a_band_has_no_load_in_the_plan_and_the_log(world: World) -> None:
    robin = world.person(**LIFTING)
    world.play(berlin(23, "18:00"))
    robin.tap("Log sets")
    robin.say("20 kg 8 8")
    robin.say("8 8")
    robin.say("/lifts")
    robin.tap("A band")
    robin.tap("I have what I need")
    world.play(berlin(26, "18:00"))
    assert "kg" not in robin.last.plain
    robin.tap("As planned")
    loads = [(row.local_date.day, row.load_kg) for row in robin.rows(TrainingSet)]
    assert {load for day, load in loads if day == 23} == {20.0, None}
    assert {load for day, load in loads if day == 26} == {None}


def test_as_planned_means_the_session_the_message_named_though_the_moves_change_before_the_tap(world: World) -> None:
    robin = world.person(**{**LIFTING, "lifts": ["chair_squat"]}, lift_version="bodyweight")
    world.play(berlin(23, "18:00"))
    promised = robin.last.plain
    tap = next(data for data, label in robin.last.buttons if label == "As planned")
    assert "Chair squat 2×8" in promised
    robin.settle({"lifts": ["push_up"]})
    robin.send(tap)
    assert [(row.exercise, row.reps) for row in robin.rows(TrainingSet)] == [("chair_squat", 8)] * 2


def test_weights_go_on_where_they_were(world: World) -> None:
    robin = world.person(**LIFTING, lift_version="weights")
    world.play(berlin(23, "18:00"))
    robin.tap("Log sets")
    robin.say("20 kg 8 8")
    robin.say("8 8")
    world.play(berlin(26, "18:00"))
    assert "20 kg" in robin.last.plain


def test_without_a_load_the_sets_are_asked_without_one(world: World) -> None:
    robin = world.person(**LIFTING, lift_version="band")
    world.play(berlin(23, "18:00"))
    robin.tap("Log sets")
    assert "load" not in robin.last.plain.lower()
    robin.say("2x8")
    robin.say("2x10")
    assert [(row.exercise, row.load_kg, row.reps) for row in robin.rows(TrainingSet)] == [
        ("chair_squat", None, 8),
        ("chair_squat", None, 8),
        ("push_up", None, 10),
        ("push_up", None, 10),
    ]


def test_a_move_has_two_sets_for_two_weeks_and_then_three(world: World) -> None:
    robin = world.person(**LIFTING)

    def planned(date: dt.datetime) -> str:
        world.play(date)
        said = robin.last.plain.lower()
        robin.tap("Not today")
        robin.tap("Forgot")
        return said

    assert "chair squat 2×" in planned(berlin(23, "18:00"))
    lifted(robin, ("chair_squat", None, 8), ("chair_squat", None, 8))
    assert "chair squat 2×" in planned(berlin(30, "18:00"))
    two_weeks_on = planned(berlin(30, "18:00") + dt.timedelta(days=7))
    assert "chair squat 3×" in two_weeks_on
    assert "push-up 2×" in two_weeks_on, "which nobody has begun"
