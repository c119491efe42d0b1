"""The first conversation, whole."""

from __future__ import annotations

from bot.store.tables import Answer, Due, Fact, Person, Run
from tests.conversations.chat import Chat, Stage, golden, rows
from tests.conversations.people import AGREED, WALKER, do


async def test_the_first_conversation_ends_with_one_action_for_today(stage: Stage, chat: Chat) -> None:
    await do(chat, *WALKER)
    golden(chat, "onboarding")
    assert rows(stage, Person, "consent", "consent_version") == [("agreed", "2026-11-27")]
    assert rows(stage, Due, "script", "slot", "status") == [
        ("walk", "dinner", "planned"),
        ("weekly", "week", "planned"),
    ]


async def test_everything_but_the_first_two_questions_can_be_skipped(stage: Stage, chat: Chat) -> None:
    await do(chat, *AGREED)
    while "Skip" in chat.labels():
        await chat.tap("Skip")
    golden(chat, "onboarding-skipped")
    assert rows(stage, Due, "script") == []


async def test_answers_of_the_screen_hold_what_they_must(stage: Stage, chat: Chat) -> None:
    await do(chat, *AGREED, "[Energy]", "[Skip]")
    await do(chat, "[High blood pressure]", "[Kidney disease]", "[Done ✓]", "[Not checked lately]")
    await do(chat, "not sure", "[Not sure]", "[Done ✓]", "[Not sure]", "[Not now]")
    golden(chat, "onboarding-held")


async def test_who_declines_is_taught_and_nothing_is_kept(stage: Stage, chat: Chat) -> None:
    await do(chat, "/start", "[Yes, 18 or over]", "[Just teach me]", "/areas", "[Exercise]")
    while "Go on" in chat.labels():
        await chat.tap("Go on")
    await do(chat, "/plan")
    golden(chat, "teach-only")
    assert rows(stage, Answer, "id") == rows(stage, Fact, "id") == rows(stage, Due, "id") == []
    assert all(not state["said"] for (state,) in rows(stage, Run, "state"))


async def test_someone_under_18_is_taught_kindly_and_nothing_is_kept(stage: Stage, chat: Chat) -> None:
    await do(chat, "/start", "[No]")
    golden(chat, "under-18")
    assert rows(stage, Answer, "id") == rows(stage, Fact, "id") == []


async def test_onboarding_goes_on_where_it_stopped_after_a_restart(stage: Stage, chat: Chat) -> None:
    await do(chat, *AGREED, "[Family]")
    await stage.restart()
    await do(chat, "Robin", "/start", "[Go on]", "[None of these]", "[Done ✓]", "back", "[Not sure]", "[Done ✓]")
    golden(chat, "onboarding-restart")
