"""A check-in comes between a question and its answer, the process restarts, and nothing is lost or mixed up."""

from __future__ import annotations

import datetime as dt

from bot.store.tables import Answer, Due, Retraction, Run, Walk
from tests.conversations.chat import Chat, Stage, golden, rows
from tests.conversations.people import WALKER, do, met


async def test_a_check_in_between_question_and_answer_disturbs_neither(stage: Stage, chat: Chat) -> None:
    await met(chat, *WALKER)
    first = len(rows(stage, Answer, "id"))
    runs_before = len(rows(stage, Run, "id"))
    await chat.play(dt.datetime(2026, 11, 23, 17, 40, tzinfo=dt.UTC))
    await do(chat, "/areas", "[Muscle]")
    await chat.play(dt.datetime(2026, 11, 23, 17, 46, tzinfo=dt.UTC))  # the check-in is asked at 17:45
    await do(chat, "years ago")  # the area's answer, typed, while the check-in's question is newer
    await stage.restart()
    await chat.play(dt.datetime(2026, 11, 24, 9, 30, tzinfo=dt.UTC))
    await do(chat, "[Done]", "[15 min]", "[‹ Back]")  # Back is the area's, which was asked again
    golden(chat, "between")

    # what the person did, written by hand: script, step, value, typed, tapped?, counts for which day, taken back?
    taken_back = {answer for (answer,) in rows(stage, Retraction, "answer_id")}
    found = [
        (script, step, value, typed, tapped is not None, date, answer in taken_back)
        for answer, script, step, value, typed, tapped, date in rows(
            stage, Answer, "id", "script", "step", "value", "typed", "tapped", "local_date"
        )[first:]
    ]
    monday, tuesday = dt.date(2026, 11, 23), dt.date(2026, 11, 24)
    assert found == [
        ("areas", "which", "muscle", None, True, monday, False),
        ("muscle", "before", "past", "years ago", False, monday, True),
        ("walk", "ask", "done", None, True, monday, False),
        ("walk", "minutes", 15, None, True, monday, False),
    ]
    assert rows(stage, Walk, "local_date", "minutes", "meal") == [(monday, 15, "dinner")]
    assert [row for row in rows(stage, Due, "script", "local_date", "status") if row[0] == "walk"] == [
        ("walk", monday, "done"),
        ("walk", tuesday, "planned"),
    ]
    assert rows(stage, Run, "script", "status")[runs_before:] == [
        ("areas", "ended"),
        ("muscle", "open"),
        ("walk", "ended"),
    ]
