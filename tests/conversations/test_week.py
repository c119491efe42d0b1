"""A whole week on a clock that the test moves, from the first hello to the second summary."""

from __future__ import annotations

import datetime as dt

from bot.store.tables import Due, Week
from tests.conversations.chat import Chat, Stage, golden, rows
from tests.conversations.people import WALKER, do, known, met
from tests.conversations.test_checkins import SLEEPER, on

SUMMARY = on(29, 17, 1)


async def test_a_week_and_its_summary(stage: Stage, chat: Chat) -> None:
    await met(chat, *WALKER)
    golden_steps = {
        23: ["[Done]", "[15 min]"],
        24: ["[5 min]"],
        25: ["[Done]", "25", "lovely after rain"],
        26: ["[Not today]", "[Tired]"],
        28: ["[Done]", "[10 min]"],
    }
    for day, steps in golden_steps.items():
        await chat.play(on(day, 17, 46))
        for step in steps:
            if step.startswith("[") and step[1:-1] not in chat.labels():
                continue
            await do(chat, step)
    await chat.play(SUMMARY)
    golden(chat, "week")
    pictures = [message for message in chat.messages() if message.kind == "photo"]
    assert len(pictures) == 1
    assert pictures[0].photo is not None
    assert pictures[0].photo.startswith(b"\x89PNG")
    ((ending, figures),) = rows(stage, Week, "ending", "figures")
    assert ending == dt.date(2026, 11, 29)
    assert figures["habits"]["walk"]["done"] == 4


async def test_a_week_without_a_single_answer_reads_kindly(stage: Stage, chat: Chat) -> None:
    await met(chat, *WALKER)
    await chat.play(SUMMARY)
    golden(chat, "week-silent")
    assert [status for script, status in rows(stage, Due, "script", "status") if script == "walk"].count("done") == 0


async def test_a_first_look_before_anything_is_planned(stage: Stage, chat: Chat) -> None:
    known(chat)
    await do(chat, "/week")
    golden(chat, "week-empty")


async def test_a_late_entry_corrects_the_stored_figures(stage: Stage, chat: Chat) -> None:
    await met(chat, *SLEEPER)
    await chat.play(SUMMARY)
    before = rows(stage, Week, "figures")[0][0]["habits"]["sleep"]["done"]
    await do(chat, "walked 20 min yesterday")
    figures = rows(stage, Week, "figures")[0][0]
    assert before == 0
    assert figures["walk_minutes"] == 20
