"""Rules of the buttons of each kind of question, and of what a tap means."""

from __future__ import annotations

from typing import Any

import pytest

from bot.coach.dialogue import SKIPPED, Frame, Said, State
from bot.coach.questions import (
    BACK,
    DONE,
    NEITHER,
    SAME,
    SKIP,
    Around,
    Ticked,
    buttons,
    short_date,
    shorten,
    tapped,
    unreadable,
)
from bot.coach.reading import as_labelled
from bot.coach.script import Question
from tests.coach.world import MONDAY, Real, around, phrases, question


def labels(asked: Question, where: Around | None = None) -> list[str]:
    return [button.label for button in buttons(asked, where or around())]


def ids(asked: Question, where: Around | None = None) -> list[str]:
    return [button.id for button in buttons(asked, where or around())]


def ticked(*names: str) -> Around:
    return around(state=State((Frame("nowhere", "here"),), picked=names))


KINDS: list[tuple[str, list[tuple[str, str, Said]]]] = [
    (
        "ask: A?, choice: {a: {label: First, words: the first}, b: Second}",
        [("a", "First", Said("a", "the first")), ("b", "Second", Said("b", "Second"))],
    ),
    (
        "ask: A?, yesno: {unsure: Not sure}",
        [
            ("yes", "Yes", Said("yes", "Yes")),
            ("no", "No", Said("no", "No")),
            ("unsure", "Not sure", Said("unsure", "Not sure")),
        ],
    ),
    (
        "ask: A?, permission: {yes: Go on, no: Not now}, otherwise: here",
        [("yes", "Go on", Said("yes", "Go on")), ("no", "Not now", Said("no", "Not now"))],
    ),
    (
        "ask: A?, number: {unit: min, from: 1, to: 60, offer: [5, 7.5], whole: false}",
        [("v5", "5 min", Said(5, "5 min")), ("v7.5", "7.5 min", Said(7.5, "7.5 min"))],
    ),
    ("ask: A?, duration: {unit: s, offer: [30]}", [("v30", "30 s", Said(30, "30 s"))]),
    ("ask: A?, scale: {from: 0, to: 2}", [(f"v{n}", str(n), Said(n, str(n))) for n in range(3)]),
    (
        'ask: A?, time: {offer: ["7:30", "19:00"]}',
        [("v07:30", "07:30", Said("07:30", "07:30")), ("v19:00", "19:00", Said("19:00", "19:00"))],
    ),
    (
        "ask: A?, text: {offer: {a: {label: Short, words: the long words}, b: Plain}}",
        [("a", "Short", Said("the long words", "the long words")), ("b", "Plain", Said("Plain", "Plain"))],
    ),
    (
        "ask: A?, date: {}",
        [
            ("v0", "Today", Said("2026-11-23", "23 November 2026")),
            ("v1", "Yesterday", Said("2026-11-22", "22 November 2026")),
        ],
    ),
    ("ask: A?, place: {}", []),
    ("ask: A?, lab: {test: glucose}", []),
    ("ask: A?, sets: {each: lifts}", []),
    ("ask: A?, night: {}", []),
]


@pytest.mark.parametrize(("text", "expected"), KINDS)
def test_each_kind_has_its_buttons_and_a_tap_is_its_answer(text: str, expected: list[tuple[str, str, Said]]) -> None:
    asked = question(text)
    found = buttons(asked, around())
    assert [(button.id, button.label, button.small) for button in found] == [
        *((name, label, False) for name, label, _ in expected),
        (SKIP, "Skip", True),
    ]
    assert [tapped(asked, name, around()) for name, _, _ in expected] == [said for _, _, said in expected]


def test_a_tap_on_a_button_that_is_not_there_means_nothing() -> None:
    asked = question("ask: A?, choice: {a: A, b: {label: B, when: {x: 1}}}, skip: false")
    for gone in ("b", "c", SKIP, BACK, SAME, DONE, "v1", ""):
        assert tapped(asked, gone, around()) is None
    assert tapped(asked, "b", around(world=Real({"x": Said(1, "1")}))) == Said("b", "B")


