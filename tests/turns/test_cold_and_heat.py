"""What known answers rule out is not offered and not asked about; rules that were agreed to are not told twice."""

from __future__ import annotations

import pytest

from tests.turns.chat import ONE_DATABASE, Chat, World

pytestmark = ONE_DATABASE


def at_the_wish(world: World, **facts: object) -> Chat:
    """Somebody who has read what is known and may say what they would like."""
    robin = world.person(**facts)
    robin.say("/areas")
    robin.tap("Cold & heat")
    robin.tap("Both")
    robin.tap("A challenge")
    robin.tap("Never tried")
    robin.tap("Just tell me")
    robin.tap("Just tell me")
    return robin


def test_who_is_pregnant_is_offered_neither(world: World) -> None:
    robin = at_the_wish(world, life=["pregnant"])
    assert not {"A cool shower finish", "A careful sauna"} & set(robin.last.labels)
    assert "Moving more" not in robin.last.labels, "walks are on hold, so they are not offered instead"


@pytest.mark.parametrize(
    ("facts", "why"),
    [
        ({"body": ["kidney"], "exercise_ok": "yes"}, "your kidneys"),
        ({"medicines": ["insulin"], "lows": "rare"}, "insulin"),
        ({"medicines": ["water_pills"]}, "water pills"),
    ],
)
def test_a_sauna_that_known_answers_hold_is_not_asked_about_first(
    world: World, facts: dict[str, object], why: str
) -> None:
    robin = at_the_wish(world, **facts)
    shown = robin.tap("A careful sauna")
    said = "\n".join(one.plain for one in shown)
    assert f"• {why}" in said or why in said
    assert "None of these" not in robin.last.labels, "no list that could change nothing"
    assert "Answer its own list" in robin.last.labels, "the way to a doctor's word stays open"


def test_the_rules_for_cold_are_told_once(world: World) -> None:
    robin = at_the_wish(world)
    robin.tap("A cool shower finish")
    robin.tap("No, all the same")
    robin.tap("Yes, all of them")
    robin.tap("15 s")
    robin.tap("Tue + Thu mornings")
    robin.tap("I'll forget")
    robin.tap("A warm shower")
    robin.tap("8")
    robin.tap("Skip")
    robin.tap("Yes, please")
    assert robin.last.plain == "Tuesday and Thursday, as in your line?"
    robin.tap("Yes")
    robin.tap("07:00")
    assert robin.facts["cold_days"] == [1, 3]
    said = [one.plain for one in robin.messages.values()]
    assert any("messages are on" in one for one in said)
    assert sum("alcohol" in one and "six hours" in one for one in said) == 1
