"""Every script can be finished from every step: no dead end, no tap that leads nowhere."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest

from bot.authoring.flow import ways
from bot.coach.script import END, End, Question
from bot.library import Library
from bot.store.tables import Answer
from tests.turns.chat import BERLIN, COLD, LIFTING, ONE_DATABASE, SAFE, SLEEP, WALKS, World
from tests.turns.walks import Talk, Walk

FULL: dict[str, Any] = {**SAFE, **BERLIN, **WALKS, **LIFTING, **SLEEP, **COLD, "name": "Robin", "why": "energy"}


def test_from_every_step_a_way_leads_to_the_end(library: Library) -> None:
    stuck = []
    for script in library.scripts.values():
        leads = {END, *(name for name, step in script.steps.items() if isinstance(step, End))}
        while more := {one for one in script.steps if one not in leads and leads & {*ways(script, one)}}:
            leads |= more
        stuck += [f"{script.id}.{step}" for step in script.steps if step not in leads]
    assert len(library.scripts) > 60
    assert stuck == []


@pytest.mark.parametrize("gates_open", [True, False], ids=["gates open", "gates held"])
@pytest.mark.parametrize("facts", [{}, FULL], ids=["nothing known", "much known"])
def test_from_every_question_the_script_can_be_finished(
    library: Library, facts: dict[str, Any], gates_open: bool
) -> None:
    walk = Walk(Random(1), facts, gates_open)
    questions = [
        (script.id, name)
        for script in library.scripts.values()
        for name, step in script.steps.items()
        if isinstance(step, Question)
    ]
    assert len(questions) > 200
    wrong = [found for script, step in questions for found in walk.finish(script, step)]
    assert wrong == []
    assert len(walk.visited) > len(questions) / 2


@ONE_DATABASE
def test_every_script_can_be_finished_and_every_tap_is_answered(world: World) -> None:
    scripts = sorted(world.coach.library.scripts)
    wrong: list[str] = []
    for number, script in enumerate(scripts):
        chat = world.person(7001 + number, **FULL)
        wrong += Talk(chat, Random(number)).finish(script)
    assert wrong == []
    assert len(world.rows(Answer)) > len(scripts)
