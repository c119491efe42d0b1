"""What was agreed can be changed, paused, exported and erased."""

from __future__ import annotations

import json

from bot.store.tables import Due, Person
from tests.conversations.chat import Chat, Stage, golden, rows
from tests.conversations.people import WALKER, do, met
from tests.conversations.test_checkins import on


def walks(stage: Stage) -> list[tuple[str, str]]:
    """The check-ins about walks: their instants and statuses."""
    return [
        (f"{at:%a %H:%M}", status)
        for script, at, status in rows(stage, Due, "script", "due_at", "status")
        if script == "walk"
    ]


async def test_a_new_zone_moves_the_check_ins_at_once(stage: Stage, chat: Chat) -> None:
    await met(chat, *WALKER)
    assert walks(stage) == [("Mon 17:45", "planned")]
    await do(chat, "/settings", "[Time zone]")
    stage.server.share_location(chat.id, 35.68, 139.69)
    await chat.told()
    await do(chat, "[Yes]", "[Yes]", "[Done]")
    golden(chat, "settings-zone")
    assert walks(stage) == [("Mon 09:45", "planned")]


async def test_a_pause_is_silent_and_resume_goes_on(stage: Stage, chat: Chat) -> None:
    await met(chat, *WALKER)
    await do(chat, "stop messaging me")
    await chat.play(on(25, 20))
    await do(chat, "/resume")
    await chat.play(on(26, 20))
    golden(chat, "pause")
    assert [status for _, status in walks(stage)] == ["not_sent", "not_sent", "not_sent", "asked", "planned"]


async def test_export_gives_everything_and_erase_leaves_nothing(stage: Stage, chat: Chat) -> None:
    await met(chat, *WALKER)
    await do(chat, "/export")
    document = next(message for message in chat.messages() if message.document)
    assert document.document is not None
    exported = json.loads(document.document.content)
    assert exported["person"]["consent"] == "agreed"
    assert {"answer", "fact", "run", "due", "walk", "night"} <= set(exported)
    await do(chat, "/erase", "[No, keep it]", "/erase", "[Yes, erase all]")
    golden(chat, "export-and-erase")
    assert rows(stage, Person, "id") == []
    await do(chat, "/start")
    assert "18 or older" in chat.last.plain


async def test_every_command_of_the_menu_answers(stage: Stage, chat: Chat) -> None:
    await met(chat, *WALKER)
    commands = [command["command"] for command in stage.server.commands(chat.id)]
    for command in commands:
        before = chat.last.id
        await do(chat, f"/{command}")
        assert chat.last.id > before, command
        if command == "erase":
            await do(chat, "/cancel")
    assert {"areas", "plan", "week", "today", "log", "settings", "pause", "resume", "help", "privacy"} <= set(commands)
    golden(chat, "commands")
