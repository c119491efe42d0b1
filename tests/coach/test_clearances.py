"""Rules of a clinician's word, on a small table: it clears an ask and never a stop, for a year or until a change."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.coach.safety import A_YEAR, GRACE, GateState, Given, SafetyTable, gates, screened_on

TABLE = SafetyTable.model_validate(
    {
        "old": "over a year old",
        "expired": "run out",
        "gates": {
            "cold": {
                "title": "cold",
                "decided_by": ["body", "cold_list"],
                "also": ["sauna_list"],
                "cleared_by": "cold_ok",
                "unanswered": "not asked",
            },
            "walks": {
                "title": "walks",
                "decided_by": ["body", "walks_ok"],
                "cleared_by": "walks_ok",
                "unanswered": "not asked",
            },
            "weight": {"title": "weight", "decided_by": ["body"], "unanswered": "not asked"},
        },
        "findings": {
            "body.feet": {"line": "your feet", "gates": {"cold": "ask", "weight": "ask"}},
            "body.heart": {"line": "your heart", "gates": {"cold": "stop"}},
            "body.joints": {"line": "Go gently.", "gates": {"cold": "care"}},
            "sauna_list.drugs": {"line": "your drugs", "gates": {"cold": "ask"}},
            "cold_ok.yes": {"line": "As agreed.", "gates": {"cold": "care"}},
            "cold_ok.no": {"line": "still to come", "gates": {"cold": "ask"}},
            "cold_ok.declined": {"line": "they said no", "gates": {"cold": "stop"}},
            "walks_ok.yes": {"line": "As agreed.", "gates": {"walks": "care"}},
            "walks_ok.no": {"line": "still to come", "gates": {"walks": "ask"}},
        },
    }
)
DAY = dt.date(2026, 11, 27)
LATER = dt.timedelta(days=1)


def told(*rows: tuple[str, object, dt.date], today: dt.date = DAY, gate: str = "cold") -> GateState:
    """A gate after these answers in their order, each a fact, a value and a date."""
    history: dict[str, list[Given]] = {}
    for order, (name, value, on) in enumerate(rows):
        history.setdefault(name, []).append(Given(value, on, order))
    facts = {name: answers[-1].value for name, answers in history.items()}
    return gates(TABLE, facts, consented=True, history=history, today=today)[gate]


FEET = (("body", ["feet"], DAY), ("cold_list", ["none"], DAY))
CLEARED = (*FEET, ("cold_ok", "yes", DAY))


def test_what_only_an_ask_holds_waits_for_a_word() -> None:
    assert told(*FEET) == GateState(False, ("your feet",), "wanted")


@pytest.mark.parametrize(
    ("word", "state"),
    [
        ("no", GateState(False, ("your feet", "still to come"), "pending", DAY)),
        ("declined", GateState(False, ("your feet", "they said no"), "declined", DAY)),
        ("rather_not", GateState(False, ("your feet",), "declined", DAY)),
        ("yes", GateState(True, ("As agreed.",), "cleared", DAY)),
        ("not_sure", GateState(False, ("your feet",), "wanted")),
    ],
)
def test_the_word_says_how_it_stands_and_since_when(word: str, state: GateState) -> None:
    assert told(*FEET, ("cold_ok", word, DAY)) == state


def test_a_stop_is_never_cleared() -> None:
    state = told(("body", ["feet", "heart"], DAY), ("cold_list", ["none"], DAY), ("cold_ok", "yes", DAY))
    assert state == GateState(False, ("your heart", "your feet"))


@pytest.mark.parametrize("missing", [None, [], ["not_sure"]])
def test_a_word_does_not_stand_in_for_an_answer(missing: object) -> None:
    state = told(("body", ["feet"], DAY), ("cold_list", missing, DAY), ("cold_ok", "yes", DAY))
    assert not state.open
    assert state.word == "none"


def test_a_word_on_what_nothing_asks_about_says_nothing() -> None:
    for word in ("yes", "no", "declined"):
        state = told(("body", ["none"], DAY), ("cold_list", ["none"], DAY), ("cold_ok", word, DAY))
        assert state == GateState(True)


def test_a_gate_without_a_place_for_a_word_is_never_cleared() -> None:
    assert not told(("body", ["feet"], DAY), gate="weight").open


def test_a_word_counts_for_365_days() -> None:
    assert told(*CLEARED, today=DAY + A_YEAR).open
    state = told(*CLEARED, today=DAY + A_YEAR + LATER)
    assert state == GateState(False, ("your feet", "run out"), "expired", DAY)


def test_a_word_said_again_counts_from_then() -> None:
    again = DAY + dt.timedelta(days=300)
    rows = [*CLEARED, ("body", ["feet"], again), ("cold_list", ["none"], again), ("cold_ok", "yes", again)]
    assert told(*rows, today=again + A_YEAR).open


def test_a_changed_answer_ends_it_at_once() -> None:
    state = told(*CLEARED, ("body", ["feet", "joints"], DAY))
    assert (state.open, state.word, state.lines) == (False, "expired", ("your feet", "run out"))


def test_the_same_answer_again_ends_nothing() -> None:
    assert told(*CLEARED, ("body", ["feet"], DAY + LATER), ("cold_list", ["none"], DAY + LATER)).open


def test_an_answer_changed_and_changed_back_has_ended_it_all_the_same() -> None:
    assert told(*CLEARED, ("body", ["heart"], DAY), ("body", ["feet"], DAY)).word == "expired"


def test_of_what_a_gate_only_may_look_at_only_what_holds_it_is_a_change() -> None:
    assert told(*CLEARED, ("sauna_list", ["none"], DAY)).open
    assert told(*CLEARED, ("sauna_list", ["something"], DAY)).open
    assert told(*CLEARED, ("sauna_list", ["drugs"], DAY)).word == "expired"


def test_a_word_that_decides_itself_is_needed_until_it_is_set_aside() -> None:
    body = ("body", ["none"], DAY)
    assert told(body, gate="walks") == GateState(False, ("not asked",), "wanted")
    assert told(body, ("walks_ok", "none", DAY), gate="walks") == GateState(True)
    assert told(body, ("walks_ok", "no", DAY), gate="walks") == GateState(False, ("still to come",), "pending", DAY)
    assert told(body, ("walks_ok", "yes", DAY), gate="walks") == GateState(True, ("As agreed.",), "cleared", DAY)
    state = told(body, ("walks_ok", "yes", DAY), ("body", ["feet"], DAY), gate="walks")
    assert state == GateState(False, ("run out",), "expired", DAY)


def test_answers_count_for_a_year_and_a_grace() -> None:
    rows = (("body", ["none"], DAY), ("cold_list", ["none"], DAY + LATER))
    assert told(*rows, today=DAY + A_YEAR + GRACE).open
    state = told(*rows, today=DAY + A_YEAR + GRACE + LATER)
    assert state == GateState(False, ("over a year old",))


def test_answers_confirmed_count_from_then() -> None:
    again = DAY + dt.timedelta(days=370)
    rows = (("body", ["none"], DAY), ("cold_list", ["none"], DAY), ("body", ["none"], again))
    assert not told(*rows, today=again + GRACE).open, "the other list was not confirmed"
    assert told(*rows, ("cold_list", ["none"], again), today=again + A_YEAR).open


def test_the_oldest_answer_that_decides_says_how_old_a_screen_is() -> None:
    history = {
        "body": [Given(["none"], DAY, 0), Given(["none"], DAY + LATER, 3)],
        "cold_list": [Given(["none"], DAY + 2 * LATER, 4)],
        "sauna_list": [Given(["none"], DAY - LATER, 1)],
    }
    assert screened_on(TABLE, history) == DAY + LATER
    assert screened_on(TABLE, {}) is None


LISTS = st.lists(st.sampled_from(["feet", "heart", "joints", "none", "not_sure"]), max_size=3)
ROWS = st.lists(
    st.tuples(
        st.sampled_from(["body", "cold_list", "sauna_list"]),
        LISTS | st.just(["drugs"]),
        st.integers(0, 800).map(lambda n: DAY + dt.timedelta(days=n)),
    ),
    max_size=8,
)


@settings(deadline=None)
@given(ROWS, st.integers(0, 800), st.integers(0, 8))
def test_no_word_ever_opens_what_a_stop_or_a_missing_answer_holds(
    rows: list[tuple[str, object, dt.date]], days: int, place: int
) -> None:
    said = ("cold_ok", "yes", DAY)
    state = told(*rows[:place], said, *rows[place:], today=DAY + dt.timedelta(days=days))
    now = {name: value for name, value, _ in rows}
    body, own = now.get("body"), now.get("cold_list")
    unclear = any(not answer or "not_sure" in answer for answer in (body, own) if isinstance(answer, list))
    if body is None or own is None or unclear or "heart" in body:  # type: ignore[operator]
        assert not state.open
