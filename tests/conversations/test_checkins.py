"""Each check-in at its time, with every answer it offers."""

from __future__ import annotations

import datetime as dt

from bot.store.tables import Due, Night, TrainingSet, Walk
from tests.conversations.chat import Chat, Stage, golden, rows
from tests.conversations.people import MET, WALKER, do, met

STATUSES = ("script", "local_date", "status")


def on(day: int, hour: int, minute: int = 0) -> dt.datetime:
    """An instant of November 2026, in UTC; Berlin is an hour ahead."""
    return dt.datetime(2026, 11, day, hour, minute, tzinfo=dt.UTC)


async def test_a_walk(stage: Stage, chat: Chat) -> None:
    await met(chat, *WALKER)
    await chat.play(on(23, 17, 46))
    await do(chat, "[Done]", "[15 min]")
    await chat.play(on(24, 17, 46))
    await do(chat, "[5 min]")
    await chat.play(on(25, 17, 46))
    await do(chat, "[Later]")
    await chat.play(on(25, 18, 10))
    await do(chat, "[Done]", "12")
    await chat.play(on(26, 17, 46))
    await do(chat, "[Not today]", "[Tired]")
    await chat.play(on(27, 17, 46))
    await do(chat, "[Not today]", "[Tired]")
    await chat.play(on(29, 10))
    golden(chat, "checkin-walk")
    assert rows(stage, Walk, "local_date", "minutes", "meal") == [
        (dt.date(2026, 11, 23), 15, "dinner"),
        (dt.date(2026, 11, 24), 5, "dinner"),
        (dt.date(2026, 11, 25), 12, "dinner"),
    ]
    assert [status for script, _, status in rows(stage, Due, *STATUSES) if script == "walk"] == [
        "done",
        "done",
        "done",
        "skipped",
        "skipped",
        "asked",
        "planned",
    ]


LIFTER = [
    *MET,
    "/plan",
    "[Lifting]",
    "Berlin",
    "[Yes]",
    "[Yes]",
    "[Chair squat]",
    "[Push-up]",
    "[Done ✓]",
    "Mon, Wed and Fri",
    "18:00",
    "By the kitchen chair",
]
SLEEPER = [
    *MET,
    "/plan",
    "[Sleep routine]",
    "Berlin",
    "[Yes]",
    "[Yes]",
    "23:00",
    "6:45",
    "Phone in the kitchen, lights low",
]


async def test_a_lifting_day(stage: Stage, chat: Chat) -> None:
    await do(chat, *LIFTER)
    await chat.play(on(23, 17, 1))
    await do(chat, "[As planned]")
    await chat.play(on(25, 17, 1))
    await do(chat, "[Log sets]", "20 kg 10, 8", "2x9")
    await chat.play(on(27, 17, 1))
    await do(chat, "[Move]", "[Tomorrow]")
    await chat.play(on(28, 17, 1))
    await do(chat, "[Not today]")
    golden(chat, "checkin-lifting")
    assert rows(stage, TrainingSet, "local_date", "exercise", "load_kg", "reps", "as_planned") == [
        *[(dt.date(2026, 11, 23), "chair_squat", None, 8, True)] * 2,
        *[(dt.date(2026, 11, 23), "push_up", None, 8, True)] * 2,
        (dt.date(2026, 11, 25), "chair_squat", 20.0, 10, False),
        (dt.date(2026, 11, 25), "chair_squat", 20.0, 8, False),
        *[(dt.date(2026, 11, 25), "push_up", None, 9, False)] * 2,
    ]
    days = {date.day: status for _, date, status in rows(stage, Due, *STATUSES) if _ == "lifting"}
    assert days == {23: "done", 25: "done", 27: "moved", 28: "skipped", 30: "planned"}


async def test_a_night(stage: Stage, chat: Chat) -> None:
    await do(chat, *SLEEPER)
    await chat.play(on(24, 6, 16))
    await do(chat, "[As usual 23:00–6:45]")
    await chat.play(on(25, 6, 16))
    await do(chat, "[Different]", "0:30 to 7")
    await chat.play(on(25, 21, 16))
    await do(chat, "[Skip tonight]")
    await chat.play(on(26, 6, 16))
    await do(chat, "slept 6h 30")
    golden(chat, "checkin-sleep")
    assert rows(stage, Night, "local_date", "bed", "wake", "minutes") == [
        (dt.date(2026, 11, 24), "23:00", "06:45", 465),
        (dt.date(2026, 11, 25), "00:30", "07:00", 390),
        (dt.date(2026, 11, 26), None, None, 390),
    ]


async def test_cold_water(stage: Stage, chat: Chat) -> None:
    await do(chat, *MET, "/plan", "[Cold (off: why?)]", "[Go on]", "[None of these]", "[Done ✓]")
    await do(chat, "Berlin", "yes", "yes", "tue and fri", "7:00", "20")
    golden(chat, "checkin-cold")
