"""Every cell of the safety table, written out: what changes there must be changed here, by someone who looks at it."""

from __future__ import annotations

import pytest

from bot.coach.safety import SafetyTable
from bot.pages import read_page
from tests.coach import CONTENT

TABLE = SafetyTable.model_validate(read_page(CONTENT / "en" / "safety.yaml").data)
COLUMNS = {
    "walk": "exercise",
    "hiit": "intervals",
    "heavy": "heavy_lifting",
    "breath": "breath_holding",
    "fast": "low_carb",
    "cold": "cold",
    "sauna": "sauna",
    "mg": "magnesium",
    "berb": "berberine",
    "ala": "ala",
    "weight": "weight",
    "num": "numbers",
    "fiber": "fiber",
}
LEVELS = {"S": "stop", "A": "ask", "C": "care"}
MATRIX = """
condition                        walk   hiit   heavy  breath fast   cold   sauna  mg     berb   ala    weight num fiber
no_numbers.yes                   ·      ·      ·      ·      ·      ·      ·      ·      ·      ·      ·      S   ·
body.heart                       ·      A      A      S      A      S      A      A      ·      ·      ·      ·   ·
body.pressure                    C      ·      C      ·      ·      ·      ·      ·      ·      ·      ·      ·   ·
body.chest                       ·      S      A      S      ·      S      S      ·      ·      ·      ·      ·   ·
body.diabetes                    ·      ·      ·      ·      A      ·      ·      ·      ·      ·      ·      ·   ·
body.feet                        ·      A      A      ·      ·      S      A      ·      ·      ·      ·      ·   ·
body.kidney                      ·      A      A      ·      A      ·      A      S      A      A      ·      ·   ·
body.gut                         ·      ·      ·      ·      A      ·      ·      A      A      A      A      ·   A
body.joints                      C      C      C      ·      ·      ·      ·      ·      ·      ·      ·      ·   ·
body.eyes                        ·      S      S      S      A      ·      ·      ·      ·      ·      ·      ·   ·
body.epilepsy                    ·      A      A      S      A      S      A      A      A      A      ·      ·   ·
body.injury                      ·      A      A      S      ·      A      A      ·      ·      ·      ·      ·   ·
body.other                       ·      A      A      A      A      A      A      A      A      A      ·      ·   ·
chest_state.now                  S      S      S      S      ·      S      S      ·      ·      ·      ·      ·   ·
chest_state.lately               S      S      S      S      ·      S      S      ·      ·      ·      ·      ·   ·
chest_state.checked              C      ·      ·      ·      ·      ·      ·      ·      ·      ·      ·      ·   ·
pressure_state.high              ·      S      S      S      ·      S      A      ·      ·      ·      ·      ·   ·
pressure_state.controlled        ·      ·      ·      S      ·      A      A      ·      ·      ·      ·      ·   ·
feet_state.numb                  C      ·      ·      ·      ·      ·      ·      ·      ·      ·      ·      ·   ·
feet_state.sore                  S      S      S      ·      ·      ·      ·      ·      ·      ·      ·      ·   ·
diabetes_kind.type1              S      S      S      ·      S      S      S      S      S      S      ·      ·   ·
diabetes_kind.other              S      S      S      ·      S      S      S      S      S      S      ·      ·   ·
lows.rare                        C      C      C      ·      ·      ·      ·      ·      ·      ·      ·      ·   ·
lows.agreed                      ·      A      A      ·      ·      ·      ·      ·      ·      ·      ·      ·   ·
lows.helped                      S      S      S      ·      ·      ·      ·      ·      ·      ·      ·      ·   ·
lows.late                        S      S      S      ·      ·      ·      ·      ·      ·      ·      ·      ·   ·
exercise_ok.yes                  C      ·      ·      ·      ·      ·      ·      ·      ·      ·      ·      ·   ·
exercise_ok.no                   A      S      S      ·      ·      ·      ·      ·      ·      ·      ·      ·   ·
exercise_ok.declined             S      S      S      ·      ·      ·      ·      ·      ·      ·      ·      ·   ·
exercise_ok.rather_not           S      S      S      ·      ·      ·      ·      ·      ·      ·      ·      ·   ·
medicines.insulin                ·      ·      ·      ·      S      ·      A      A      S      S      ·      ·   ·
medicines.sugar_pills            ·      ·      ·      ·      ·      ·      ·      A      S      S      ·      ·   ·
medicines.pressure_pills         ·      ·      ·      ·      A      A      A      A      S      A      ·      ·   ·
medicines.water_pills            ·      ·      ·      ·      A      ·      A      A      S      A      ·      ·   ·
medicines.heart_pills            ·      A      ·      ·      ·      A      A      A      S      A      ·      ·   ·
medicines.thinner                ·      ·      ·      ·      ·      ·      ·      A      S      A      ·      ·   ·
medicines.steroids               ·      ·      ·      ·      ·      ·      ·      A      S      A      ·      ·   ·
medicines.thyroid                ·      ·      ·      ·      ·      ·      ·      A      S      S      ·      ·   ·
medicines.other                  ·      ·      ·      ·      ·      ·      ·      A      S      A      ·      ·   ·
sugar_pills.sulfonylurea         ·      ·      ·      ·      S      ·      ·      ·      ·      ·      ·      ·   ·
sugar_pills.glinide              ·      ·      ·      ·      S      ·      ·      ·      ·      ·      ·      ·   ·
sugar_pills.metformin            C      ·      ·      ·      ·      ·      ·      ·      ·      ·      ·      ·   ·
sugar_pills.sglt2                ·      ·      ·      ·      S      ·      ·      ·      ·      ·      ·      ·   ·
sugar_pills.glp1                 ·      ·      ·      ·      A      ·      ·      ·      ·      ·      ·      ·   ·
sugar_pills.other                ·      ·      ·      ·      A      ·      ·      ·      ·      ·      ·      ·   ·
life.pregnant                    S      S      S      S      S      S      S      S      S      S      S      ·   ·
life.trying                      ·      ·      ·      ·      A      ·      A      A      S      A      ·      ·   ·
life.baby                        ·      A      A      S      A      A      A      ·      ·      ·      A      ·   ·
life.nursing                     ·      ·      ·      ·      A      ·      ·      A      S      A      A      ·   ·
life.eating                      ·      ·      ·      ·      S      ·      ·      ·      ·      ·      S      S   S
life.thin                        ·      A      ·      ·      S      ·      ·      ·      ·      ·      S      S   ·
life.alcohol                     ·      ·      ·      ·      A      S      S      A      A      S      ·      ·   ·
life.supervised                  S      S      S      ·      ·      ·      ·      ·      ·      ·      ·      ·   ·
life.drowsy                      C      ·      ·      ·      ·      ·      ·      ·      ·      ·      ·      ·   ·
intervals_list.new               ·      S      ·      ·      ·      ·      ·      ·      ·      ·      ·      ·   ·
intervals_list.heart             ·      A      A      S      A      S      A      A      ·      ·      ·      ·   ·
intervals_list.chest             ·      S      A      S      ·      S      S      ·      ·      ·      ·      ·   ·
intervals_list.pressure          ·      S      S      S      ·      S      A      ·      ·      ·      ·      ·   ·
intervals_list.eyes              ·      S      S      S      A      ·      ·      ·      ·      ·      ·      ·   ·
intervals_list.feet              ·      A      A      ·      ·      S      A      ·      ·      ·      ·      ·   ·
intervals_list.joints            ·      A      ·      ·      ·      ·      ·      ·      ·      ·      ·      ·   ·
intervals_list.low               ·      S      S      ·      ·      ·      ·      ·      ·      ·      ·      ·   ·
intervals_list.told              ·      S      A      ·      ·      ·      ·      ·      ·      ·      ·      ·   ·
intervals_ok.yes                 ·      C      ·      ·      ·      ·      ·      ·      ·      ·      ·      ·   ·
intervals_ok.no                  ·      A      ·      ·      ·      ·      ·      ·      ·      ·      ·      ·   ·
intervals_ok.declined            ·      S      ·      ·      ·      ·      ·      ·      ·      ·      ·      ·   ·
intervals_ok.rather_not          ·      S      ·      ·      ·      ·      ·      ·      ·      ·      ·      ·   ·
heavy_lifting_ok.yes             ·      ·      C      ·      ·      ·      ·      ·      ·      ·      ·      ·   ·
heavy_lifting_ok.no              ·      ·      A      ·      ·      ·      ·      ·      ·      ·      ·      ·   ·
heavy_lifting_ok.declined        ·      ·      S      ·      ·      ·      ·      ·      ·      ·      ·      ·   ·
heavy_lifting_ok.rather_not      ·      ·      S      ·      ·      ·      ·      ·      ·      ·      ·      ·   ·
low_carb_ok.yes                  ·      ·      ·      ·      C      ·      ·      ·      ·      ·      ·      ·   ·
low_carb_ok.no                   ·      ·      ·      ·      A      ·      ·      ·      ·      ·      ·      ·   ·
low_carb_ok.declined             ·      ·      ·      ·      S      ·      ·      ·      ·      ·      ·      ·   ·
low_carb_ok.rather_not           ·      ·      ·      ·      S      ·      ·      ·      ·      ·      ·      ·   ·
cold_ok.yes                      ·      ·      ·      ·      ·      C      ·      ·      ·      ·      ·      ·   ·
cold_ok.no                       ·      ·      ·      ·      ·      A      ·      ·      ·      ·      ·      ·   ·
cold_ok.declined                 ·      ·      ·      ·      ·      S      ·      ·      ·      ·      ·      ·   ·
cold_ok.rather_not               ·      ·      ·      ·      ·      S      ·      ·      ·      ·      ·      ·   ·
sauna_ok.yes                     ·      ·      ·      ·      ·      ·      C      ·      ·      ·      ·      ·   ·
sauna_ok.no                      ·      ·      ·      ·      ·      ·      A      ·      ·      ·      ·      ·   ·
sauna_ok.declined                ·      ·      ·      ·      ·      ·      S      ·      ·      ·      ·      ·   ·
sauna_ok.rather_not              ·      ·      ·      ·      ·      ·      S      ·      ·      ·      ·      ·   ·
magnesium_ok.yes                 ·      ·      ·      ·      ·      ·      ·      C      ·      ·      ·      ·   ·
magnesium_ok.no                  ·      ·      ·      ·      ·      ·      ·      A      ·      ·      ·      ·   ·
magnesium_ok.declined            ·      ·      ·      ·      ·      ·      ·      S      ·      ·      ·      ·   ·
magnesium_ok.rather_not          ·      ·      ·      ·      ·      ·      ·      S      ·      ·      ·      ·   ·
berberine_ok.yes                 ·      ·      ·      ·      ·      ·      ·      ·      C      ·      ·      ·   ·
berberine_ok.no                  ·      ·      ·      ·      ·      ·      ·      ·      A      ·      ·      ·   ·
berberine_ok.declined            ·      ·      ·      ·      ·      ·      ·      ·      S      ·      ·      ·   ·
berberine_ok.rather_not          ·      ·      ·      ·      ·      ·      ·      ·      S      ·      ·      ·   ·
ala_ok.yes                       ·      ·      ·      ·      ·      ·      ·      ·      ·      C      ·      ·   ·
ala_ok.no                        ·      ·      ·      ·      ·      ·      ·      ·      ·      A      ·      ·   ·
ala_ok.declined                  ·      ·      ·      ·      ·      ·      ·      ·      ·      S      ·      ·   ·
ala_ok.rather_not                ·      ·      ·      ·      ·      ·      ·      ·      ·      S      ·      ·   ·
heavy_list.eyes                  ·      S      S      S      A      ·      ·      ·      ·      ·      ·      ·   ·
heavy_list.heart                 ·      A      A      S      A      S      A      A      ·      ·      ·      ·   ·
heavy_list.pressure              ·      S      S      S      ·      S      A      ·      ·      ·      ·      ·   ·
heavy_list.feet                  ·      A      A      ·      ·      S      A      ·      ·      ·      ·      ·   ·
heavy_list.joints                ·      ·      A      ·      ·      ·      ·      ·      ·      ·      ·      ·   ·
heavy_list.operation             ·      A      A      S      ·      A      A      ·      ·      ·      ·      ·   ·
heavy_list.pregnant              S      S      S      S      S      S      S      S      S      S      S      ·   ·
heavy_list.baby                  ·      A      A      S      A      A      A      ·      ·      ·      A      ·   ·
heavy_list.told                  ·      A      S      ·      ·      ·      ·      ·      ·      ·      ·      ·   ·
cold_list.heart                  ·      A      A      S      A      S      A      A      ·      ·      ·      ·   ·
cold_list.pressure               ·      S      S      S      ·      S      A      ·      ·      ·      ·      ·   ·
cold_list.raynaud                ·      ·      ·      ·      ·      S      ·      ·      ·      ·      ·      ·   ·
cold_list.hives                  ·      ·      ·      ·      ·      S      ·      ·      ·      ·      ·      ·   ·
cold_list.numb                   ·      A      A      ·      ·      S      A      ·      ·      ·      ·      ·   ·
cold_list.epilepsy               ·      A      A      S      A      S      A      A      A      A      ·      ·   ·
cold_list.pregnant               S      S      S      S      S      S      S      S      S      S      S      ·   ·
cold_list.faint                  ·      S      A      S      ·      S      S      ·      ·      ·      ·      ·   ·
sauna_list.heart                 ·      A      A      S      A      S      S      A      ·      ·      ·      ·   ·
sauna_list.low_pressure          ·      A      A      S      ·      A      A      ·      ·      ·      ·      ·   ·
sauna_list.pressure_pills        ·      ·      ·      ·      A      A      A      A      S      A      ·      ·   ·
sauna_list.nitrates              ·      A      ·      ·      ·      A      A      A      S      A      ·      ·   ·
sauna_list.insulin               ·      ·      ·      ·      S      ·      A      A      S      S      ·      ·   ·
sauna_list.kidney                ·      A      A      ·      A      ·      A      S      A      A      ·      ·   ·
sauna_list.pregnant              S      S      S      S      S      S      S      S      S      S      S      ·   ·
sauna_list.alcohol               ·      ·      ·      ·      ·      ·      S      ·      ·      ·      ·      ·   ·
supplements_list.none            ·      ·      ·      ·      ·      ·      ·      C      ·      ·      ·      ·   ·
supplements_list.kidney          ·      A      A      ·      A      ·      A      S      A      A      ·      ·   ·
supplements_list.block_myasthenia ·      A      A      S      A      S      A      S      ·      ·      ·      ·  ·
supplements_list.prescription    ·      ·      ·      ·      ·      ·      ·      A      S      A      ·      ·   ·
supplements_list.sugar           ·      ·      ·      ·      A      ·      ·      A      S      S      ·      ·   ·
supplements_list.thyroid         ·      ·      ·      ·      ·      ·      ·      A      S      S      ·      ·   ·
supplements_list.spaced          ·      ·      ·      ·      ·      ·      ·      A      S      A      ·      ·   ·
supplements_list.lows            ·      A      A      ·      S      ·      ·      ·      A      S      ·      ·   ·
supplements_list.thiamine        ·      ·      ·      ·      A      S      S      A      A      S      ·      ·   ·
supplements_list.pregnant        S      S      S      S      S      S      S      S      S      S      S      ·   ·
supplements_list.nursing         ·      ·      ·      ·      A      ·      A      A      S      S      A      ·   ·
"""  # S stop, A ask first, C with care, · nothing
# What a condition is called when one asks for it, and the answers that say it. Under 18 there is no consent at all.
NAMED = {
    "heart and vessels": "body.heart",
    "blood pressure": "body.pressure pressure_state.high pressure_state.controlled",
    "chest pain": "body.chest chest_state.now chest_state.lately chest_state.checked",
    "fainting": "body.chest cold_list.faint",
    "kidney": "body.kidney",
    "eyes": "body.eyes",
    "nerves and feet": "body.feet feet_state.numb",
    "pregnancy": "life.pregnant",
    "the months after": "life.baby",
    "type 1": "diabetes_kind.type1",
    "insulin": "medicines.insulin",
    "sulfonylurea": "sugar_pills.sulfonylurea",
    "glinides": "sugar_pills.glinide",
    "SGLT2": "sugar_pills.sglt2",
    "metformin": "sugar_pills.metformin",
    "thyroid": "medicines.thyroid",
    "blood thinner": "medicines.thinner",
    "other medicines": "medicines.other",
    "GLP-1 drugs": "sugar_pills.glp1",
    "beta-blockers": "medicines.heart_pills",
    "diuretics": "medicines.water_pills",
    "steroids": "medicines.steroids",
    "trying to conceive or PCOS": "life.trying",
    "breastfeeding": "life.nursing",
    "foot ulcer": "feet_state.sore",
    "gastroparesis": "body.gut",
    "bariatric surgery": "body.gut",
    "falls": "body.joints",
    "alcohol": "life.alcohol",
    "eating disorder now or ever": "life.eating",
    "Raynaud": "cold_list.raynaud",
    "cold urticaria": "cold_list.hives",
    "epilepsy": "body.epilepsy cold_list.epilepsy",
    "surgery or injury": "body.injury heavy_list.operation",
    "told to exercise only supervised": "life.supervised",
}


