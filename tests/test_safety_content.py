"""Rules of the safety table: what the evidence brief says must be held is held, whatever else is answered."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bot.coach.conditions import holds
from bot.coach.safety import NONE, UNSURE, SafetyTable, gates
from bot.coach.script import Question, Remember, Script, Several, options_of
from bot.pages import read_page

ENGLISH = Path(__file__).parents[1] / "content" / "en"
PARTS = (
    "clearances",
    "screen",
    "screen_intervals",
    "screen_heavy",
    "screen_cold",
    "screen_sauna",
    "screen_supplements",
)


def read(name: str) -> Any:
    return read_page(ENGLISH / name).data


TABLE = SafetyTable.model_validate(read("safety.yaml"))
SCREENS = [Script.model_validate(read(f"parts/{part}.yaml")) for part in PARTS]
QUESTIONS = {
    step.remember: step
    for script in SCREENS
    for step in script.steps.values()
    if isinstance(step, Question) and step.remember
}
WISHES = {
    step.remember: step
    for step in Script.model_validate(read("parts/numbers.yaml")).steps.values()
    if isinstance(step, Question) and step.remember
}
"""No safety answers: they hold a gate all the same, by the person's own wish."""
DECIDING = sorted({fact for gate in TABLE.gates.values() for fact in gate.decided_by})
LISTS = [fact for fact in DECIDING if isinstance(QUESTIONS[fact], Several)]
CLEAN: dict[str, object] = {fact: [NONE] if fact in LISTS else NONE for fact in DECIDING}

