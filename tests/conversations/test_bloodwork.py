"""Blood draws, from the sheet to what is said of them: the whole of it, each refusal, and two draws side by side."""

from __future__ import annotations

import datetime as dt

import pytest

from bot.store.tables import BloodDraw, Due
from tests.conversations.chat import Chat, Stage, golden, rows
from tests.conversations.people import AGREED, do, known, met

NONE = ["[None of these]", "[Done ✓]"]
NEITHER = ["[Neither]", "[Done ✓]"]
EVERYTHING = ["[HbA1c]", "[Triglycerides]", "[Done ✓]"]
NO_REMINDER = ["[No, thanks]"]
BEGIN = ["/bloodwork", "[Yes, both]"]


def draw(date: str, glucose: str, insulin: str, lab: str = "City Lab", fasting: str = "[Yes, fasting]") -> list[str]:
    """A draw with glucose and insulin, as far as its lab's name."""
    return [*BEGIN, date, fasting, *NONE, glucose, insulin, *NEITHER, lab]


async def test_a_whole_draw_with_everything(stage: Stage, chat: Chat) -> None:
    known(chat)
    await do(chat, *BEGIN, "[Yesterday]", "[Yes, fasting]", *NONE, "98 mg/dL", "72 pmol/L", *EVERYTHING)
    await do(chat, "5.4%", "1.4 mmol/L", "City Lab", "[Show me]", "[In 3 months]", "Berlin", "[Yes]")
    golden(chat, "bloodwork-whole")
    assert "12 × 98 ÷ 405 = 2.9" in chat.transcript()
    assert "1 ÷ (log 12 + log 98) = 0.33" in chat.transcript()
    assert "ln(124 × 98 ÷ 2) = 8.7" in chat.transcript()
    columns = ("glucose", "insulin", "insulin_unit", "insulin_factor", "hba1c", "hba1c_unit", "triglycerides")
    more = ("triglycerides_unit", "lab", "fasting", "against")
    assert rows(stage, BloodDraw, *columns, *more) == [
        (98, 72, "pmol_l", 6.0, 5.4, "percent", 1.4, "mmol_l", "City Lab", "yes", "")
    ]


async def test_a_number_in_the_wrong_unit_is_asked_again_and_mended(stage: Stage, chat: Chat) -> None:
    known(chat)
    await do(chat, *BEGIN, "[Yesterday]", "[Yes, fasting]", *NONE, "110 mmol/L", "[110 mg/dL]", "8 mU/L")
    await do(chat, *EVERYTHING, "38 %", "[38 mmol/mol]", "150 mmol/l", "[150 mg/dL]", "City Lab")
    golden(chat, "bloodwork-wrong-unit")
    columns = ("glucose", "glucose_unit", "insulin_unit", "hba1c", "hba1c_unit", "triglycerides", "triglycerides_unit")
    assert rows(stage, BloodDraw, *columns) == [(110, "mg_dl", "uiu_ml", 38, "mmol_mol", 150, "mg_dl")]


@pytest.mark.parametrize(
    ("name", "fasting", "ticked", "against"),
    [
        ("insulin", "[Yes, fasting]", "[I use insulin]", "insulin_therapy"),
        ("type-1", "[Yes, fasting]", "[Type 1 diabetes]", "type_1"),
        ("not-fasting", "[No, I had eaten]", "[None of these]", "not_fasted"),
        ("pregnant", "[Yes, fasting]", "[Pregnant]", "pregnancy"),
        ("ill", "[Yes, fasting]", "[Ill, then or days before]", "acute_illness"),
        ("fast-unsure", "[Not sure]", "[None of these]", "unsure_not_fasted"),
        (
            "day-unsure",
            "[Yes, fasting]",
            "[Not sure]",
            "unsure_insulin_therapy,unsure_type_1,unsure_pregnancy,unsure_acute_illness",
        ),
    ],
)
async def test_no_sum_where_it_says_nothing(
    stage: Stage, chat: Chat, name: str, fasting: str, ticked: str, against: str
) -> None:
    known(chat)
    await do(chat, *BEGIN, "[Yesterday]", fasting, ticked, "[Done ✓]", "98", "12 µIU/mL", *NEITHER, "City Lab")
    golden(chat, f"bloodwork-refused-{name}")
    assert "÷ 405" not in chat.transcript()
    assert "QUICKI" not in chat.transcript()
    assert rows(stage, BloodDraw, "glucose", "insulin", "against") == [(98, 12, against)]


