"""Each of the six areas, on a usual path, to its recap."""

from __future__ import annotations

import pytest

from bot.store.tables import BloodDraw, Run
from tests.conversations.chat import Chat, Stage, golden, rows
from tests.conversations.people import do, met

BERLIN = ["Berlin", "[Yes]"]


async def test_exercise(stage: Stage, chat: Chat) -> None:
    await met(chat)
    await do(
        chat,
        "/areas",
        "[Exercise]",
        "[I walk a bit]",
        "[Into the next day]",
        "[Two hours or more]",
        "[Tell me]",
    )
    await do(chat, "[None]", "[Not for me]", "[A walk after a meal]", "[Dinner]", "[Done ✓]")
    await do(
        chat,
        "after dinner on weekdays I walk to the park and back",
        "[The weather]",
        "Then I walk the stairs twice",
    )
    await do(chat, "[8]", "Walk while the dinner lands", "[Yes, ask me]", *BERLIN, "19:00", "[Workdays]", "/areas")
    golden(chat, "area-1-exercise")


async def test_an_area_that_was_left_goes_on_days_later(stage: Stage, chat: Chat) -> None:
    await met(chat)
    await do(chat, "/areas", "[Exercise]", "[I walk a bit]", "/areas", "[Muscle]")
    await chat.later(days=3)
    await do(chat, "/areas", "[Exercise]", "[About an hour]", "/areas")
    golden(chat, "area-left-and-resumed")
    assert rows(stage, Run, "script", "status")[-4:-1] == [
        ("areas", "ended"),
        ("muscle", "parked"),
        ("areas", "ended"),
    ]


@pytest.mark.parametrize("glucose", ["98 mg/dl", "5.4 mmol/L"])
async def test_homa_is_computed_in_both_units(stage: Stage, chat: Chat, glucose: str) -> None:
    await met(chat)
    await do(
        chat,
        "/bloodwork",
        "[Yes, both]",
        "[Yesterday]",
        "[Yes, fasting]",
        "[None of these]",
        "[Done ✓]",
        glucose,
    )
    await do(chat, "12 µIU/mL")
    golden(chat, "bloodwork-mg" if "mg" in glucose else "bloodwork-mmol")
    assert len(rows(stage, BloodDraw, "glucose", "glucose_unit", "insulin", "insulin_unit")) == 1
