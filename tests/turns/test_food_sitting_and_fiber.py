"""One plate a day, breaks from sitting and a fiber food: asked, logged, taken back, and never against the screen."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from bot.store.tables import Due, Fiber, Plate, Sitting
from tests.turns.chat import SAFE, WALKS, Chat, World, berlin

PLATE: dict[str, Any] = {
    "food_on": True,
    "food_meal": "dinner",
    "dinner_time": "19:30",
    "food_focus": "something green",
    "food_plan": "When I cook, greens go in first",
}
SITTING: dict[str, Any] = {"sitting_on": True, "sitting_time": "15:30", "sit_plan": "After each call, I get up"}
FIBER: dict[str, Any] = {
    "fiber_on": True,
    "fiber_time": "20:00",
    "fiber_food": "lentils",
    "fiber_plan": "At dinner, lentils go in the pot",
}


def statuses(chat: Chat, script: str) -> list[tuple[int, str]]:
    return [(due.local_date.day, due.status) for due in chat.dues(script) if due.status != "planned"]


def test_a_plate_is_asked_about_half_an_hour_after_the_meal_in_the_persons_own_words(world: World) -> None:
    robin = world.person(**PLATE)
    assert robin.due("food").due_at == berlin(23, "20:00")
    world.play(berlin(23, "20:00"))
    assert "something green" in robin.last.plain
    robin.tap("It happened")
    [plate] = robin.rows(Plate)
    assert (plate.whole, plate.focus, plate.local_date) == (True, "something green", dt.date(2026, 11, 23))
    assert statuses(robin, "food") == [(23, "done")]


def test_partly_and_not_today_are_kept_apart_and_undo_takes_back(world: World) -> None:
    robin = world.person(**PLATE)
    world.play(berlin(23, "20:00"))
    robin.tap("Partly")
    assert [plate.whole for plate in robin.rows(Plate)] == [False]
    robin.tap("Undo")
    assert statuses(robin, "food") == [(23, "asked")]
    robin.tap("Not today")
    robin.tap("Tired")
    assert statuses(robin, "food") == [(23, "skipped")]
    robin.say("/week")
    assert world.rows(Due, status="skipped")


def test_an_obstacle_that_comes_again_brings_plan_b(world: World) -> None:
    robin = world.person(**PLATE, food_plan_b="then I open a can")
    for day in (23, 24):
        world.play(berlin(day, "20:00"))
        robin.tap("Not today")
        robin.tap("Time")
    assert "then I open a can" in robin.last.plain


def test_food_that_is_hard_right_now_is_met_with_an_offer_to_stop(world: World) -> None:
    robin = world.person(**PLATE)
    world.play(berlin(23, "20:00"))
    robin.tap("Not today")
    robin.tap("Food is hard right now")
    robin.tap("Yes, stop")
    assert robin.facts["food_on"] is False
    assert robin.dues("food", status="planned") == []


@pytest.mark.parametrize(
    ("script", "facts", "screen"),
    [
        ("food", PLATE, {"life": ["eating"]}),
        ("food", PLATE, {"life": ["thin"]}),
        ("fiber", FIBER, {"life": ["eating"]}),
        ("fiber", FIBER, {"body": ["gut"]}),
        ("fiber", FIBER, {"body": ["not_sure"]}),
        ("sitting", SITTING, {"chest_state": "lately"}),
    ],
)
def test_an_answer_of_the_screen_holds_what_was_switched_on(
    world: World, script: str, facts: dict[str, Any], screen: dict[str, Any]
) -> None:
    robin = Chat(world, 7001)
    robin.settle({**SAFE, "zone": "Europe/Berlin", **facts, **screen})
    world.play(berlin(24, "12:00"))
    assert robin.messages == {}
    assert {(due.status, due.reason) for due in robin.dues(script) if due.status != "planned"} == {("not_sent", "gate")}


@pytest.mark.parametrize("screen", [{"life": ["pregnant"]}, {"diabetes_kind": "type1"}])
def test_where_the_own_team_leads_on_food_nothing_is_planned(world: World, screen: dict[str, Any]) -> None:
    robin = Chat(world, 7001)
    robin.settle({**SAFE, "zone": "Europe/Berlin", **PLATE, **FIBER, **screen})
    assert robin.dues("food") == robin.dues("fiber") == []


def test_breaks_from_sitting_are_asked_about_once_a_day_on_weekdays(world: World) -> None:
    robin = world.person(**SITTING)
    world.play(berlin(23, "15:30"))
    robin.tap("Several")
    world.play(berlin(24, "15:30"))
    robin.tap("One or two")
    world.play(berlin(25, "15:30"))
    robin.tap("None")
    robin.tap("Rather not say")
    assert [row.several for row in robin.rows(Sitting)] == [True, False]
    assert statuses(robin, "sitting") == [(23, "done"), (24, "partly"), (25, "skipped")]
    world.play(berlin(28, "12:00"))
    assert robin.due("sitting", status="planned").local_date == dt.date(2026, 11, 30)


def test_breaks_in_words_answer_the_check_in(world: World) -> None:
    robin = world.person(**SITTING)
    world.play(berlin(23, "15:30"))
    robin.say("1 sitting break")
    assert statuses(robin, "sitting") == [(23, "partly")]
    world.play(berlin(24, "12:00"))
    robin.say("4 sitting breaks")
    world.play(berlin(24, "16:00"))
    assert statuses(robin, "sitting") == [(23, "partly"), (24, "not_sent")]
    assert [row.several for row in robin.rows(Sitting)] == [False, True]


def test_a_fiber_food_or_another_one_is_kept_in_the_persons_own_words(world: World) -> None:
    robin = world.person(**FIBER)
    world.play(berlin(23, "20:00"))
    robin.tap("Yes")
    world.play(berlin(24, "20:00"))
    robin.tap("Another one")
    robin.say("a bowl of barley")
    assert [row.what for row in robin.rows(Fiber)] == ["lentils", "a bowl of barley"]
    assert statuses(robin, "fiber") == [(23, "done"), (24, "done")]


def test_food_in_words_is_written_down_only_where_it_was_switched_on(world: World) -> None:
    robin, kim = world.person(7001, **FIBER), world.person(7002, **WALKS)
    robin.say("had beans")
    assert robin.last.plain == "Noted: beans."
    kim.say("had beans")
    kim.say("ate veg")
    assert [row.what for row in robin.rows(Fiber)] == ["beans"]
    assert kim.rows(Fiber) == kim.rows(Plate) == []
    world.play(berlin(23, "21:00"))
    assert statuses(robin, "fiber") == [(23, "not_sent")]


def test_greens_in_words_answer_only_the_question_about_greens_at_that_meal(world: World) -> None:
    robin = world.person(**{**PLATE, "food_focus": "half my plate veg"})
    world.play(berlin(23, "20:01"))
    robin.say("had veg with lunch")
    robin.say("ate veg")
    assert statuses(robin, "food") == [(23, "asked")]
    robin.say("had veg with dinner")
    assert statuses(robin, "food") == [(23, "done")]
    assert [plate.due_id is not None for plate in robin.rows(Plate)] == [False, False, True]
    assert {plate.whole for plate in robin.rows(Plate)} == {True}


def test_greens_in_words_say_nothing_of_what_else_is_looked_for(world: World) -> None:
    robin = world.person(**{**PLATE, "food_focus": "no sugary drinks"})
    robin.say("had veg with lunch")
    robin.say("had veg with dinner")
    assert "Plates" not in robin.say("/week")[-1].plain
    world.play(berlin(23, "20:01"))
    assert statuses(robin, "food") == [(23, "asked")]
    robin.say("had veg with dinner")
    assert statuses(robin, "food") == [(23, "asked")]
    robin.tap("Not today")
    assert "Plates 0 of 1" in "\n".join(shown.plain for shown in robin.say("/week"))
    assert [(plate.whole, plate.focus, plate.due_id) for plate in robin.rows(Plate)] == [(True, None, None)] * 3


def test_greens_told_of_before_the_question_about_them_answer_it(world: World) -> None:
    robin = world.person(**{**PLATE, "food_focus": "veg first"})
    robin.say("had veg with dinner")
    world.play(berlin(23, "21:00"))
    assert statuses(robin, "food") == [(23, "not_sent")]
    assert "Plates 1 of 1" in "\n".join(shown.plain for shown in robin.say("/week"))


def test_a_belly_that_complains_has_the_last_word(world: World) -> None:
    robin = world.person(**FIBER)
    world.play(berlin(23, "20:00"))
    robin.tap("Not today")
    robin.tap("My belly complains")
    assert "see a doctor" in robin.last.plain
    robin.tap("Yes, stop")
    assert robin.facts["fiber_on"] is False


def test_each_counts_in_the_week(world: World) -> None:
    robin = world.person(**PLATE, **SITTING)
    world.play(berlin(23, "15:30"))
    robin.tap("Several")
    world.play(berlin(23, "20:00"))
    robin.tap("Partly")
    said = "\n".join(shown.plain for shown in robin.say("/week"))
    assert "Plates 0 of 1; one in part." in said
    assert "Sitting 1 of 1." in said


def test_fiber_is_set_up_in_plan_in_the_persons_own_words(world: World) -> None:
    robin = world.person()
    robin.say("/plan")
    for step in ("Fiber", "Oats", "At breakfast", "8", "Have some fruit", "Every day", "09:00"):
        robin.tap(step)
    assert robin.facts["fiber_on"] is True
    assert robin.facts["fiber_food"] == "oats"
    assert robin.due("fiber", status="planned").due_at == berlin(23, "09:00") + dt.timedelta(days=1)


def test_a_plate_is_set_up_in_plan_and_a_low_number_makes_it_smaller(world: World) -> None:
    robin = world.person()
    robin.say("/plan")
    for step in ("Plates", "Vegetables on half of it", "Dinner", "19:30", "Every day", "When I shop", "4"):
        robin.tap(step)
    assert "honest number" in robin.last.plain
    robin.say("Tue, Sat")
    robin.tap("Do it at the next meal")
    assert (robin.facts["food_on"], robin.facts["food_days"]) == (True, [1, 5])
    assert robin.due("food", status="planned").local_date == dt.date(2026, 11, 24)


@pytest.mark.parametrize(
    ("facts", "taps", "days"),
    [
        ({}, ["Plates", "Vegetables on half of it", "Dinner", "19:30"], "food_days"),
        ({}, ["Fiber", "Oats", "At breakfast"], "fiber_days"),
        ({}, ["Sitting", "After each call"], "sitting_days"),
        ({"food_plan": "Greens at dinner"}, ["Plates", "Yes, that one", "19:30"], "food_days"),
        ({"fiber_plan": "Oats at seven", "fiber_plan_b": "then fruit"}, ["Fiber", "Oats"], "fiber_days"),
        ({"sit_plan": "After each call", "sit_plan_b": "then later"}, ["Sitting"], "sitting_days"),
    ],
)
def test_nobodys_days_or_words_are_overwritten_who_was_sure_or_was_not_asked(
    world: World, facts: dict[str, Any], taps: list[str], days: str
) -> None:
    robin = world.person(**facts)
    robin.say("/plan")
    for step in taps:
        robin.tap(step)
    for _ in range(6):
        said = robin.last
        assert "honest number" not in said.plain
        if "Wed" in said.labels:
            robin.say("Mon, Wed, Fri")
        elif "8" in said.labels:
            robin.tap("8")
        elif "Skip" in said.labels:
            own = [label for label in said.labels if label not in ("‹ Back", "Skip")]
            robin.tap(own[0])
    assert robin.facts[days] == [0, 2, 4]
    assert all(robin.facts[name] == value for name, value in facts.items())


def test_sitting_is_set_up_in_plan(world: World) -> None:
    robin = world.person()
    robin.say("/plan")
    for step in ("Sitting", "After each call", "8", "Walk right after it", "Weekdays", "15:30"):
        robin.tap(step) if step != "Weekdays" else robin.say("weekdays")
    assert robin.facts["sitting_on"] is True
    assert robin.due("sitting", status="planned").due_at == berlin(23, "15:30")


@pytest.mark.parametrize(
    ("screen", "button", "words"),
    [
        ({"body": ["gut"]}, "Fiber", "a question for your clinician first"),
        ({"life": ["thin"]}, "Plates", "I leave plates alone for you"),
        ({"life": ["pregnant"]}, "Plates", "your own team leads on food"),
        ({"life": ["pregnant"]}, "Fiber", "your own team leads on food"),
    ],
)
def test_what_the_screen_holds_is_not_set_up_and_the_reason_is_said(
    world: World, screen: dict[str, Any], button: str, words: str
) -> None:
    robin = world.person(**screen)
    robin.say("/plan")
    said = "\n".join(shown.plain for shown in robin.tap(button))
    assert words in said
    assert not robin.facts.get("food_on")
    assert not robin.facts.get("fiber_on")


def test_with_a_history_of_eating_trouble_neither_is_offered(world: World) -> None:
    robin = world.person(life=["eating"])
    robin.say("/plan")
    assert not {"Plates", "Fiber"} & set(robin.last.labels)


def test_with_a_low_carb_hold_the_starch_is_never_put_last(world: World) -> None:
    robin = world.person(medicines=["insulin"])
    robin.say("/plan")
    robin.tap("Plates")
    assert "Veg or protein first" not in robin.last.labels
    assert "Vegetables on half of it" in robin.last.labels
