"""Discreet mode: a lock screen shows neutral words of what comes unasked."""

from __future__ import annotations

from bot.markup import length, mistakes
from bot.store.tables import Outbox
from tests.turns.chat import LIFTING, ONE_DATABASE, WALKS, Chat, World, berlin

pytestmark = ONE_DATABASE

NEUTRAL = "A note for you."


def in_the_open(text: str) -> str:
    """What is not covered of a message."""
    return text.partition("<tg-spoiler>")[0].strip()


def unasked(chat: Chat) -> list[Outbox]:
    return [row for row in chat.rows(Outbox) if row.due_id]


def test_a_check_in_is_covered(world: World) -> None:
    robin = world.person(**WALKS, discreet="yes")
    world.play(berlin(23, "19:45"))
    (row,) = unasked(robin)
    assert row.text.startswith(NEUTRAL)
    assert 100 <= len(in_the_open(row.text)) <= 125
    assert "walk" not in in_the_open(row.text).lower()
    assert row.text.endswith("</tg-spoiler>")
    assert mistakes(row.text) == []


def test_what_answers_the_person_is_not(world: World) -> None:
    robin = world.person(**WALKS, discreet="yes")
    world.play(berlin(23, "19:45"))
    robin.tap("5 min")
    robin.say("/plan")
    assert [
        row.text for row in robin.rows(Outbox) if not row.due_id and "tg-spoiler" in row.text and not row.edits
    ] == []


def test_the_answer_is_shown_under_the_covered_question(world: World) -> None:
    robin = world.person(**WALKS, discreet="yes")
    world.play(berlin(23, "19:45"))
    asked = robin.last
    robin.tap("5 min")
    assert asked.text.startswith(NEUTRAL)
    assert asked.text.endswith("</tg-spoiler>\n\n<i>✓ 5 min</i>")


def test_the_summary_and_its_picture_are_covered_within_telegrams_limit(world: World) -> None:
    robin = world.person(**WALKS, **LIFTING, discreet="yes")
    world.play(berlin(29, "18:00"))
    (picture,) = [row for row in unasked(robin) if row.kind == "photo"]
    assert picture.text.startswith(NEUTRAL)
    assert picture.figures is not None
    assert picture.figures["covered"] is True
    assert length(picture.text) <= 1024
    assert all(row.text.startswith(NEUTRAL) for row in unasked(robin))


def test_without_it_messages_come_as_they_are(world: World) -> None:
    robin = world.person(**WALKS)
    world.play(berlin(29, "18:00"))
    assert unasked(robin)
    assert not any("tg-spoiler" in row.text for row in unasked(robin))
    assert not any("covered" in (row.figures or {}) for row in unasked(robin))


def test_it_is_chosen_in_the_settings(world: World) -> None:
    robin = world.person()
    robin.say("/settings")
    robin.tap("Lock screen")
    robin.tap("Keep it neutral")
    assert robin.facts["discreet"] == "yes"
    robin.tap("Lock screen")
    robin.tap("Show the message")
    assert robin.facts["discreet"] == "no"