@pytest.mark.parametrize(
    "text",
    [
        "ask: A?, several: {a: A, b: B}",
        "ask: A?, choice: {a: A}",
        "ask: A?, weekdays: {}",
        "ask: A?, number: {from: 0, to: 9}",
    ],
)
def test_going_back_and_neither_are_no_answers(text: str) -> None:
    guessing = State((Frame("nowhere", "here"),), guesses=(Said("a", "A"),))
    assert tapped(question(text), BACK, around(may_go_back=True)) is None
    assert tapped(question(text), NEITHER, around(state=guessing)) is None


def test_skip_and_back_stand_small_below_and_only_where_they_do_something() -> None:
    asked = question("ask: A?, choice: {a: A}")
    assert ids(asked, around(may_go_back=True)) == ["a", BACK, SKIP]
    assert ids(asked) == ["a", SKIP]
    assert ids(question("ask: A?, choice: {a: A}, skip: false")) == ["a"]
    assert ids(question("ask: A?, choice: {a: A}, skip: there")) == ["a", SKIP]
    assert tapped(asked, SKIP, around()) == SKIPPED


def test_a_check_ins_first_question_has_nothing_but_its_own_buttons() -> None:
    assert ids(question("ask: A?, choice: {a: A}"), around(bare=True)) == ["a"]


SEVERAL = (
    "ask: A?, several: {a: Apples, b: {label: Berries, words: some berries}, c: Cherries,"
    " none: {label: None, alone: true}}"
)


def test_a_tick_shows_on_its_button_and_a_second_tap_takes_it_away() -> None:
    asked = question(SEVERAL)
    assert tapped(asked, "a", around()) == Ticked(("a",))
    assert tapped(asked, "b", ticked("a")) == Ticked(("a", "b"))
    assert tapped(asked, "-a", ticked("a", "b")) == Ticked(("b",))
    assert tapped(asked, "a", ticked("a", "b")) == Ticked(("b", "a"))  # a double tap
    assert labels(asked, ticked("b")) == ["Apples", "✓ Berries", "Cherries", "None", "Done ✓", "Skip"]


def test_an_option_that_stands_alone_clears_the_others_and_is_cleared_by_them() -> None:
    asked = question(SEVERAL)
    assert tapped(asked, "none", ticked("a", "b")) == Ticked(("none",))
    assert tapped(asked, "b", ticked("none")) == Ticked(("b",))


def test_done_is_the_answer_in_the_questions_order_and_nothing_without_a_tick() -> None:
    asked = question(SEVERAL)
    assert tapped(asked, DONE, around()) is None
    assert tapped(asked, DONE, ticked("c", "a", "b")) == Said(["a", "b", "c"], "Apples, some berries and Cherries")
    assert tapped(asked, DONE, ticked("none")) == Said(["none"], "None")


WEEKDAYS = (
    "ask: A?, weekdays: {at_most: 3, offer: {every_day:"
    " [monday, tuesday, wednesday, thursday, friday, saturday, sunday],"
    " two_days: [monday, thursday], workdays: [monday, tuesday, wednesday, thursday, friday]}}"
)


def test_weekdays_toggle_and_a_group_answers_at_once() -> None:
    asked = question(WEEKDAYS)
    assert labels(asked)[:5] == ["Every day", "Mon + Thu", "Workdays", "Mon", "Tue"]
    assert tapped(asked, "two_days", around()) == Said([0, 3], "Monday and Thursday")
    assert tapped(asked, "every_day", around()) == Said([0, 1, 2, 3, 4, 5, 6], "every day")
    assert tapped(asked, "d6", around()) == Ticked(("d6",))
    assert tapped(asked, "-d6", ticked("d6", "d0")) == Ticked(("d0",))
    assert tapped(asked, DONE, ticked("d6", "d0")) == Said([0, 6], "Monday and Sunday")
    assert tapped(asked, DONE, around()) is None


def test_of_more_days_than_may_be_the_first_ticked_goes() -> None:
    assert tapped(question(WEEKDAYS), "d6", ticked("d2", "d0", "d1")) == Ticked(("d0", "d1", "d6"))


def test_the_usual_night_is_offered_where_it_is_known() -> None:
    usual = Said({"bed": "23:00", "wake": "06:45", "minutes": 465}, "23:00–6:45")
    where = around(world=Real(made_up={"usual_night": usual}))
    assert labels(question("ask: A?, night: {}"), where) == ["23:00–6:45", "Skip"]
    assert tapped(question("ask: A?, night: {}"), "usual", where) == usual
    assert labels(question("ask: A?, night: {offer: false}"), where) == ["Skip"]