async def test_insulin_in_the_screen_counts_though_it_is_not_ticked_again(stage: Stage, chat: Chat) -> None:
    insulin = ["[None of these]", "[Done ✓]", "[Insulin]", "[Done ✓]", "[No]", "[None of these]", "[Done ✓]"]
    await met(chat, *AGREED, "[Family]", "Robin", *insulin)
    await do(chat, *draw("[Yesterday]", "98 mg/dL", "12 µIU/mL"))
    assert "÷ 405" not in chat.transcript()
    assert rows(stage, BloodDraw, "against") == [("insulin_therapy",)]


@pytest.mark.parametrize(
    ("name", "glucose", "hba1c", "said"),
    [
        ("glucose", "7.2 mmol/L", "5.5%", "please book a second test"),
        ("hba1c", "5.4 mmol/L", "49 mmol/mol", "please book a test to confirm it"),
        ("both", "130 mg/dL", "6.6%", "please book that visit now"),
    ],
)
async def test_a_result_in_the_diabetes_range_calls_for_a_second_test(
    stage: Stage, chat: Chat, name: str, glucose: str, hba1c: str, said: str
) -> None:
    known(chat)
    await do(chat, *BEGIN, "[Yesterday]", "[Yes, fasting]", *NONE, glucose, "12 µIU/mL", "[HbA1c]", "[Done ✓]", hba1c)
    await do(chat, "City Lab", "[No, that's enough]")
    golden(chat, f"bloodwork-diabetes-range-{name}")
    assert said in chat.transcript()
    assert "HOMA-IR:" not in chat.transcript()


async def test_a_very_high_glucose_with_thirst_is_for_today_before_any_further_question(
    stage: Stage, chat: Chat
) -> None:
    known(chat)
    await do(chat, *BEGIN, "[Today]", "[Yes, fasting]", *NONE, "250 mg/dL", "[Losing weight unplanned]", "[Done ✓]")
    golden(chat, "bloodwork-today")
    assert "Please get care today" in chat.transcript()
    assert rows(stage, BloodDraw, "glucose") == [(250,)]


async def test_two_draws_from_one_lab_stand_side_by_side_without_a_verdict(stage: Stage, chat: Chat) -> None:
    known(chat)
    await do(chat, *draw("2026-06-01", "98 mg/dL", "12 µIU/mL"), "[No, thanks]", *NO_REMINDER)
    chat.lines.clear()
    await do(chat, *draw("2026-11-20", "5.3 mmol/L", "60 pmol/L", "city lab"), "[No, thanks]", *NO_REMINDER)
    golden(chat, "bloodwork-comparable")
    assert "Glucose: 5.4 mmol/L, then 5.3 mmol/L (−0.1)" in chat.transcript()
    assert "Insulin: 72 pmol/L, then 60 pmol/L (−12)" in chat.transcript()
    assert "HOMA-IR: 2.9, then 2.4 (−0.5)" in chat.transcript()
    assert "noise" in chat.transcript()


@pytest.mark.parametrize(
    ("name", "lab", "fasting", "why"),
    [
        ("lab", "Other Lab", "[Yes, fasting]", "they come from different labs"),
        ("fast", "City Lab", "[No, I had eaten]", "not both were sure to be fasting"),
    ],
)
async def test_draws_that_cannot_be_compared_say_why_and_show_no_difference(
    stage: Stage, chat: Chat, name: str, lab: str, fasting: str, why: str
) -> None:
    known(chat)
    await do(chat, *draw("2026-06-01", "98 mg/dL", "12 µIU/mL"), "[No, thanks]", *NO_REMINDER)
    chat.lines.clear()
    no_extras = ["[No, thanks]"] if fasting == "[Yes, fasting]" else []
    await do(chat, *draw("2026-11-20", "95 mg/dL", "10 µIU/mL", lab, fasting), *no_extras, *NO_REMINDER)
    golden(chat, f"bloodwork-apart-{name}")
    assert why in chat.transcript()
    assert "Glucose: 98 mg/dL; 95 mg/dL" in chat.transcript()
    assert "(−3" not in chat.transcript()


async def test_where_scores_are_left_out_a_draw_is_kept_without_comment(stage: Stage, chat: Chat) -> None:
    eating = ["[None of these]", "[Done ✓]"] * 2 + ["[Eating disorder, ever]", "[Done ✓]"]
    await met(chat, *AGREED, "[Family]", "Robin", *eating)
    await do(chat, "/bloodwork", "[Yes, just keep them]", "[Yesterday]", "[Yes, fasting]", *NONE)
    await do(chat, "98 mg/dL", "12 µIU/mL", *NEITHER, "City Lab")
    golden(chat, "bloodwork-no-numbers")
    assert "HOMA" not in chat.transcript()
    assert "remind" not in chat.transcript()
    assert rows(stage, BloodDraw, "glucose", "insulin") == [(98, 12)]


