"""Nutrition as different people meet it: what is said to whom, one line and one plan B, and no question in vain."""

from __future__ import annotations

from typing import Any

import pytest

from tests.turns.chat import ONE_DATABASE, SAFE, Chat, World, berlin
from tests.turns.test_food_sitting_and_fiber import FIBER, PLATE, SITTING

pytestmark = ONE_DATABASE

LEFT = ("‹ Back", "Skip")
WARNINGS = ("kidney", "narrow", "slow stomach", "thinner", "team's plan", "without your team", "lows", "clinician")


def walked(chat: Chat, *, pick: str = "", stop: str = "", **answers: str) -> str:
    """All that is said and offered in Nutrition to who gives these answers, and else the first.

    Of the menu only `pick` is heard, if it is given. It ends early at a question with the words of `stop`.
    """
    offered: list[str] = []
    chat.send("go.nutrition")
    for _ in range(60):
        if not chat.last.buttons or (stop and stop in chat.last.plain):
            break
        labels = [label for label in chat.last.labels if label not in LEFT and label != "How sure are we?"]
        offered += labels
        own = next((answer for question, answer in answers.items() if question in chat.last.plain), None)
        if "Straight on" in labels and pick:
            chat.tap(pick if pick in labels else "Straight on")
        elif own:
            chat.tap(own) if own in labels else chat.say(own)
        elif "I eat everything" in labels:
            chat.tap("I eat everything")
            chat.tap("Done ✓")
        elif "7" in labels:
            chat.tap("8")
        elif "No, I've got it" in labels:
            chat.tap("No, I've got it")
        elif labels:
            chat.tap(labels[0])
        else:
            chat.tap("Skip")
    return "\n".join([*(shown.plain for shown in chat.messages.values()), *offered])


def test_who_denied_every_condition_hears_no_warning_for_it(world: World) -> None:
    said = walked(world.person())
    assert "no need to refuel" in said
    assert "not an insulin fix" in said
    assert [word for word in WARNINGS if word in said] == []


@pytest.mark.parametrize("open_answer", [{"body": ["not_sure"]}, {"medicines": ["not_sure"]}])
@pytest.mark.parametrize("pick", ["Protein", "Straight on"])
def test_a_warning_is_never_dropped_for_an_unsure_answer(world: World, open_answer: dict[str, Any], pick: str) -> None:
    said = walked(world.person(**open_answer), pick=pick)
    assert "With kidney disease" in said
    assert "thinner" in said
    assert "if you can have lows" in said


@pytest.mark.parametrize("screen", [{}, {"body": ["none"]}])
def test_a_warning_is_never_dropped_where_nobody_answered(world: World, screen: dict[str, Any]) -> None:
    robin = Chat(world, 7001)
    robin.settle(screen)
    said = walked(robin, pick="Straight on")
    assert "kidney disease" in said
    assert "blood thinners" in said
    assert "lows" in said
    assert "don't fast" in said


def test_with_insulin_nothing_is_said_about_food_around_exercise_but_the_teams_plan(world: World) -> None:
    robin = world.person(medicines=["insulin"], lows="rare")
    said = walked(robin)
    assert "belongs to your team's plan for lows" in said
    assert "save you some money" not in said
    assert "refuel" not in said


@pytest.mark.parametrize(
    "screen", [{"body": ["kidney"], "exercise_ok": "yes"}, {"sauna_list": ["kidney"]}, {"supplements_list": ["kidney"]}]
)
def test_with_kidney_disease_the_team_goes_first_on_food_and_drink(world: World, screen: dict[str, Any]) -> None:
    robin = world.person(**screen)
    said = walked(robin)
    assert "how much to drink" in said
    assert "Please ask before you eat more of it" in said
    for unfit in (" grams", "drink with it", "Add a plant", "Whole grain for", "Protein at one", "A fiber food"):
        assert unfit not in said
    robin.say("/plan")
    assert "your team's call" in "\n".join(shown.plain for shown in robin.tap("Fiber"))
    assert not robin.facts.get("fiber_on")


def test_with_kidney_disease_no_fiber_message_goes_out(world: World) -> None:
    robin = world.person(**{**FIBER, "body": ["kidney"], "exercise_ok": "yes"})
    assert robin.dues("fiber") == []


@pytest.mark.parametrize(
    ("diet", "unfit"),
    [
        (["meat"], ("fish or", "or fish", "Fish")),
        (["fish"], ("fish or", "or fish", "Fish or")),
        (["animal"], ("fish or", "or fish", "yogurt", "Yogurt", "eggs")),
        (["meat", "dairy"], ("fish or", "or fish", "yogurt", "Yogurt", "eggs")),
    ],
)
def test_nothing_is_suggested_that_the_person_does_not_eat(
    world: World, diet: list[str], unfit: tuple[str, ...]
) -> None:
    robin = world.person(diet=diet)
    said = walked(robin, pick="Protein", **{"would be easiest": "Protein at one meal"})
    assert "a bit at each meal will do" in said
    assert not [word for word in unfit if word in said]
    assert "anything you don't eat" not in said, "it is asked once"