def test_last_times_answer_is_offered_again_first() -> None:
    asked = question("ask: A?, text: {offer: {a: Ready}}")
    where = around(earlier=Said("to the park", "to the park"))
    assert labels(asked, where) == ["As before: to the park", "Ready", "Skip"]
    assert tapped(asked, SAME, where) == Said("to the park", "to the park")


def test_last_times_answer_can_be_typed_as_its_button_says_it() -> None:
    asked = question("ask: Your plan?, text: {to: 80}")
    where = around(earlier=Said("to the park", "to the park"))
    [label] = [button.label for button in buttons(asked, where) if button.id == SAME]
    assert as_labelled(asked, f" {label.upper()} ", where) == Said("to the park", "to the park")
    assert as_labelled(asked, "to the sea", where) is None
    asked = question("ask: When?, choice: {early: Early, late: Late}")
    where = around(earlier=Said("late", "Late"))
    label = next(button.label for button in buttons(asked, where) if button.id == "late")
    assert label != "Late"
    for text in (label, "late"):
        assert as_labelled(asked, text, where) == Said("late", "Late")


@pytest.mark.parametrize(
    ("text", "earlier"),
    [
        ("ask: A?, text: {}, again: false", Said("x", "x")),
        ("ask: A?, text: {offer: {a: Ready}}", Said("Ready", "Ready")),
        ("ask: A?, text: {}", SKIPPED),
        ("ask: A?, several: {a: A}", Said(["not_sure"], "")),
        ("ask: A?, choice: {a: A, b: B}", Said("a", "A")),
        ("ask: A?, yesno: {}", Said("yes", "Yes")),
        ("ask: A?, permission: {}, otherwise: here", Said("yes", "Yes")),
        ("ask: A?, place: {}", Said("Europe/Berlin", "Berlin")),
    ],
)
def test_last_times_answer_is_not_offered_where_it_adds_nothing(text: str, earlier: Said) -> None:
    assert SAME not in ids(question(text), around(earlier=earlier))


def test_a_long_answer_is_cut_on_its_button_and_whole_when_tapped() -> None:
    words = "word " * 40
    asked = question("ask: A?, text: {}")
    where = around(earlier=Said(words, words))
    assert len(buttons(asked, where)[0].label) <= 60
    assert tapped(asked, SAME, where) == Said(words, words)
    assert shorten("x" * 61) == "x" * 59 + "…"


def test_guesses_stand_in_place_of_the_buttons_until_one_is_taken() -> None:
    guesses = (Said("a", "Apples"), Said("b", "Berries"))
    where = around(state=State((Frame("nowhere", "here"),), guesses=guesses))
    asked = question("ask: A?, choice: {a: Apples, b: Berries, c: Cherries}")
    assert labels(asked, where) == ["Apples", "Berries", "Neither"]
    assert ids(asked, where)[-1] == NEITHER
    assert tapped(asked, "~g1", where) == guesses[1]
    assert tapped(asked, "~g2", where) is None
    assert tapped(asked, "a", where) is None


def test_a_labels_placeholders_are_filled_and_its_entities_are_plain() -> None:
    world = Real({"name": Said("R & B", "R & B")})
    assert labels(question("ask: A?, choice: {a: 'For {{ name }}'}, skip: false"), around(world=world)) == ["For R & B"]


@pytest.mark.parametrize(
    ("text", "reason", "expected"),
    [
        ("ask: A?, text: {}, hint: 'My own hint.'", "above", "My own hint."),
        ("ask: A?, text: {}", "not_a_number", "I was looking for a number, like 15."),
        ("ask: A?, text: {}", "a new reason", "I didn't quite catch that."),
    ],
)
def test_the_line_for_a_reply_that_cannot_be_read_is_the_questions_own_or_its_reasons(
    text: str, reason: str, expected: Any
) -> None:
    assert unreadable(question(text), reason, phrases())[0] == expected


def test_a_short_date_has_its_month_cut() -> None:
    assert short_date(MONDAY, phrases()) == "23 Nov"
    assert short_date(MONDAY.replace(month=5), phrases()) == "23 May"
