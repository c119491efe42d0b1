"""How sure we are, and why a message came: the button and /why in whole conversations."""

from __future__ import annotations

from bot.trial.keyboard import inline_rows
from tests.conversations.chat import Chat, Stage
from tests.conversations.people import WALKER, do, known, met
from tests.conversations.test_checkins import on

BUTTON = "How sure are we?"


async def test_a_lesson_has_the_button_and_the_answer_is_one_message_with_links(stage: Stage, chat: Chat) -> None:
    known(chat)
    await do(chat, "/areas", "[Exercise]", "[I walk a bit]", "[Into the next day]")
    (told,) = await chat.tap(BUTTON)
    assert told.plain.startswith("Well shown.")
    assert 'href="https://doi.org/10.2337/dc16-1728"' in (told.text or "")
    await do(chat, "[About an hour]")
    assert "If I could pick just one habit" in chat.last.plain


async def test_the_button_stands_below_the_questions_own_and_stays_when_they_go(stage: Stage, chat: Chat) -> None:
    await do(chat, "/start", "[Yes, 18 or over]", "[Agree]", "[A blood test]")
    message = chat.last
    rows = [[button["text"] for button in row] for row in inline_rows(message.markup)]
    assert rows[-1] == [BUTTON]
    assert len(rows) > 1
    await do(chat, "Robin")
    message = next(one for one in chat.messages() if one.id == message.id)
    assert chat.labels(message) == [BUTTON]
    (told,) = await chat.tap(BUTTON, message)
    assert "Diabetes Prevention Program" in told.plain


async def test_why_after_a_lesson_a_question_a_check_in_and_the_week(stage: Stage, chat: Chat) -> None:
    await met(chat, *WALKER)
    await do(chat, "/areas", "[Exercise]")
    (question,) = await chat.say("/why")
    assert "Your safety answers leave easy walks and light strength open" in question.plain
    assert "It claims nothing that a study would have to show" in question.plain
    await do(chat, "[I walk a bit]", "[Into the next day]")
    (lesson,) = await chat.say("why?")
    assert "Well shown." in lesson.plain
    await do(chat, "/cancel")
    await chat.play(on(23, 17, 46))
    (check_in,) = await chat.say("why?")
    assert "You switched on walks after dinner, for 18:45." in check_in.plain
    await do(chat, "[Done]", "[15 min]")
    await chat.play(on(29, 17, 1))
    (week,) = await chat.say("/why")
    assert "It's the time for your week's summary: 18:00." in week.plain
    assert "These figures come from your own records" in week.plain
    assert "Walks: 1 done of" in week.plain


async def test_why_after_a_refusal_names_the_screen_and_quotes_no_answer(stage: Stage, chat: Chat) -> None:
    known(chat)
    await do(chat, "/areas", "[Cold & heat]", "[Cold showers]", "[Feeling awake]", "[Never tried]", "[About 80]")
    await do(chat, "[Higher]", "[A cool shower finish]", "[White fingers (Raynaud)]", "[Done ✓]")
    (told,) = await chat.say("/why")
    assert "Your safety answers hold" in told.plain
    assert "White fingers" not in told.plain


async def test_why_stands_in_the_commands_menu(stage: Stage, chat: Chat) -> None:
    known(chat)
    menu = {command["command"] for command in stage.server.commands(chat.id)}
    assert "why" in menu
