"""Twelve weeks on a clock that the test moves: a lesson a week, built on what the person noted."""

from __future__ import annotations

import datetime as dt

from bot.store.tables import Due
from tests.conversations.chat import Chat, Stage, golden, rows
from tests.conversations.people import WALKER, do, met
from tests.conversations.test_checkins import on

FIRST = on(24, 18, 1)
BEGUN = ["/plan", "[The twelve weeks]", "[Yes, let's]", "Tue", "18:30"]
TOLD = ["[Yes, please]", "[Come along]", "[I'll send it]"]
OPTED = [
    "[A second meal]", "[Not three days off]", "[A pot of beans]", "[Not this week]", "[Not this week]",
    "[An easy week]", "[Leave the nights be]", "[Six slow breaths]", "[Nothing, thanks]", "[Keep to the lifting]",
    "[Keep the sheet]", "[Seeing how it goes]",
]  # fmt: skip


async def test_twelve_weeks_on_the_path(stage: Stage, chat: Chat) -> None:
    await met(chat, *WALKER)
    await do(chat, *BEGUN, *TOLD)
    seen: list[str] = []
    for n, step in enumerate(OPTED):
        await do(chat, "walked 15 min", "walked 10 min")
        await chat.play(on(24, 17, 31) + n * dt.timedelta(days=7))
        texts = [message.text or "" for message in chat.messages() if f"eek {n + 1}" in (message.text or "")]
        assert texts, f"no lesson in week {n + 1}"
        seen.append(texts[-1])
        await do(chat, step)
    await do(chat, "I walk without thinking about it", "[The walks]")
    golden(chat, "path")
    assert len(set(seen)) == 12
    assert [script for script, status in rows(stage, Due, "script", "status") if script == "path"] == ["path"] * 12


async def test_why_in_own_words_comes_back_with_the_first_plan(stage: Stage, chat: Chat) -> None:
    steps = [step if step != "[A blood test]" else "to dance at the wedding" for step in WALKER]
    await do(chat, *steps[: steps.index("[8]")], "[4]")
    golden(chat, "why")
    assert any("“to dance at the wedding”" in (message.text or "") for message in chat.messages())