def cells(text: str) -> dict[tuple[str, str], str]:
    """Each marked cell: the answer and the gate, with the level."""
    head, *rows = text.strip().splitlines()
    names = head.split()[1:]
    found: dict[tuple[str, str], str] = {}
    for row in rows:
        answer, *marks = row.split()
        assert len(marks) == len(names), answer
        found |= {(answer, COLUMNS[name]): LEVELS[mark] for name, mark in zip(names, marks, strict=True) if mark != "·"}
    return found


def test_every_cell_of_the_table_is_as_written_here() -> None:
    real = {(answer, gate): level for answer, found in TABLE.findings.items() for gate, level in found.gates.items()}
    assert real == cells(MATRIX)


def test_every_gate_has_its_column_and_every_answer_its_row() -> None:
    assert list(COLUMNS.values()) == list(TABLE.gates)
    rows = [row.split()[0] for row in MATRIX.strip().splitlines()[1:]]
    assert rows == list(TABLE.findings)


def test_every_answer_of_the_table_has_its_line_and_marks_a_gate() -> None:
    assert [answer for answer, one in TABLE.findings.items() if len(one.line) <= 5 or not one.gates] == []


@pytest.mark.parametrize("condition", list(NAMED))
def test_every_condition_that_matters_has_its_row(condition: str) -> None:
    for answer in NAMED[condition].split():
        assert answer in TABLE.findings


EDUCATION_ONLY = ["life.pregnant", "diabetes_kind.type1", "diabetes_kind.other"]


@pytest.mark.parametrize("answer", EDUCATION_ONLY)
@pytest.mark.parametrize("gate", ["exercise", "intervals", "heavy_lifting", "low_carb", "cold", "sauna", "magnesium"])
def test_what_is_education_only_is_a_stop_that_no_word_of_anybody_clears(answer: str, gate: str) -> None:
    assert TABLE.findings[answer].gates[gate] == "stop"


def test_a_held_breath_is_stopped_for_heart_pressure_eyes_pregnancy_and_epilepsy_and_never_cleared() -> None:
    for answer in ("body.heart", "pressure_state.high", "pressure_state.controlled", "body.eyes", "life.pregnant"):
        assert TABLE.findings[answer].gates["breath_holding"] == "stop"
    assert TABLE.findings["body.epilepsy"].gates["breath_holding"] == "stop"
    assert TABLE.gates["breath_holding"].cleared_by is None
