"""Rules of typed replies: what a button says can be typed, and what cannot be read says why."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.coach import replies
from bot.coach.dialogue import Frame, Said, State
from bot.coach.questions import DONE, SAME, Around, Ticked, buttons, tapped
from bot.coach.reading import Unread, as_labelled, read
from bot.coach.script import Option, Options, Question, Several, options_of
from tests.coach import english
from tests.coach.world import Real, around, library, phrases, question

WORDS = english()

NUMBER = "ask: A?, number: {unit: min, from: 1, to: 60}"
LOAD = "ask: A?, number: {unit: kg, from: 1, to: 300, whole: false}"
TIME = "ask: A?, time: {hint: evening}"
DURATION = "ask: A?, duration: {unit: min, from: 1, to: 120}"
CHOICE = "ask: A?, choice: {often: {label: Most days, typed: [daily]}, some: Now and then, not_sure: Not sure}"
SEVERAL = (
    "ask: A?, several: {heart: {label: Heart trouble, words: your heart}, feet: Numb feet, none: {label: None of these,"
    " alone: true}, not_sure: {label: Not sure, alone: true}}"
)
READY = "ask: A?, text: {offer: {a: {label: Short, words: The long words}}}"
DAYS = "ask: A?, weekdays: {at_most: 3}"


def typed(text: str, reply: str, where: Around | None = None) -> Said | Unread:
    return read(question(text), reply, WORDS, where or around())


@pytest.mark.parametrize(
    ("text", "reply", "expected"),
    [
        (NUMBER, "15", Said(15, "15 min")),
        (NUMBER, "fifteen", Said(15, "15 min")),
        (NUMBER, "about 15 minutes", Said(15, "15 min")),
        (NUMBER, "half an hour", Said(30, "30 min")),
        (LOAD, "22.5", Said(22.5, "22.5 kg")),
        (LOAD, "22,5 kg", Said(22.5, "22.5 kg")),
        ("ask: A?, number: {from: 0, to: 9}", "0", Said(0, "0")),
        (DURATION, "half an hour", Said(30, "30 min")),
        (DURATION, "1h", Said(60, "60 min")),
        ("ask: A?, duration: {unit: s, from: 5, to: 120}", "1 min", Said(60, "60 s")),
        ("ask: A?, scale: {from: 0, to: 10}", "8", Said(8, "8")),
        ("ask: A?, scale: {from: 0, to: 10}", "8/10", Said(8, "8")),
        (TIME, "7", Said("19:00", "19:00")),
        (TIME, "7:30 pm", Said("19:30", "19:30")),
        (TIME, "seven-ish", Said("19:00", "19:00")),
        (TIME, "half past eight", Said("20:30", "20:30")),
        ("ask: A?, time: {hint: morning}", "7", Said("07:00", "07:00")),
        (
            "ask: A?, night: {}",
            "23:00-6:45",
            Said({"bed": "23:00", "wake": "06:45", "minutes": 465}, "23:00–6:45"),
        ),
        ("ask: A?, night: {}", "7h", Said({"minutes": 420}, "7 h")),
        ("ask: A?, night: {}", "7.5 hours", Said({"minutes": 450}, "7 h 30")),
        (DAYS, "mon, thu", Said([0, 3], "Monday and Thursday")),
        ("ask: A?, weekdays: {}", "every day", Said([0, 1, 2, 3, 4, 5, 6], "every day")),
        ("ask: A?, weekdays: {}", "weekends", Said([5, 6], "Saturday and Sunday")),
        (
            "ask: A?, sets: {each: lifts}",
            "20 kg 10, 8",
            Said([{"load": 20.0, "reps": 10}, {"load": 20.0, "reps": 8}], "20 kg × 10, 8"),
        ),
        ("ask: A?, sets: {each: lifts}", "2x8", Said([{"load": None, "reps": 8}, {"load": None, "reps": 8}], "8, 8")),
        ("ask: A?, lab: {test: glucose}", "95 mg/dl", Said({"value": 95, "unit": "mg_dl"}, "95 mg/dL")),
        ("ask: A?, lab: {test: insulin}", "8 µIU/mL", Said({"value": 8, "unit": "uiu_ml"}, "8 µIU/mL")),
        ("ask: A?, text: {to: 40}", "  to the park ", Said("to the park", "to the park")),
        (READY, "short", Said("The long words", "The long words")),
        (READY, "shorter", Said("shorter", "shorter")),
        (CHOICE, "most days", Said("often", "Most days")),
        (CHOICE, "daily", Said("often", "Most days")),
        (CHOICE, "2", Said("some", "Now and then")),
        (CHOICE, "no idea", Said("not_sure", "Not sure")),
        ("ask: A?, yesno: {unsure: Hm}", "yep", Said("yes", "Yes")),
        ("ask: A?, yesno: {unsure: Hm}", "nope", Said("no", "No")),
        ("ask: A?, yesno: {unsure: Hm}", "dunno", Said("unsure", "Hm")),
        ("ask: A?, permission: {yes: Tell me, no: Later}, otherwise: here", "sure", Said("yes", "Tell me")),
        (SEVERAL, "numb feet and heart trouble", Said(["heart", "feet"], "your heart and Numb feet")),
        (SEVERAL, "none", Said(["none"], "None of these")),
        (SEVERAL, "no", Said(["none"], "None of these")),
        (SEVERAL, "all of them", Said(["heart", "feet"], "your heart and Numb feet")),
        (SEVERAL, "not sure", Said(["not_sure"], "Not sure")),
    ],
)  # fmt: skip
def test_a_reply_is_read_as_its_questions_kind_of_value(text: str, reply: str, expected: Said) -> None:
    assert typed(text, reply) == expected


@pytest.mark.parametrize(
    ("text", "reply", "expected"),
    [
        (NUMBER, "61", Unread("above", bound="60 min", unit="min")),
        (NUMBER, "0", Unread("below", bound="1 min", unit="min")),
        (NUMBER, "2 h", Unread("above", bound="60 min", unit="min")),
        (NUMBER, "many", Unread("not_a_number", unit="min")),
        (LOAD, "400", Unread("above", bound="300 kg", unit="kg")),
        (DURATION, "3 hours", Unread("above", bound="120 min", unit="min")),
        ("ask: A?, scale: {from: 0, to: 10}", "11", Unread("above", bound="10")),
        (TIME, "25:00", Unread("not_a_time")),
        (TIME, "soon", Unread("not_a_time")),
        ("ask: A?, night: {}", "badly", Unread("not_a_night", unit="h")),
        ("ask: A?, sets: {each: lifts}", "a lot", Unread("not_sets")),
        (DAYS, "every day", Unread("above", bound="3")),
        (DAYS, "someday", Unread("not_days")),
        ("ask: A?, text: {to: 5}", "too long", Unread("too_long", bound="5")),
        ("ask: A?, place: {}", "Berlin", Unread("other")),
        (CHOICE, "purple", Unread("not_an_option")),
        (SEVERAL, "purple", Unread("not_options")),
        (SEVERAL, "heart trouble and none of these", Unread("not_options")),
        ("ask: A?, date: {}", "tomorrow", Unread("not_a_date")),
    ],
)
def test_what_cannot_be_read_says_why_and_names_the_bound(text: str, reply: str, expected: Unread) -> None:
    assert typed(text, reply) == expected


@pytest.mark.parametrize("kind", [NUMBER, TIME, CHOICE, SEVERAL, DAYS, "ask: A?, text: {}", "ask: A?, date: {}"])
@pytest.mark.parametrize("nothing", ["", "   ", "\n", "\u200b"])
def test_an_empty_reply_is_empty_whatever_was_asked(kind: str, nothing: str) -> None:
    assert typed(kind, nothing) == Unread("empty")


def test_two_meanings_are_both_offered() -> None:
    assert typed("ask: A?, time: {}", "7") == Unread("ambiguous", (Said("07:00", "07:00"), Said("19:00", "19:00")))


def test_a_time_as_its_button_says_it_is_taken_whatever_the_hint() -> None:
    asked = 'ask: A?, time: {hint: evening, offer: ["10:00"]}'
    assert typed(asked, "10:00") == Said("10:00", "10:00")
    assert typed(asked, "10") == Said("22:00", "22:00")


def test_an_option_that_only_comes_near_is_offered_in_its_own_words() -> None:
    found = typed("ask: A?, choice: {a: {label: Walk outside, words: a walk}, b: Walk indoors}", "walk")
    assert found == Unread("not_an_option", (Said("a", "a walk"), Said("b", "Walk indoors")))
    several = typed("ask: A?, several: {a: Walk outside, b: Walk indoors}", "walk")
    assert several == Unread("not_options", (Said(["a"], "Walk outside"), Said(["b"], "Walk indoors")))


def test_a_hidden_option_cannot_be_typed() -> None:
    text = "ask: A?, choice: {a: Apples, b: {label: Berries, when: {x: 1}}}"
    assert isinstance(typed(text, "berries"), Unread)
    assert typed(text, "berries", around(world=Real({"x": Said(1, "1")}))) == Said("b", "Berries")


def test_not_sure_answers_a_safety_question_in_any_words() -> None:
    assert typed(f"{SEVERAL}, safety: true", "I don't know") == Said(["not_sure"], "Not sure")
    assert typed(f"{CHOICE}, safety: true", "no idea") == Said("not_sure", "Not sure")


def test_pounds_are_kept_as_kilograms_and_read_as_pounds() -> None:
    found = typed("ask: A?, sets: {each: lifts}", "45 8, 8", around(load_unit="lb"))
    assert isinstance(found, Said)
    assert found.words == "45 lb × 8, 8"
    assert found.value[0]["load"] == pytest.approx(20.41, abs=0.01)


@pytest.mark.parametrize(
    ("reply", "date"),
    [
        ("today", "2026-11-23"),
        ("Yesterday", "2026-11-22"),
        ("2026-11-03", "2026-11-03"),
        ("3 November", "2026-11-03"),
        ("November 3rd", "2026-11-03"),
        ("3 nov 2025", None),
        ("Nov 25, 2025", "2025-11-25"),
        ("24 December", "2025-12-24"),
        ("2026-11-24", None),
        ("2026-02-30", None),
        ("30 February", None),
        ("3/11", None),
        ("3.11.2026", None),
        ("3 ma", None),
        ("last week", None),
        ("3 4 November", None),
    ],
)
def test_a_date_is_read_only_where_it_can_mean_one_day_and_lies_within_the_year(reply: str, date: str | None) -> None:
    found = typed("ask: A?, date: {}", reply)
    if date is None:
        assert found == Unread("not_a_date")
    else:
        assert isinstance(found, Said)
        assert found.value == date


def test_a_date_may_lie_only_as_far_back_as_the_author_allows() -> None:
    assert typed("ask: A?, date: {past: 7}", "2026-11-15") == Unread("not_a_date")
    assert typed("ask: A?, date: {past: 8}", "2026-11-15") == Said("2026-11-15", "15 November 2026")


def test_a_29_february_is_looked_for_beyond_the_years_that_have_none() -> None:
    assert typed("ask: A?, date: {past: 1460}", "29 February") == Said("2024-02-29", "29 February 2024")
    assert typed("ask: A?, date: {ahead: 730}", "29 Feb") == Said("2028-02-29", "29 February 2028")


@pytest.mark.parametrize(
    ("reply", "date"),
    [
        ("24 November", "2026-11-24"),
        ("15 March", "2027-03-15"),
        ("2027-11-22", "2027-11-22"),
        ("22 November", "2027-11-22"),
        ("23 November", "2027-11-23"),
        ("2027-11-24", None),
        ("today", None),
        ("2026-11-22", None),
        ("3/11", None),
    ],
)
def test_a_date_that_must_lie_ahead_is_the_next_such_day_within_the_author_s_limit(
    reply: str, date: str | None
) -> None:
    found = typed("ask: A?, date: {ahead: 365}", reply)
    if date is None:
        assert found == Unread("not_a_coming_date")
    else:
        assert isinstance(found, Said)
        assert found.value == date


def test_hba1c_and_triglycerides_are_kept_with_their_unit() -> None:
    assert typed("ask: A?, lab: {test: hba1c}", "5,6 %") == Said({"value": 5.6, "unit": "percent"}, "5.6 %")
    assert typed("ask: A?, lab: {test: hba1c}", "38") == Said({"value": 38, "unit": "mmol_mol"}, "38 mmol/mol")
    assert typed("ask: A?, lab: {test: hba1c}", "high") == Unread("not_an_hba1c")
    assert typed("ask: A?, lab: {test: triglycerides}", "150") == Said({"value": 150, "unit": "mg_dl"}, "150 mg/dL")


def test_a_glucose_without_a_unit_is_in_the_unit_set_in_the_settings() -> None:
    text = "ask: A?, lab: {test: glucose}"
    known = around(world=Real({"glucose_unit": Said("mmol_l", "mmol/L")}))
    assert isinstance(typed(text, "20"), Unread)
    assert typed(text, "20", known) == Said({"value": 20, "unit": "mmol_l"}, "20 mmol/L")
    assert typed(text, "95 mg/dl", known) == Said({"value": 95, "unit": "mg_dl"}, "95 mg/dL")


def test_only_what_a_button_says_is_as_labelled() -> None:
    asked = question(CHOICE)
    assert as_labelled(asked, " most  DAYS ", around()) == Said("often", "Most days")
    assert as_labelled(asked, "daily", around()) == Said("often", "Most days")
    assert as_labelled(asked, "most", around()) is None
    assert as_labelled(question(NUMBER), "15", around()) is None


# the content


def questions() -> list[tuple[str, Question]]:
    return [
        (f"{script.id}.{name}", step)
        for script in library().scripts.values()
        for name, step in script.steps.items()
        if isinstance(step, Question)
    ]


def showing(asked: Question, wanted: str) -> Question:
    """The question with that option shown, beside all that are always shown."""

    def shown(options: Options) -> Options:
        return {
            name: option.model_copy(update={"when": None})
            for name, option in options.items()
            if name == wanted or option.when is None
        }

    for kind in ("choice", "several"):
        if hasattr(asked, kind):
            return asked.model_copy(update={kind: shown(getattr(asked, kind))})
    if hasattr(asked, "text"):
        return asked.model_copy(update={"text": asked.text.model_copy(update={"offer": shown(asked.text.offer)})})
    return asked


def chosen(asked: Question, name: str, option: Option, where: Around) -> Said:
    if isinstance(asked, Several):
        return Said([name], option.words or where.say((option.label,)))
    said = tapped(asked, name, where)
    assert isinstance(said, Said)
    return said


def test_what_an_option_of_the_content_says_can_be_typed() -> None:
    wrong = []
    for place, asked in questions():
        where = around(state=State((Frame(*place.split(".")),)))
        for name, option in options_of(asked).items():
            shown = showing(asked, name)
            meant = chosen(shown, name, option, where)
            for text in (where.say((option.label,)), *([option.words] if option.words else ()), *option.typed):
                found = read(shown, text, WORDS, where)
                if found != meant:
                    wrong.append(f"{place}: {text!r} is read as {found}, not as {name}")
    assert wrong == []


def test_what_any_other_button_of_the_content_says_can_be_typed() -> None:
    night = Said({"bed": "23:00", "wake": "06:45", "minutes": 465}, "23:00–6:45")
    world = Real(made_up={"usual_night": night})
    wrong = []
    for place, asked in questions():
        where = around(state=State((Frame(*place.split(".")),)), world=world)
        for button in buttons(asked, where):
            meant = tapped(asked, button.id, where)
            own = button.id in options_of(asked) or button.small or button.id in (DONE, SAME)
            if own or isinstance(meant, Ticked):
                continue
            found = read(asked, button.label, WORDS, where)
            if found != meant:
                wrong.append(f"{place}: {button.label!r} is read as {found}, not as {meant}")
    assert wrong == []


def test_the_coachs_own_buttons_can_be_typed() -> None:
    assert replies.is_back(phrases().back[0], WORDS)
    assert replies.is_skip(phrases().skip[0], WORDS)


ASKED = [asked for _, asked in questions()]
OF_EACH_KIND = list({type(asked): asked for asked in ASKED}.values())


TYPED = (
    st.text(max_size=80)
    | st.from_regex(r"[0-9a-z:.,/ -]{1,20}", fullmatch=True)
    | st.text(st.characters(categories=("Nd", "No", "Nl")), min_size=1, max_size=4)
    | st.builds("{} {} {}".format, st.integers(0, 40), st.sampled_from(phrases().months), st.integers(0, 10**12))
)


@settings(deadline=None, max_examples=300)
@given(st.sampled_from(OF_EACH_KIND) | st.sampled_from(ASKED), TYPED)
def test_whatever_is_typed_is_read_or_not_and_guesses_have_words(asked: Question, text: str) -> None:
    found = read(asked, text, WORDS, around())
    if isinstance(found, Unread):
        assert all(guess.words for guess in found.guesses)
        assert found.reason in phrases().unread or found.reason in ("ambiguous", "two_values")
    else:
        assert found.value is not None
        assert found.words


@pytest.mark.parametrize(
    ("asked", "today", "date"),
    [
        ("ask: A?, date: {}", dt.date(2025, 1, 20), "2024-02-29"),
        ("ask: A?, date: {}", dt.date(2028, 3, 1), "2028-02-29"),
        ("ask: A?, date: {ahead: 365}", dt.date(2027, 11, 20), "2028-02-29"),
        ("ask: A?, date: {ahead: 365}", dt.date(2028, 1, 20), "2028-02-29"),
        ("ask: A?, date: {}", dt.date(2026, 11, 23), None),
    ],
)
def test_the_29th_of_february_is_looked_for_in_either_year(asked: str, today: dt.date, date: str | None) -> None:
    found = typed(asked, "29 February", replace(around(), today=today))
    assert (found.value if isinstance(found, Said) else None) == date


@pytest.mark.parametrize("reply", ["3 March 99999999999", "3 March " + "9" * 4000, "3 March 10000"])
def test_a_year_of_no_calendar_is_no_date(reply: str) -> None:
    found = typed("ask: A?, date: {}", reply)
    assert isinstance(found, Unread)
    assert found.reason == "not_a_date"
