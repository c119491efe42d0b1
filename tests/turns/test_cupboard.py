"""Who takes a supplement that may harm them hears at once to ask first, and hears it again at the end."""

from __future__ import annotations

import pytest

from tests.turns.chat import ONE_DATABASE, Chat, World

pytestmark = ONE_DATABASE

GOOD_TO_KNOW = ("Good to know. A pharmacist", "All right. If no one has checked")


def in_the_cupboard(world: World, *taken: str, **facts: object) -> tuple[Chat, str]:
    """What is said to who takes this, up to the next question."""
    robin = world.person(**facts)
    robin.say("/areas")
    robin.tap("Supplements")
    for one in taken:
        robin.tap(one)
    return robin, "\n".join(shown.plain for shown in robin.tap("Done ✓"))


def to_the_last_words(robin: Chat) -> None:
    """The rest of the area for somebody who takes something, and wants no other bottle and no plan."""
    robin.tap("Just curious")
    robin.tap("Skip it")
    robin.tap("Not yet")
    robin.tap("None of them")
    robin.tap("Done ✓")
    robin.tap("Nothing new")
    robin.tap("Skip")


@pytest.mark.parametrize(
    "facts",
    [
        {"body": ["kidney"]},
        {"supplements_list": ["kidney"]},
        {"sauna_list": ["kidney"]},
        {"supplements_list": ["block_myasthenia"]},
    ],
)
def test_magnesium_where_it_must_not_be_taken_alone_comes_first(world: World, facts: dict[str, object]) -> None:
    robin, said = in_the_cupboard(world, "Magnesium", **facts)
    assert "this week" in said
    assert "ask before you take any more" in said or "until you have asked" in said
    assert not any(line in said for line in GOOD_TO_KNOW)
    to_the_last_words(robin)
    assert "magnesium" in robin.last.plain
    assert "Nothing to buy" not in robin.last.plain


def test_magnesium_that_nothing_speaks_against_is_good_to_know(world: World) -> None:
    _, said = in_the_cupboard(world, "Magnesium")
    assert any(line in said for line in GOOD_TO_KNOW)


def test_who_ticks_the_kidneys_only_in_the_supplements_list_hears_it_there(world: World) -> None:
    robin, said = in_the_cupboard(world, "Magnesium")
    assert "this week" not in said
    robin.tap("Just curious")
    robin.tap("Skip it")
    robin.tap("Not yet")
    robin.tap("Berberine")  # asked to read about another bottle
    robin.tap("Done ✓")
    robin.tap("Kidney disease")
    robin.tap("Done ✓")
    while "?" in robin.last.plain and "easiest" not in robin.last.plain:
        robin.tap("Skip")
    assert any("magnesium now" in one.plain or "your magnesium" in one.plain for one in robin.messages.values())


def test_what_they_already_take_is_called_back_in_the_last_words(world: World) -> None:
    robin, _ = in_the_cupboard(world, "Berberine")
    to_the_last_words(robin)
    assert "berberine" in robin.last.plain
    assert "pharmacist" in robin.last.plain
    assert "Nothing to buy" not in robin.last.plain


def test_an_eating_history_is_offered_no_food_plan(world: World) -> None:
    robin, _ = in_the_cupboard(world, "None at all", life=["eating"])
    robin.tap("Just curious")
    assert not any("HOMA" in one.plain for one in robin.messages.values())
    robin.tap("None yet")
    robin.tap("Magnesium")
    robin.tap("Done ✓")
    while "?" in robin.last.plain and "Leave pills be" not in robin.last.labels:
        robin.tap("None of these" if "None of these" in robin.last.labels else "Skip")
        if "Done ✓" in robin.last.labels:
            robin.tap("Done ✓")
    assert "Magnesium on my plate" not in robin.last.labels
    assert not any("on your plate" in one.plain for one in robin.messages.values())


def test_results_that_are_kept_are_not_asked_for_again(world: World) -> None:
    robin, _ = in_the_cupboard(world, "None at all")
    robin.tap("Just curious")
    robin.tap("Skip it")
    robin.tap("Only glucose")
    robin.tap("Today")
    robin.tap("Yes, fasting")
    robin.tap("None of these")
    robin.tap("Done ✓")
    robin.say("5.4 mmol/L")
    robin.tap("Neither")
    robin.tap("Done ✓")
    robin.tap("Skip")
    robin.tap("No, thanks")
    robin.tap("None of them")
    robin.tap("Done ✓")
    robin.tap("Leave pills be")
    robin.tap("Skip")
    assert "When you have blood results" not in robin.last.plain
    assert "the sheet" in robin.last.plain.lower()
