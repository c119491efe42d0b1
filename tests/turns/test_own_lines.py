"""What a person's own line says is heard, kept in their words, and neither asked again nor contradicted."""

from __future__ import annotations

from tests.turns.chat import LIFTING, ONE_DATABASE, WALKS, Chat, World, berlin

pytestmark = ONE_DATABASE


def everything(robin: Chat) -> str:
    return " ".join(one.plain for one in robin.messages.values())


def exercise(robin: Chat) -> None:
    robin.say("/areas")
    robin.tap("Exercise")


def until(robin: Chat, label: str) -> None:
    """Skips on to the question that has this button."""
    for _ in range(30):
        if label in robin.last.labels:
            return
        robin.tap("Skip")
    raise AssertionError(f"no {label}: {robin.last.plain}")


def test_a_pain_in_ones_own_words_gets_the_word_of_care_and_a_gentle_plan_b(world: World) -> None:
    robin = world.person(**WALKS, walk_plan="After dinner I walk")
    exercise(robin)
    until(robin, "A walk after a meal")
    robin.tap("A walk after a meal")
    robin.tap("It fits")
    robin.say("my knee")
    assert robin.facts["walk_obstacle"] == "something that hurts"
    assert "“my knee”: thanks for saying so" in everything(robin)
    assert "walk through pain" in everything(robin)
    assert "Rest and ask about it" in robin.last.labels


def test_nothing_sounds_like_a_go_while_moving_is_held(world: World) -> None:
    robin = world.person(life=["pregnant"])
    exercise(robin)
    robin.tap("I walk a bit")
    until(robin, "Every week")
    robin.tap("Every week")
    said = everything(robin)
    for words in ("build on that", "Then keep it", "two days", "bursts"):
        assert words not in said.replace("Two days a week", ""), words


def test_a_no_to_bursts_is_not_answered_with_the_lesson_on_them(world: World) -> None:
    robin = world.person()
    exercise(robin)
    until(robin, "Not for me")
    robin.tap("Not for me")
    assert "heart attack" not in everything(robin)
    assert "easiest to start with" in robin.last.plain


def test_bursts_are_not_brought_up_where_eating_has_been_a_struggle(world: World) -> None:
    robin = world.person(life=["eating"], no_numbers="no")
    exercise(robin)
    until(robin, "A walk after a meal")
    assert "bursts" not in everything(robin)


def test_a_line_that_names_another_meal_is_not_called_back_after_this_one(world: World) -> None:
    meals = {"walk_meals": ["breakfast"], "breakfast_time": "08:00"}
    robin = world.person(**{**WALKS, **meals}, walk_plan="After dinner we walk round the colony")
    world.play(berlin(23, "23:00"))
    world.play(berlin(24, "08:15"))
    assert "Not today" in robin.last.labels
    assert "colony" not in robin.last.plain


def test_a_breakfast_in_the_evening_is_asked_about_once(world: World) -> None:
    robin = world.person(walk_meals=["breakfast"])
    robin.say("/plan")
    robin.tap("Walks")
    robin.say("7 pm")
    assert "Breakfast at 19:00?" in robin.last.plain
    robin.tap("Another time")
    robin.say("8:00")
    assert robin.facts["breakfast_time"] == "08:00"


def test_lifting_days_in_the_line_are_offered_and_not_asked_for_again(world: World) -> None:
    robin = world.person(lifts=LIFTING["lifts"], load_unit="kg", lifting_plan_words="Mon, Wed, Fri after work")
    robin.say("/plan")
    robin.tap("Lifting")
    assert "Monday, Wednesday and Friday, as in your line?" in robin.last.plain
    robin.tap("Yes")
    assert robin.facts["training_days"] == [0, 2, 4]


def test_a_meal_break_at_night_has_its_own_hour(world: World) -> None:
    robin = world.person(**{**WALKS, "walk_meals": ["other"], "other_time": "02:00"}, walk_plan="Two flights")
    world.play(berlin(24, "02:15"))
    assert "Two flights" in robin.last.plain