# Condition, the answer that says it, and the gates that the brief closes for it (its STOP and its ASK).
FIRST_SCREEN = [
    # section 2: low carb, weight
    ("insulin", "medicines.insulin", "low_carb"),
    ("sulfonylurea", "sugar_pills.sulfonylurea", "low_carb"),
    ("SGLT2 inhibitor", "sugar_pills.sglt2", "low_carb"),
    ("pregnancy", "life.pregnant", "weight low_carb"),
    ("low weight", "life.thin", "weight low_carb"),
    ("eating disorder", "life.eating", "weight low_carb numbers fiber"),
    # section 5: cold
    ("heart disease, arrhythmia", "body.heart", "cold"),
    ("uncontrolled blood pressure", "pressure_state.high", "cold"),
    ("neuropathy", "body.feet", "cold"),
    ("pregnancy", "life.pregnant", "cold"),
    ("alcohol", "life.alcohol", "cold sauna"),
    # section 5: sauna
    ("heart disease", "body.heart", "sauna"),
    ("diuretics", "medicines.water_pills", "sauna"),
    ("pressure drugs", "medicines.pressure_pills", "sauna"),
    ("nitrates", "medicines.heart_pills", "sauna"),
    ("insulin", "medicines.insulin", "sauna"),
    ("kidney disease", "body.kidney", "sauna"),
    ("pregnancy", "life.pregnant", "sauna"),
    # section 6: supplements
    ("kidney disease", "body.kidney", "magnesium"),
    ("pregnancy", "life.pregnant", "berberine magnesium ala"),
    ("breastfeeding", "life.nursing", "berberine"),
    ("trying to conceive", "life.trying", "berberine"),
    ("insulin", "medicines.insulin", "berberine ala"),
    ("glucose-lowering drug", "medicines.sugar_pills", "berberine ala"),
    ("thyroid drug", "medicines.thyroid", "berberine ala magnesium"),
    ("pressure drugs", "medicines.pressure_pills", "berberine"),
    ("diuretics", "medicines.water_pills", "berberine magnesium"),
    ("heart drugs", "medicines.heart_pills", "berberine"),
    ("anticoagulant", "medicines.thinner", "berberine"),
    ("steroids", "medicines.steroids", "berberine"),
    ("any prescription", "medicines.other", "berberine"),
    ("heavy alcohol", "life.alcohol", "ala"),
    # section 8: moving
    ("type 1", "diabetes_kind.type1", "exercise intervals heavy_lifting low_carb"),
    ("pregnancy", "life.pregnant", "exercise intervals heavy_lifting"),
    ("chest pain, fainting now", "chest_state.now", "exercise intervals heavy_lifting cold sauna"),
    ("chest pain, fainting unchecked", "chest_state.lately", "exercise intervals heavy_lifting cold sauna"),
    ("chest pain or fainting ever", "body.chest", "intervals heavy_lifting"),
    ("heart condition", "body.heart", "intervals heavy_lifting"),
    ("not cleared by a clinician", "exercise_ok.no", "exercise intervals heavy_lifting"),
    ("uncontrolled blood pressure", "pressure_state.high", "intervals heavy_lifting"),
    ("told to train supervised", "life.supervised", "exercise intervals heavy_lifting"),
    ("foot ulcer", "feet_state.sore", "exercise intervals heavy_lifting"),
    ("neuropathy", "body.feet", "intervals heavy_lifting"),
    ("severe low", "lows.helped", "exercise intervals heavy_lifting"),
    ("delayed lows", "lows.late", "exercise"),
    ("birth in the last six months", "life.baby", "intervals heavy_lifting"),
    ("other long-term illness", "body.other", "intervals heavy_lifting"),
]
OWN_LISTS = [
    ("heart disease, arrhythmia", "cold_list.heart", "cold"),
    ("uncontrolled blood pressure", "cold_list.pressure", "cold"),
    ("Raynaud", "cold_list.raynaud", "cold"),
    ("cold urticaria", "cold_list.hives", "cold"),
    ("neuropathy", "cold_list.numb", "cold"),
    ("pregnancy", "cold_list.pregnant", "cold"),
    ("epilepsy", "cold_list.epilepsy", "cold"),
    ("fainting", "cold_list.faint", "cold"),
    ("angina, heart attack, aortic stenosis", "sauna_list.heart", "sauna"),
    ("low blood pressure", "sauna_list.low_pressure", "sauna"),
    ("pressure drugs, diuretics", "sauna_list.pressure_pills", "sauna"),
    ("nitrates", "sauna_list.nitrates", "sauna"),
    ("insulin", "sauna_list.insulin", "sauna"),
    ("kidney disease", "sauna_list.kidney", "sauna"),
    ("pregnancy", "sauna_list.pregnant", "sauna"),
    ("alcohol", "sauna_list.alcohol", "sauna"),
    ("kidney disease", "supplements_list.kidney", "magnesium"),
    ("heart block, myasthenia", "supplements_list.block_myasthenia", "magnesium"),
    ("bisphosphonate, antibiotic, PPI", "supplements_list.spaced", "magnesium berberine"),
    ("pregnancy, breastfeeding", "supplements_list.pregnant", "berberine magnesium ala"),
    ("any prescription", "supplements_list.prescription", "berberine"),
    ("glucose-lowering drug", "supplements_list.sugar", "berberine ala"),
    ("thyroid drug", "supplements_list.thyroid", "ala berberine magnesium"),
    ("unexplained lows", "supplements_list.lows", "ala"),
    ("thiamine deficiency, heavy alcohol", "supplements_list.thiamine", "ala"),
    ("first four weeks", "intervals_list.new", "intervals"),
    ("chest pain, fainting", "intervals_list.chest", "intervals"),
    ("heart condition", "intervals_list.heart", "intervals"),
    ("uncontrolled blood pressure", "intervals_list.pressure", "intervals"),
    ("proliferative retinopathy", "intervals_list.eyes", "intervals"),
    ("neuropathy", "intervals_list.feet", "intervals"),
    ("severe low", "intervals_list.low", "intervals"),
    ("told to train supervised", "intervals_list.told", "intervals"),
    ("not cleared by a doctor", "intervals_ok.no", "intervals"),
    ("proliferative retinopathy", "heavy_list.eyes", "heavy_lifting"),
    ("uncontrolled blood pressure", "heavy_list.pressure", "heavy_lifting"),
    ("heart condition", "heavy_list.heart", "heavy_lifting"),
    ("foot ulcer, neuropathy", "heavy_list.feet", "heavy_lifting"),
    ("joint problem", "heavy_list.joints", "heavy_lifting"),
    ("pregnancy, birth", "heavy_list.pregnant", "heavy_lifting"),
    ("told to train supervised", "heavy_list.told", "heavy_lifting"),
]
PREGNANT = "exercise intervals heavy_lifting low_carb cold sauna magnesium berberine ala weight"
HEART = "intervals heavy_lifting cold sauna magnesium low_carb"
PRESSURE = "intervals heavy_lifting cold sauna"
CHEST = "intervals heavy_lifting cold sauna"
KIDNEY = "intervals heavy_lifting low_carb sauna magnesium berberine ala"
FEET = "intervals heavy_lifting cold sauna"
# The same condition holds the same gates, whichever list it is ticked on.
ACROSS_LISTS = [
    *[("pregnancy", f"{name}.pregnant", PREGNANT) for name in ("heavy_list", "cold_list", "sauna_list")],
    ("pregnancy", "supplements_list.pregnant", PREGNANT),
    *[("heart", f"{name}.heart", HEART) for name in ("intervals_list", "heavy_list", "cold_list", "sauna_list")],
    *[("pressure", f"{name}.pressure", PRESSURE) for name in ("intervals_list", "heavy_list", "cold_list")],
    ("chest pain, fainting", "intervals_list.chest", CHEST),
    ("fainting", "cold_list.faint", CHEST),
    ("kidney disease", "sauna_list.kidney", KIDNEY),
    ("kidney disease", "supplements_list.kidney", KIDNEY),
    ("retinopathy", "intervals_list.eyes", "heavy_lifting"),
    ("retinopathy", "heavy_list.eyes", "intervals"),
    ("neuropathy", "intervals_list.feet", FEET),
    ("neuropathy", "heavy_list.feet", FEET),
    ("neuropathy", "cold_list.numb", FEET),
    ("epilepsy", "cold_list.epilepsy", "intervals heavy_lifting sauna"),
    ("birth", "heavy_list.baby", "intervals heavy_lifting low_carb cold sauna weight"),
    ("breastfeeding", "supplements_list.nursing", "berberine magnesium ala"),
    ("severe low", "intervals_list.low", "heavy_lifting"),
    ("insulin", "sauna_list.insulin", "low_carb berberine ala"),
    ("pressure drugs", "sauna_list.pressure_pills", "cold berberine"),
    ("nitrates", "sauna_list.nitrates", "cold intervals berberine"),
    ("heart block", "supplements_list.block_myasthenia", "intervals heavy_lifting cold sauna"),
    ("heavy alcohol", "supplements_list.thiamine", "cold sauna"),
]
HELD = [
    (condition, answer, gate)
    for condition, answer, shut in FIRST_SCREEN + OWN_LISTS + ACROSS_LISTS
    for gate in shut.split()
]


