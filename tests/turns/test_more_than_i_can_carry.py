"""Who says that it is more than they can carry is met shortly and kindly, and met again next time."""

from __future__ import annotations

import pytest

from tests.turns.chat import ONE_DATABASE, Chat, World

pytestmark = ONE_DATABASE

HEAVY = "More than I can carry"
GERMANY = {"country": "DE", "country_zone": "Europe/Berlin"}


def on_a_first_visit(world: World, stress: str, **facts: object) -> Chat:
    """Somebody who has just said how heavy stress is for them."""
    robin = world.person(**facts)
    robin.say("/areas")
    robin.tap("Sleep & stress")
    robin.tap("6 to 7 hours")
    robin.tap("None of these")
    robin.tap("Done ✓")
    robin.tap("Skip to stress")
    robin.tap(stress)
    return robin


def told(world: World, **facts: object) -> Chat:
    """Somebody on their first visit who has just said it."""
    return on_a_first_visit(world, HEAVY, **facts)


def test_the_crisis_line_of_their_country_is_named(world: World) -> None:
    robin = told(world, **GERMANY)
    assert "0800 111 0 111" in robin.last.plain
    assert "112" in robin.last.plain
    assert "999" not in robin.last.plain


def test_without_a_country_general_lines_are_named(world: World) -> None:
    robin = told(world)
    assert "988" in robin.last.plain


@pytest.mark.parametrize("small", [True, False])
def test_it_ends_after_one_small_thing_at_most_without_a_plan(world: World, small: bool) -> None:
    robin = told(world)
    if small:
        robin.tap("One slow minute")
        robin.tap("Calmer")
    else:
        robin.tap("Enough for today")
    assert "this week" in robin.last.plain
    assert not robin.last.buttons
    said = "\n".join(one.plain for one in robin.messages.values())
    assert "easiest" not in said
    assert "insulin" not in said.split("carry")[-1]


def test_the_area_is_begun_and_not_done_and_next_time_opens_with_it(world: World) -> None:
    robin = told(world)
    robin.tap("Enough for today")
    robin.say("/areas")
    assert "◐ Sleep & stress" in robin.last.plain
    robin.tap("Sleep & stress")
    assert "more than you could carry" in robin.last.plain
    robin.tap("Much the same")
    robin.tap("Enough for today")
    robin.say("/areas")
    robin.tap("Sleep & stress")
    robin.tap("A bit lighter")
    robin.tap("My evening plan")
    robin.tap("Dishes, then dim lights")
    robin.tap("Nothing much")
    robin.tap("Straight to bed")
    robin.tap("8")
    robin.tap("Skip")
    robin.tap("No, thanks")
    robin.say("/areas")
    assert "✅ Sleep & stress" in robin.last.plain


def test_who_gets_dizzy_is_asked_whether_it_passed_and_is_not_offered_it_again(world: World) -> None:
    robin = on_a_first_visit(world, "Light")
    robin.tap("Let's try")
    shown = robin.tap("A bit dizzy")
    assert not any("nature" in one.plain.lower() for one in shown), "nothing is taught before it has passed"
    robin.tap("Yes, it passed")
    assert "Slow breathing" not in robin.last.labels
    robin.tap("A steady bedtime")
    assert "Bed, then slow breaths" not in robin.last.labels
    robin.tap("Dishes, then dim lights")
    robin.tap("Nothing much")
    assert "Six slow breaths" not in robin.last.labels
    robin.say("/areas")
    robin.tap("Sleep & stress")


def test_dizziness_that_does_not_pass_ends_it_with_whom_to_call(world: World) -> None:
    robin = told(world)
    robin.tap("One slow minute")
    robin.tap("A bit dizzy")
    robin.tap("Not yet")
    assert "112, 911 or 999" in robin.last.plain
    assert not robin.last.buttons


def test_pregnant_and_dizzy_is_for_the_midwife_today(world: World) -> None:
    robin = told(world, life=["pregnant"])
    robin.tap("One slow minute")
    robin.tap("A bit dizzy")
    robin.tap("Yes, it passed")
    assert "midwife" in robin.last.plain
    assert "today" in robin.last.plain
