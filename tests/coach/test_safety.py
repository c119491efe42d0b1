"""Rules of the gates, on a small table: nothing is open until its own list is answered."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.coach.safety import NONE, UNSURE, GateState, SafetyTable, gates

TABLE = SafetyTable.model_validate(
    {
        "old": "too old",
        "expired": "the yes has run out",
        "gates": {
            "cold": {"title": "cold water", "decided_by": ["body", "cold_list"], "unanswered": "not asked"},
            "walks": {"title": "walks", "decided_by": ["body"], "unanswered": "not asked"},
        },
        "findings": {
            "body.heart": {"line": "your heart", "gates": {"cold": "stop", "walks": "care"}},
            "body.feet": {"line": "your feet", "gates": {"cold": "ask"}},
            "body.joints": {"line": "Go gently.", "gates": {"walks": "care"}},
            "cold_list.heart": {"line": "your heart", "gates": {"cold": "stop"}},
        },
    }
)
HELD = GateState(False, ("not asked",))


def found(**facts: object) -> dict[str, GateState]:
    return gates(TABLE, facts, consented=True)


def test_a_gate_is_held_until_every_list_that_decides_it_is_answered() -> None:
    assert found() == {"cold": HELD, "walks": HELD}
    assert found(body=[NONE]) == {"cold": HELD, "walks": GateState(True)}
    assert found(cold_list=[NONE])["cold"] == HELD
    assert found(body=[NONE], cold_list=[NONE])["cold"] == GateState(True)


@pytest.mark.parametrize("unsure", [UNSURE, [UNSURE], ["joints", UNSURE], [], ()])
def test_not_sure_or_an_empty_list_holds_a_gate(unsure: object) -> None:
    assert not found(body=unsure)["walks"].open


def test_a_stop_and_an_ask_hold_and_say_why_before_what_is_unanswered() -> None:
    assert found(body=["heart"])["cold"] == GateState(False, ("your heart",))
    assert found(body=["feet", UNSURE])["cold"] == GateState(False, ("your feet",))
    assert found(body=["heart", "feet"], cold_list=["heart"])["cold"] == GateState(False, ("your heart", "your feet"))


def test_care_leaves_a_gate_open_and_says_its_line() -> None:
    assert found(body=["joints", "heart"])["walks"] == GateState(True, ("Go gently.", "your heart"))


def test_care_is_not_said_while_a_gate_is_held() -> None:
    assert found(body=["joints", UNSURE])["walks"] == HELD


def test_a_single_answer_counts_like_a_list_of_one() -> None:
    assert found(body="heart") == found(body=["heart"])


def test_an_answer_without_a_finding_holds_nothing() -> None:
    assert found(body=["something_new"])["walks"] == GateState(True)


ANSWERS = st.one_of(
    st.none(),
    st.lists(st.sampled_from(["heart", "feet", "joints", NONE, UNSURE, "else"])),
    st.sampled_from(["heart", UNSURE]),
)


@settings(deadline=None)
@given(ANSWERS, ANSWERS)
def test_without_consent_every_gate_is_held_whatever_was_answered(body: object, cold: object) -> None:
    facts = {name: value for name, value in (("body", body), ("cold_list", cold)) if value is not None}
    assert gates(TABLE, facts, consented=False) == {"cold": GateState(False), "walks": GateState(False)}


@settings(deadline=None)
@given(ANSWERS, ANSWERS, st.sampled_from(["heart", "feet", UNSURE]))
def test_one_more_finding_never_opens_a_gate(body: object, cold: object, more: str) -> None:
    before = found(body=body, cold_list=cold)
    as_list = list(body) if isinstance(body, list) else [body] if body is not None else []
    after = found(body=[*as_list, more], cold_list=cold)
    assert not after["cold"].open
    assert before["walks"].open or not after["walks"].open or not as_list
