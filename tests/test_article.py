"""Holds the content to the brief's table of what the article claims: each row is said, sourced, and can be reached."""

from __future__ import annotations

import pytest

from bot.authoring.flow import reached
from bot.coach.script import Say
from tests.coach.world import library

# The row of the table (its start), the text that answers it, and the words it must keep.
ROWS = [
    ("muscle takes 70–80% after a meal", "muscle.sink", "one of the two biggest users of meal sugar, with the liver"),
    ("reversible", "exercise.pull", "Most people can improve this"),
    ("insulin resistance causes weight gain", "nutrition.weight", "feed each other"),
    ("GLUT4 is the main reason", "exercise.pull", "pulls in sugar even without insulin"),
    ("strength 3–5×/wk", "exercise.strength_dose", "Two days a week is a real dose, three is great"),
    ("lift heavy to grow", "muscle.load", "muscle grows about the same"),
    ("protein keeps sugar stable", "nutrition.protein", "For muscle, yes"),
    ("omega-3 improves function", "nutrition.fats", "not an insulin fix"),
    ("most carbs around workouts", "nutrition.fuel", "no need to refuel"),
    ("poor sleep acts via cortisol", "sleep_stress.why_sleep", "Short sleep hurts, whatever the pathway"),
    ("a couple of minutes in nature", "sleep_stress.nature_lesson", "What was studied is 20 to 30"),
    ("cold 2–3×/wk boosts insulin", "cold_heat.cold_lesson", "not proven"),
    ("sauna enhances insulin function", "cold_heat.heat_lesson", "don't expect it to lower sugar"),
    ("berberine is metformin", "supplements.ber_lesson", "not a substitute for metformin"),
    ("ALA works", "supplements.ala_lesson", "I don't suggest it"),
    ("HOMA-IR decides supplements", "supplements.homa_lesson", "a low level in the blood is the better clue"),
]


@pytest.mark.parametrize(("claim", "place", "words"), ROWS, ids=[row[0] for row in ROWS])
def test_each_claim_of_the_article_is_answered_by_a_sourced_text_that_can_be_reached(
    claim: str, place: str, words: str
) -> None:
    name, step_id = place.split(".")
    script = library().scripts[name]
    step = script.steps[step_id]
    assert isinstance(step, Say)
    assert any(words in " ".join(variant.split()) for variant in step.say)
    assert step.evidence is not None
    assert step.evidence.sources
    assert step_id in reached(script)


def test_the_cautions_the_article_lacks_come_before_any_plan() -> None:
    onboarding = library().scripts["onboarding"]
    steps = list(onboarding.steps)
    assert steps.index("screen") < steps.index("first_plan")
    assert {"screen", "first_plan"} <= reached(onboarding)
