"""Nobody comes to what is gated while its gate is held: every script, part and check-in is walked with each gate held.

This walk is the test's own and knows nothing of how the content check goes about it. Every answer may be given, every
other condition may hold or not; only what asks for this gate decides. A walk goes into the parts that a script uses.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import cast

import pytest

from bot.authoring.style import Style
from bot.coach.script import (
    END,
    Case,
    Condition,
    End,
    Model,
    Permission,
    Question,
    Say,
    Script,
    Step,
    Switch,
    Use,
    options_of,
)
from bot.pages import read_page
from tests.coach import CONTENT
from tests.coach.world import library

STYLE = Style.model_validate(read_page(CONTENT / "en" / "style.yaml").data)
GATES = list(library().safety.gates)


OTHER = {"held": "open", "open": "held"}


def never(condition: Condition | None, gate: str, state: str) -> bool:
    """Whether a condition cannot hold while the gate is so."""
    if condition is None:
        return False
    test = condition.tests.get(f"gate.{gate}")
    return (test is not None and test.is_ == OTHER[state]) or (
        bool(condition.any) and all(never(one, gate, state) for one in condition.any)
    )


def always(condition: Condition | None, gate: str, state: str) -> bool:
    """Whether a condition surely holds while the gate is so."""
    if condition is None:
        return True
    tests, name = condition.tests, f"gate.{gate}"
    return set(tests) == {name} and tests[name].is_ == state and not condition.any and not condition.none


def taken(cases: tuple[Case, ...], gate: str, state: str) -> Iterator[Case]:
    for case in cases:
        if not never(case.when, gate, state):
            yield case
        if always(case.when, gate, state):
            return


def certain(cases: tuple[Case, ...], gate: str, state: str) -> bool:
    return any(always(case.when, gate, state) for case in cases)


def onward(script: Script, step_id: str, step: Step, gate: str, state: str) -> Iterator[str]:
    """Where one may come from a step that was walked."""
    if isinstance(step, End):
        return
    if isinstance(step, Question):
        if isinstance(step.skip, str):
            yield step.skip
        if isinstance(step, Permission):
            yield step.otherwise
        for option in options_of(step).values():
            if not never(option.when, gate, state):
                yield from (case.go for case in taken(option.next, gate, state))
    if isinstance(step, Switch) and step.refused:
        yield step.refused
    cases = getattr(step, "branch", None) or step.next
    yield from (case.go for case in taken(cases, gate, state))
    if not certain(cases, gate, state):
        yield script.following(step_id)


def come_to(scripts: Mapping[str, Script], gate: str, state: str = "held") -> set[tuple[str, str]]:
    """Every step somebody can come to, from every script that begins while the gate is so."""
    ahead = [
        (one.id, one.first())
        for one in scripts.values()
        if one.kind != "part" and (one.gate != gate or state == "open")
    ]
    found = set[tuple[str, str]]()
    while ahead:
        name, step_id = ahead.pop()
        script = scripts[name]
        if step_id == END or step_id not in script.steps or (name, step_id) in found:
            continue
        step = script.steps[step_id]
        if step.when is not None and not always(step.when, gate, state):
            ahead.append((name, script.following(step_id)))
        if never(step.when, gate, state):
            continue
        found.add((name, step_id))
        if isinstance(step, Use):
            ahead.append((step.use, scripts[step.use].first()))
        ahead += [(name, to) for to in onward(script, step_id, step, gate, state)]
    return found


NAMES_IT = {("emergency", "doctor")}
"""Last words that name a topic only to hold it back."""


def told(step: Step, gate: str) -> tuple[str, ...]:
    """What a step tells that is neither a lesson nor a question: one may ask about what is held."""
    match step:
        case Say(lesson=False) if gate not in step.names:
            return step.say
        case End() if step.end != "quiet":
            return step.end
        case _:
            return ()


def gated_steps(scripts: Mapping[str, Script], gate: str) -> set[tuple[str, str]]:
    """Every step whose text speaks of the gate's topic, but for lessons and what only names it.

    What nobody comes to while the gate is open says that it is held.
    """
    words = STYLE.topics[gate]
    if not words:
        return set()
    pattern = re.compile("|".join(rf"(?<!\w){re.escape(word)}(?!\w)" for word in words), re.IGNORECASE)
    while_open = come_to(scripts, gate, "open")
    return {
        (script.id, step_id)
        for script in scripts.values()
        for step_id, step in script.steps.items()
        if any(pattern.search(" ".join(one.split())) for one in told(step, gate))
        and (script.id, step_id) not in NAMES_IT
        and (script.id, step_id) in while_open
    }


def without_gate(part: object, gate: str) -> object:
    """The same content with every look at this gate taken out."""
    if isinstance(part, Condition):
        tests = {name: test for name, test in part.tests.items() if name != f"gate.{gate}"}
        return part.model_copy(update={"tests": tests, "any": tuple(without_gate(one, gate) for one in part.any)})
    if isinstance(part, Model):
        values = {name: without_gate(getattr(part, name), gate) for name in type(part).model_fields}
        return part.model_copy(update=values)
    if isinstance(part, dict):
        return {name: without_gate(value, gate) for name, value in part.items()}
    if isinstance(part, tuple):
        return tuple(without_gate(one, gate) for one in part)
    return part


@pytest.mark.parametrize("gate", GATES)
def test_no_script_part_or_check_in_comes_to_a_gated_step_past_its_gate(gate: str) -> None:
    scripts = library().scripts
    assert come_to(scripts, gate) & gated_steps(scripts, gate) == set()


@pytest.mark.parametrize("gate", GATES)
def test_no_check_in_of_a_gated_habit_begins_while_its_gate_is_held(gate: str) -> None:
    of_habit = {"walk": "exercise", "lifting": "exercise", "cold": "cold"}
    for script in library().scripts.values():
        if script.kind == "checkin" and script.habit and of_habit.get(script.habit) == gate:
            assert script.gate == gate, script.id
            assert script.id not in {name for name, _ in come_to(library().scripts, gate)}


def only_while_open(gate: str) -> set[tuple[str, str]]:
    return come_to(library().scripts, gate, "open") - come_to(library().scripts, gate)


GUARDED = [gate for gate in GATES if gated_steps(library().scripts, gate) or only_while_open(gate)]


def test_every_gate_guards_something_but_what_nobody_is_coached_in() -> None:
    assert [gate for gate in GATES if gate not in GUARDED] == ["breath_holding", "low_carb"]


@pytest.mark.parametrize("gate", GUARDED)
def test_with_its_gate_taken_out_what_it_guards_is_come_to_so_this_walk_would_notice(gate: str) -> None:
    scripts = {name: cast(Script, without_gate(script, gate)) for name, script in library().scripts.items()}
    ungated = {
        name: script.model_copy(update={"gate": None if script.gate == gate else script.gate})
        for name, script in scripts.items()
    }
    found = come_to(ungated, gate)
    assert only_while_open(gate) <= found
    assert gated_steps(library().scripts, gate) <= found


def test_with_nothing_held_the_walk_comes_to_every_script() -> None:
    found = {name for name, _ in come_to(library().scripts, "no_gate")}
    assert found == set(library().scripts)