def test_without_an_answer_on_diet_the_lists_fit_nearly_everybody(world: World) -> None:
    robin = world.person()
    said = walked(robin, pick="Protein", **{"would be easiest": "Protein at one meal", "you don't eat?": "skip"})
    assert "beans, yogurt, eggs or fish" in said
    assert "Lentils or beans at dinner" in said
    assert "Fish or beans at dinner" not in said


def test_what_one_does_not_eat_can_be_changed_in_settings_and_is_not_asked_of_who_had_a_hard_time(
    world: World,
) -> None:
    robin, kim = world.person(7001), world.person(7002, life=["eating"])
    robin.say("/settings")
    robin.tap("What I don't eat")
    robin.tap("Nuts")
    robin.tap("Done ✓")
    assert robin.facts["diet"] == ["nuts"]
    kim.say("/settings")
    assert "What I don't eat" not in kim.last.labels
    assert "don't eat" not in walked(kim, eating="Gently")


def test_gently_means_no_swap_no_count_and_no_plan(world: World) -> None:
    said = walked(world.person(life=["eating"], no_numbers="yes"))
    for word in ("in place of", "in the place of", "instead", "How often", "fridge door", "first step", "42 trials"):
        assert word not in said
    assert "good company on any plate" in said


@pytest.mark.parametrize(
    ("first", "line", "habit", "asked"),
    [
        ("Add a plant to a meal", "Lentils with rice on weekdays", "fiber", ["20:00"]),
        ("A swap in my drinks", "Water when the news is on", "food", ["Dinner", "19:30"]),
    ],
)
def test_one_line_and_one_plan_b_are_enough_for_the_messages(
    world: World, first: str, line: str, habit: str, asked: list[str]
) -> None:
    robin = world.person()
    walked(robin, stop="short question", pick="Straight on", **{"would be easiest": first, "fridge door": line})
    plan_b = robin.facts["food_plan_b"]
    robin.tap("Ask about my line")
    for label in asked if habit == "food" else []:
        robin.tap(label)
    robin.say("mon, thu")
    if habit == "fiber":
        robin.tap(asked[0])
    said = "\n".join(shown.plain for shown in robin.messages.values())
    assert robin.facts[f"{habit}_on"] is True
    assert (robin.facts["food_plan"], robin.facts["food_plan_b"]) == (line, plan_b)
    assert said.count("From 0 to 10") == 1
    assert said.count("plan B?") == 1
    assert said.count("Your line: ") == 1


def test_in_plan_the_line_one_has_is_offered_before_a_new_one(world: World) -> None:
    robin = world.person(food_plan="Dal at lunch", food_plan_b="then a can")
    robin.say("/plan")
    robin.tap("Fiber")
    robin.tap("Yes, that one")
    robin.tap("Every day")
    robin.tap("14:00")
    assert (robin.facts["fiber_plan"], robin.facts["fiber_plan_b"]) == ("Dal at lunch", "then a can")
    world.play(berlin(24, "14:00"))
    assert "Dal at lunch" in robin.last.plain
    robin.tap("Yes")
    assert [due.status for due in robin.dues("fiber") if due.status != "planned"][-1] == "done"


def test_a_confidence_gets_an_answer_and_a_low_one_keeps_the_line(world: World) -> None:
    robin = world.person()
    walked(robin, stop="From 0 to 10", pick="Straight on", **{"fridge door": "Tea at four"})
    robin.tap("4")
    robin.tap("The same line once a week")
    assert robin.facts["food_plan"] == "Tea at four"
    kim = world.person(7002)
    walked(kim, stop="From 0 to 10", pick="Straight on")
    assert kim.tap("9")[0].plain.startswith("9")


@pytest.mark.parametrize(
    ("facts", "script", "times", "no"),
    [
        (PLATE, "food", "20:00", "Not today"),
        (FIBER, "fiber", "20:00", "Not today"),
        (SITTING, "sitting", "15:30", "None"),
    ],
)
def test_who_twice_would_rather_not_say_why_is_not_asked_a_third_time(
    world: World, facts: dict[str, Any], script: str, times: str, no: str
) -> None:
    robin = world.person(**facts)
    for day in (23, 24):
        world.play(berlin(day, times))
        robin.tap(no)
        robin.tap("Rather not say")
    world.play(berlin(25, times))
    robin.tap(no)
    assert "Rather not say" not in robin.last.labels
    assert "Undo" in robin.last.labels
    assert [due.status for due in robin.dues(script) if due.status != "planned"] == ["skipped"] * 3


def test_the_screen_of_safe_answers_is_what_these_rules_take_for_denied(world: World) -> None:
    facts = world.person().facts
    assert facts["body"] == facts["medicines"] == facts["life"] == SAFE["life"] == ["none"]
