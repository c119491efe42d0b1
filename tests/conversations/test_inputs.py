"""Whatever people send gets an answer that helps, and the question again."""

from __future__ import annotations

from bot.store.tables import Answer, Group, Person
from tests.conversations.chat import Chat, Stage, golden, rows
from tests.conversations.people import AGREED, WALKER, do, met


async def test_bad_input_gets_help_and_the_question_again(stage: Stage, chat: Chat) -> None:
    await do(chat, "hello?", "/start", "maybe", "[Yes, 18 or over]")
    await do(chat, "purple monkey dishwasher", "agre", "famly", "Robin")
    await do(chat, "x" * 4096, "/nonsense")
    stage.server.send_sticker(chat.id)
    await chat.told()
    stage.server.send_voice(chat.id)
    await chat.told()
    golden(chat, "bad-input")
    assert rows(stage, Answer, "value", "typed")[-2:] == [("famly", "famly"), ("Robin", "Robin")]


async def test_numbers_and_times_are_forgiven_or_explained(stage: Stage, chat: Chat) -> None:
    await met(
        chat,
        *AGREED,
        "[Energy]",
        "Sam",
        *["[None of these]", "[Done ✓]"] * 3,
        "[Go on]",
        "[A walk after dinner]",
    )
    await do(chat, "Plates, then shoes", "eleven", "seven-ish", "[Yes, please]", "Atlantis", "Berlin", "yes")
    await do(chat, "25:00", "7", "[Every day]")
    golden(chat, "bad-numbers")


async def test_an_old_button_changes_nothing_and_says_so(stage: Stage, chat: Chat) -> None:
    await do(chat, *AGREED)
    question = chat.last
    await do(chat, "[Family]")
    before = rows(stage, Answer, "id")
    stage.server.tap(chat.id, question.id, question.buttons[0][0].data, stale=True)
    await chat.told()
    assert rows(stage, Answer, "id") == before
    assert list(stage.server.state.taps.values())[-1].text == "That one is already answered."


async def test_emergency_words_are_answered_first_and_stop_the_coaching(stage: Stage, chat: Chat) -> None:
    await met(chat, *WALKER)
    await do(chat, "/areas", "[Nutrition]", "I have chest pain and my arm is numb", "it hurts", "/areas")
    await chat.later(hours=14)
    golden(chat, "emergency")
    assert rows(stage, Person, "held") == [("emergency",)]


async def test_words_of_self_harm_get_a_human_answer_and_silence_after(stage: Stage, chat: Chat) -> None:
    await met(chat, *WALKER)
    await do(chat, "I want to kill myself")
    await chat.later(days=2)
    golden(chat, "self-harm")


async def test_a_group_gets_one_polite_line(stage: Stage, chat: Chat) -> None:
    group = stage.server.add_group("Family")
    for text in ("/start", "hello"):
        stage.server.type_in_group(group, chat.id, text)
        await stage.settled()
    assert len([m for m in stage.server.messages(group) if m.from_bot]) == 1
    assert rows(stage, Person, "id") == []
    assert len(stage.work(lambda session: session.query(Group).all())) == 1
