"""Under 18, type 1, pregnant: taught, kindly, and nothing is planned."""

from __future__ import annotations

import pytest

from bot.store.tables import Answer, Due, Fact
from tests.conversations.chat import Chat, Stage, golden, rows
from tests.conversations.people import AGREED, do

NONE = ["[None of these]", "[Done ✓]"]
TYPE_1 = ["[Diabetes, any type]", "[Done ✓]", "[Type 1]", "[Insulin]", "[Done ✓]", "[No]", *NONE]
PREGNANT = [*NONE, *NONE, "[Pregnant]", "[Done ✓]"]


async def through(chat: Chat) -> None:
    """To the end of a conversation by what goes on, or the first answer there is."""
    for _ in range(40):
        labels = [label for label in chat.labels() if label not in ("Skip", "‹ Back")]
        if not labels:
            return
        await chat.tap("Go on" if "Go on" in labels else labels[0])


@pytest.mark.parametrize(("name", "screen"), [("type-1", TYPE_1), ("pregnant", PREGNANT)])
async def test_who_is_taught_only_gets_the_lessons_and_no_plan(
    stage: Stage, chat: Chat, name: str, screen: list[str]
) -> None:
    await do(chat, *AGREED, "[Family]", "Robin", *screen, "[Not now]", "/areas", "[Exercise]")
    await through(chat)
    said = chat.transcript()
    assert "Your own team leads" in said or "your own team leads" in said
    assert "I won't plan moving with you" in said
    assert "Working muscle pulls in sugar even without insulin" in said, "the lessons are for them as well"
    facts = dict(rows(stage, Fact, "name", "value"))
    assert not {"walk_on", "walk_plan", "lifting_on", "training_days"} & facts.keys()
    assert not [row for row in rows(stage, Due, "habit") if row[0]]
    await do(chat, "/safety")
    assert "A doctor's word" not in chat.labels(), "nobody's yes is asked for what is never planned here"
    golden(chat, f"education-only-{name}")


async def test_under_18_every_area_is_a_lesson_and_nothing_is_kept(stage: Stage, chat: Chat) -> None:
    await do(chat, "/start", "[No]", "/areas", "[Exercise]")
    await through(chat)
    assert "Working muscle pulls in sugar even without insulin" in chat.transcript()
    await do(chat, "/safety")
    assert rows(stage, Answer, "id") == rows(stage, Fact, "id") == rows(stage, Due, "id") == []
    golden(chat, "education-only-under-18")