async def test_an_unsure_safety_answer_leaves_scores_out_and_says_how_to_mend_it(stage: Stage, chat: Chat) -> None:
    unsure = ["[None of these]", "[Done ✓]"] * 2 + ["[Not sure]", "[Done ✓]"]
    await met(chat, *AGREED, "[Family]", "Robin", *unsure)
    await do(chat, "/bloodwork", "[Yes, just keep them]", "[Yesterday]", "[Yes, fasting]", *NONE)
    await do(chat, "98 mg/dL", "12 µIU/mL", *NEITHER, "[Skip]")
    assert "/safety asks it again" in chat.last.plain
    assert "÷" not in chat.transcript()


async def test_where_scores_are_left_out_a_diabetes_range_is_still_told_without_its_number(
    stage: Stage, chat: Chat
) -> None:
    eating = ["[None of these]", "[Done ✓]"] * 2 + ["[Eating disorder, ever]", "[Done ✓]"]
    await met(chat, *AGREED, "[Family]", "Robin", *eating)
    await do(chat, "/bloodwork", "[Yes, just keep them]", "[Yesterday]", "[Yes, fasting]", *NONE)
    await do(chat, "130 mg/dL", "[Skip]", *NEITHER, "[Skip]")
    golden(chat, "bloodwork-no-numbers-confirm")
    assert "please book a test with your doctor" in chat.transcript()


async def test_who_skips_everything_leaves_without_a_draw(stage: Stage, chat: Chat) -> None:
    known(chat)
    await do(chat, *BEGIN, "[Yesterday]", *["[Skip]"] * 5)
    golden(chat, "bloodwork-skipped")
    assert "I keep nothing today" in chat.transcript()
    assert rows(stage, BloodDraw, "id") == []


async def test_hba1c_alone_is_kept(stage: Stage, chat: Chat) -> None:
    known(chat)
    await do(chat, *BEGIN, "[Yesterday]", "[Not sure]", *NONE, "[Skip]", "[Skip]", "[HbA1c]", "[Done ✓]", "5.6")
    await do(chat, "[Skip]", *NO_REMINDER)
    assert rows(stage, BloodDraw, "glucose", "insulin", "hba1c", "hba1c_unit", "lab") == [
        (None, None, 5.6, "percent", None)
    ]


async def test_a_reminder_comes_on_its_morning_and_only_once(stage: Stage, chat: Chat) -> None:
    known(chat)
    await do(chat, *draw("[Yesterday]", "98 mg/dL", "12 µIU/mL"), "[No, thanks]", "[On a date of mine]", "2 December")
    await do(chat, "Berlin", "[Yes]", "/plan", "[Nothing]")
    assert "Blood test reminder · 2 December 2026" in chat.transcript()
    await chat.play(dt.datetime(2026, 12, 2, 7, 59, tzinfo=dt.UTC))
    assert "You asked me to remind you" not in chat.transcript()
    await chat.later(minutes=2)
    await do(chat, "/today", "[In a month again]")
    golden(chat, "bloodwork-reminder")
    assert chat.transcript().count("You asked me to remind you") == 1
    assert "2 January 2027" in chat.transcript()
    assert [row for row in rows(stage, Due, "script", "local_date", "status") if row[0] == "retest"] == [
        ("retest", dt.date(2026, 12, 2), "skipped"),
        ("retest", dt.date(2027, 1, 2), "planned"),
    ]


async def test_a_reminder_waits_for_the_end_of_a_pause(stage: Stage, chat: Chat) -> None:
    known(chat)
    await do(chat, *draw("[Yesterday]", "98 mg/dL", "12 µIU/mL"), "[No, thanks]", "[On a date of mine]", "2 December")
    await do(chat, "Berlin", "[Yes]")
    await chat.play(dt.datetime(2026, 12, 1, 12, 0, tzinfo=dt.UTC))
    await do(chat, "stop")
    await chat.play(dt.datetime(2026, 12, 4, 12, 0, tzinfo=dt.UTC))
    assert "You asked me to remind you" not in chat.transcript()
    await do(chat, "/resume")
    await chat.play(dt.datetime(2026, 12, 5, 9, 0, tzinfo=dt.UTC))
    assert chat.transcript().count("You asked me to remind you") == 1


async def test_a_reminder_that_was_taken_away_does_not_come(stage: Stage, chat: Chat) -> None:
    known(chat)
    await do(chat, *draw("[Yesterday]", "98 mg/dL", "12 µIU/mL"), "[No, thanks]", "[On a date of mine]", "2 December")
    await do(chat, "Berlin", "[Yes]", "/plan", "[Blood test reminder]", "[Take it away]")
    await chat.play(dt.datetime(2026, 12, 3, 12, 0, tzinfo=dt.UTC))
    assert "You asked me to remind you" not in chat.transcript()
