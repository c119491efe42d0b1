"""What a lesson says of the last two weeks: the summary's own rule, the person's units, the log as it is now."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sqlalchemy.orm import Session

from bot.coach.dialogue import State, finder
from bot.world import PersonsWorld
from tests.turns.chat import LIFTING, ONE_DATABASE, Chat, World
from tests.turns.lifted import lifted

pytestmark = ONE_DATABASE


def word(chat: Chat, name: str) -> Any:
    """How a word the coach computes reads now."""
    person = chat.person

    def look(session: Session) -> str:
        know = PersonsWorld(chat.world.coach, session, person, chat.world.now)
        said = finder(know, State(()), know.facts)(name)
        assert said is not None
        return str(said.words)

    return chat.world.work(look)


def test_a_lesson_and_the_summary_name_the_same_best_set(world: World) -> None:
    robin = world.person(**LIFTING)
    lifted(robin, ("squat", 20, 30), ("squat", 30, 8))
    assert word(robin, "best_set_lately") == "Squat 30 kg × 8"
    assert "Best: squat 30 kg × 8" in "\n".join(one.plain for one in robin.say("/week"))


def test_loads_are_said_with_the_unit_that_the_language_has_for_them(world: World) -> None:
    phrases = world.coach.library.phrases
    units = {**phrases.units, "kg": "kilo", "lb": "pund"}
    library = replace(world.coach.library, phrases=phrases.model_copy(update={"units": units}))
    world.coach = replace(world.coach, library=library)
    robin, kim = world.person(7001, **LIFTING), world.person(7002, **{**LIFTING, "load_unit": "lb"})
    for chat, unit in ((robin, "kilo"), (kim, "pund")):
        lifted(chat, ("chair_squat", 20, 8), ("chair_squat", 20, 8))
        assert f" {unit} " in word(chat, "best_set_lately")
        assert f" {unit} " in word(chat, "lifting_today")
        said = "\n".join(one.plain for one in chat.say("/week"))
        assert f" {unit} × 8" in said
        assert " kg" not in said
        assert " lb" not in said