def answered(answer: str) -> dict[str, object]:
    """A clean screen but for this one answer."""
    fact, option = answer.split(".")
    return {**CLEAN, fact: [option] if fact in LISTS else option}


def test_what_the_evidence_stops_is_held_on_an_otherwise_clean_screen() -> None:
    def is_held(answer: str, gate: str) -> bool:
        state = gates(TABLE, answered(answer), consented=True)[gate]
        return not state.open and state.lines[0] == TABLE.findings[answer].line

    assert len(HELD) > 250
    assert [cell for cell in HELD if not is_held(*cell[1:])] == []


def test_what_is_held_stays_held_when_a_clinician_has_cleared_something_else() -> None:
    cleared: dict[str, object] = {"exercise_ok": "yes", "intervals_ok": "yes", "chest_state": "checked"}

    def stays(answer: str, gate: str) -> bool:
        own = TABLE.gates[gate].cleared_by  # the word on this very gate is another matter, see test_clearances.py
        about = (answer.split(".")[0], own)
        facts = {**answered(answer), **{name: yes for name, yes in cleared.items() if name not in about}}
        return not gates(TABLE, facts, consented=True)[gate].open

    assert [cell for cell in HELD if not stays(*cell[1:])] == []


def test_a_clean_screen_with_every_own_list_opens_all() -> None:
    assert [name for name, gate in gates(TABLE, CLEAN, consented=True).items() if not gate.open] == []


def test_without_consent_everything_is_held_and_so_it_is_for_a_minor() -> None:
    assert not any(gate.open for gate in gates(TABLE, CLEAN, consented=False).values())


def test_before_anything_is_answered_everything_is_held() -> None:
    assert not any(gate.open for gate in gates(TABLE, {}, consented=True).values())


PAIRS = [(name, fact) for name, gate in TABLE.gates.items() for fact in gate.decided_by]


def test_an_answer_that_is_missing_skipped_or_unsure_holds_what_it_decides() -> None:
    for gate, fact in PAIRS:
        missing = {key: value for key, value in CLEAN.items() if key != fact}
        skipped = {**CLEAN, fact: [UNSURE]}
        unsure = {**CLEAN, fact: UNSURE}
        nothing_ticked: dict[str, object] = {**CLEAN, fact: []}
        for facts in (missing, skipped, unsure, nothing_ticked):
            state = gates(TABLE, facts, consented=True)[gate]
            assert not state.open, (gate, fact)
            assert state.lines == (TABLE.gates[gate].unanswered,), (gate, fact)


@pytest.mark.parametrize(
    ("gate", "own"),
    [
        ("intervals", "intervals_list"),
        ("heavy_lifting", "heavy_list"),
        ("cold", "cold_list"),
        ("sauna", "sauna_list"),
        ("magnesium", "supplements_list"),
        ("berberine", "supplements_list"),
        ("ala", "supplements_list"),
    ],
)
def test_what_is_optional_waits_for_its_own_list_beside_the_first_screen(gate: str, own: str) -> None:
    assert {"body", "medicines", "life", own} <= set(TABLE.gates[gate].decided_by)


def test_insulin_with_exercise_is_care_with_the_line_about_lows() -> None:
    facts = {**CLEAN, "medicines": ["insulin"], "lows": "rare"}
    state = gates(TABLE, facts, consented=True)["exercise"]
    assert state.open
    assert any("your own team's plan for lows" in line and "fast carbs" in line for line in state.lines)


