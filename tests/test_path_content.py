"""What the follow-up lessons say: each something of its own, about what the person noted, and never on a shut gate."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.coach import path
from bot.coach.conditions import holds
from bot.coach.script import END, Choice, Question, Say, Script, options_of
from bot.lately import LATELY
from bot.library import placeholders
from tests.coach.world import library

NAMES = {"sleep_stress": "sleep", "cold_heat": "cold"}
FACTS = {"food_plan", "food_obstacle", "wind_down"}
"""Facts of the person's own words that a lesson may begin with instead of a figure."""


def part_of(area: str, number: int) -> Script:
    return library().scripts[f"path_{NAMES.get(area, area)}_{number}"]


def lessons() -> list[tuple[str, Script]]:
    return [(area, part_of(area, number)) for area in path.AREAS for number in (1, 2)]


def said(script: Script) -> Iterator[str]:
    for step in script.steps.values():
        if isinstance(step, Say):
            yield from step.say


def sentences(text: str) -> set[str]:
    """Sentences of eight words and more, in small letters and without their marks."""
    parts = re.split(r"(?<=[.!?])\s+", re.sub(r"<[^>]+>", "", text))
    words = (re.sub(r"[^\w\s{}]", "", part).casefold().split() for part in parts)
    return {" ".join(one) for one in words if len(one) >= 8}


def test_there_are_two_lessons_for_each_area() -> None:
    assert len(lessons()) == path.WEEKS
    walked = {step.use for step in library().scripts["path"].steps.values() if hasattr(step, "use")}
    assert walked == {script.id for _, script in lessons()}


def test_no_lesson_repeats_a_sentence_of_another_or_of_its_area() -> None:
    own = {script.id: set().union(*(sentences(text) for text in said(script))) for _, script in lessons()}
    for area, script in lessons():
        others = set().union(*(found for name, found in own.items() if name != script.id))
        told = set().union(*(sentences(text) for text in said(library().scripts[area])))
        assert own[script.id]
        assert not own[script.id] & (others | told), script.id


def test_no_two_lessons_rest_on_the_same_first_source_and_most_on_one_the_area_does_not_cite() -> None:
    first = []
    for _, script in lessons():
        ideas = [step for step in script.steps.values() if isinstance(step, Say) and step.evidence]
        assert ideas, script.id
        assert all(step.lesson and step.evidence and step.evidence.why for step in ideas), script.id
        first.append(ideas[0].evidence.sources[0] if ideas[0].evidence else "")
    assert len(set(first)) == path.WEEKS


def test_each_lesson_looks_at_something_the_person_noted() -> None:
    for _, script in lessons():
        used = {name for text in said(script) for name in placeholders(text)}
        assert used & (set(LATELY) | FACTS), script.id


def test_each_lesson_has_something_kind_to_say_where_nothing_was_noted() -> None:
    for _, script in lessons():
        for text in said(script):
            assert not re.search(r"\b(should have|failed|lazy|only \{\{)", text), script.id


def test_each_lesson_ends_with_one_small_step_of_a_few_that_can_be_declined_or_stopped() -> None:
    for _, script in lessons():
        asked = [step for step in script.steps.values() if isinstance(step, Question)]
        assert asked, script.id
        for step in asked:
            assert isinstance(step, Choice)
            assert step.remember == "path_step"
            assert {"none", "stop"} <= set(options_of(step))
            assert options_of(step)["stop"].set == {"path_on": False, "path_step": "none"}
            assert 2 <= len(set(options_of(step)) - {"none", "stop"}) <= 4
        paths = [step for step in asked if step.next and step.next[0].go == END] or asked[-1:]
        assert len(asked) - len(paths) <= 1, script.id


def test_a_step_of_moving_lies_behind_its_gate() -> None:
    for area, script in lessons():
        if area not in ("exercise", "muscle"):
            continue
        for step in script.steps.values():
            if isinstance(step, Question):
                gates = [
                    one.when.tests["gate.exercise"].is_ if one.when else None
                    for name, one in options_of(step).items()
                    if name not in ("none", "stop")
                ]
                assert set(gates) == {"open", "held"}, script.id


def test_food_lessons_turn_gentle_where_eating_has_been_hard_or_nobody_asked() -> None:
    for number in (1, 2):
        script = part_of("nutrition", number)
        first = script.steps[script.first()]
        assert [case.go for case in getattr(first, "branch", ())] == ["gentle", "line"]
        gentle = list(script.steps)[list(script.steps).index("gentle") :]
        texts = [text for name in gentle for text in getattr(script.steps[name], "say", ())]
        assert not any(re.search(r"gram|fiber|protein|beans", text) for text in texts)


def test_no_small_step_is_offered_to_whom_it_may_do_harm() -> None:
    """Greens shift what a blood thinner does; who sleeps badly for months gets no longer nights in bed."""
    fine: dict[str, object] = {
        "body": ["none"],
        "medicines": ["none"],
        "life": ["none"],
        "sleep_warnings": ["none"],
        "sleep_hours": "six",
    }
    cases: list[tuple[Script, str, dict[str, object]]] = [
        (part_of("nutrition", 2), "freezer", {"medicines": ["thinner"]}),
        (part_of("nutrition", 2), "swap", {"life": ["thin"]}),
        (part_of("sleep_stress", 1), "quarter", {"sleep_warnings": ["insomnia"]}),
        (part_of("sleep_stress", 1), "quarter", {"sleep_hours": "over_nine"}),
    ]
    for script, option, unfit in cases:
        offered = options_of(script.steps["step"])[option].when
        assert holds(offered, fine.get), option
        assert not holds(offered, (fine | unfit).get), option


def test_who_wants_no_numbers_is_not_sent_through_the_screen_for_plate_messages() -> None:
    script = library().scripts["checkin_food"]
    said = {"gate.numbers": "held", "life": ["none"], "no_numbers": "yes"}
    for name in ("gate", "gate_again"):
        ways = getattr(script.steps[name], "branch", ())
        assert next(way.go for way in ways if holds(way.when, said.get)) == "numbers_left_out"


def test_the_warning_of_ketoacidosis_is_said_without_asking() -> None:
    script = library().scripts["lows"]
    assert list(script.steps)[-2:] == ["late", "ketones"]
    assert isinstance(script.steps["late"], Say)
    assert holds(script.steps["ketones"].when, {"sugar_pills": ["sglt2"]}.get)


def test_who_can_be_told_is_asked_for_no_name_and_nothing_of_it_is_kept() -> None:
    script = library().scripts["tell_one"]
    kept = {step.remember for step in script.steps.values() if isinstance(step, Question)} - {None}
    assert kept == {"tell_help"}
    messages = [name for name in script.steps if name.endswith("_message")]
    assert messages
    for name in messages:
        step = script.steps[name]
        assert isinstance(step, Say)
        assert not re.search(r"diabetes|sugar|insulin", " ".join(step.say))


def test_why_it_matters_is_never_called_back_near_an_emergency_or_food() -> None:
    for name in ("emergency", "self_harm", "felt_bad", "nutrition", "moving_held"):
        script = library().scripts[name]
        for step in script.steps.values():
            texts = (*getattr(step, "say", ()), *getattr(step, "ask", ()), *getattr(step, "end", ()))
            assert not any("why_back" in text for text in texts), name
