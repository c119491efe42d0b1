"""Ten very different people get to know the coach and walk all six areas; every word is read."""

from __future__ import annotations

import pytest

from bot.store.tables import Run
from tests.conversations.chat import Chat, Stage, golden, rows
from tests.conversations.persona import Persona, open_area, walk
from tests.conversations.ten_people import PEOPLE


@pytest.mark.parametrize("persona", PEOPLE, ids=lambda persona: persona.name)
async def test_all_six_areas_are_walked_to_their_end(stage: Stage, chat: Chat, persona: Persona) -> None:
    await chat.say("/start")
    await walk(chat, persona)
    areas = stage.coach.library.areas()
    for area in areas:
        await chat.later(days=1)
        await open_area(chat, persona, area.title)
    golden(chat, f"person-{persona.name}")
    ended = {script for script, status in rows(stage, Run, "script", "status") if status == "ended"}
    assert {area.id for area in areas} <= ended