def test_a_clinicians_yes_opens_walks_for_a_heart_condition_but_neither_cold_nor_hard_effort() -> None:
    facts = {**CLEAN, "body": ["heart"], "exercise_ok": "yes"}
    states = gates(TABLE, facts, consented=True)
    assert states["exercise"].open
    assert not any(states[name].open for name in ("cold", "sauna", "intervals", "heavy_lifting"))


def test_every_list_offers_none_and_not_sure_alone_and_skipping_counts_as_not_sure() -> None:
    for fact in DECIDING:
        question = QUESTIONS[fact]
        options = options_of(question)
        assert question.safety, fact
        assert UNSURE in options, fact
        if fact in LISTS:
            assert options[UNSURE].alone, fact
            assert fact == "sugar_pills" or options[NONE].alone, fact


def test_every_finding_names_an_answer_that_can_be_given_and_a_gate_that_it_decides() -> None:
    for name, finding in TABLE.findings.items():
        fact, option = name.split(".")
        assert option in options_of((QUESTIONS | WISHES)[fact]), name
        for gate in finding.gates:
            table = TABLE.gates[gate]
            assert fact in (*table.decided_by, *table.also, table.cleared_by), f"{name} does not decide {gate}"


# What the first screen clears by a clinician's yes, so that a list can hold walks without a dead end.
FOLLOWED = [
    ("intervals_list", "chest", "chest_state", "lately"),
    ("cold_list", "faint", "chest_state", "lately"),
    ("intervals_list", "heart", "exercise_ok", UNSURE),
    ("heavy_list", "heart", "exercise_ok", UNSURE),
    ("cold_list", "heart", "exercise_ok", UNSURE),
    ("sauna_list", "heart", "exercise_ok", UNSURE),
    ("intervals_list", "pressure", "exercise_ok", UNSURE),
    ("heavy_list", "pressure", "exercise_ok", UNSURE),
    ("cold_list", "pressure", "exercise_ok", UNSURE),
    ("cold_list", "epilepsy", "exercise_ok", UNSURE),
    ("heavy_list", "baby", "exercise_ok", UNSURE),
    ("heavy_list", "operation", "exercise_ok", UNSURE),
    ("sauna_list", "kidney", "exercise_ok", UNSURE),
    ("sauna_list", "low_pressure", "exercise_ok", UNSURE),
    ("supplements_list", "kidney", "exercise_ok", UNSURE),
    ("supplements_list", "block_myasthenia", "exercise_ok", UNSURE),
    ("intervals_list", "feet", "feet_state", UNSURE),
    ("heavy_list", "feet", "feet_state", UNSURE),
    ("intervals_list", "low", "lows", UNSURE),
    ("sauna_list", "insulin", "lows", UNSURE),
    ("supplements_list", "lows", "lows", UNSURE),
    ("supplements_list", "sugar", "lows", UNSURE),
]
FOLLOW = Script.model_validate(read("parts/screen_follow.yaml"))


@pytest.mark.parametrize(("name", "option", "fact", "careful"), FOLLOWED)
def test_what_only_a_list_knows_holds_walks_until_the_next_question_is_answered(
    name: str, option: str, fact: str, careful: str
) -> None:
    facts: dict[str, object] = answered(f"{name}.{option}")
    assert gates(TABLE, facts, consented=True)["exercise"].open
    script = next(script for script in SCREENS if name in script.steps)
    for step in script.steps.values():
        if isinstance(step, Remember) and fact in step.remember and holds(step.when, facts.get):
            facts |= step.remember
    assert facts[fact] == careful
    assert not gates(TABLE, facts, consented=True)["exercise"].open
    asked = [step for step in FOLLOW.steps.values() if isinstance(step, Question) and holds(step.when, facts.get)]
    assert [step.remember for step in asked] == [fact]
    assert asked[0].safety


def test_what_a_list_adds_is_asked_with_the_answers_of_the_first_screen() -> None:
    for step in FOLLOW.steps.values():
        if isinstance(step, Question):
            assert step.remember
            assert list(options_of(step)) == list(options_of(QUESTIONS[step.remember])), step.remember


def test_fasting_weight_numbers_fiber_and_held_breath_are_never_listed() -> None:
    assert [name for name, gate in TABLE.gates.items() if gate.quiet] == [
        "breath_holding",
        "low_carb",
        "weight",
        "numbers",
        "fiber",
    ]


def test_a_line_is_either_a_reason_in_brackets_or_a_sentence_of_care() -> None:
    for name, finding in TABLE.findings.items():
        levels = set(finding.gates.values())
        assert levels == {"care"} or "care" not in levels, name
        assert finding.line.endswith(".") == (levels == {"care"}), name
