"""Rules of the blood arithmetic: identities, units, and when it says nothing."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.coach.bloodwork import (
    Draw,
    Glucose,
    GlucoseUnit,
    HbA1c,
    HbA1cUnit,
    Insulin,
    InsulinUnit,
    Plausibility,
    Triglycerides,
    TygFormula,
    comparable,
    draw_validity,
    glucose_plausibility,
    glucose_range,
    hba1c_plausibility,
    homa_ir,
    incomparable,
    insulin_plausibility,
    needs_confirming,
    quicki,
    same_day_care,
    triglycerides_plausibility,
    tyg,
    validity,
)

INSULIN = st.floats(0.5, 300)
GLUCOSE = st.floats(2, 30)
DAY = dt.date(2026, 3, 2)


@pytest.mark.parametrize(
    ("insulin", "glucose", "expected"),
    [
        (Insulin(10, "uiu_ml"), Glucose(5.0, "mmol_l"), 10 * 5.0 / 22.5),
        (Insulin(10, "uiu_ml"), Glucose(90, "mg_dl"), 10 * 90 / 405),
        (Insulin(60, "pmol_l"), Glucose(5.0, "mmol_l"), 2.2222),
        (Insulin(4.5, "uiu_ml"), Glucose(5.0, "mmol_l"), 1.0),  # the model's normal: one
        (Insulin(15, "uiu_ml"), Glucose(100, "mg_dl"), 3.7037),
    ],
)
def test_homa_ir_worked_examples(insulin: Insulin, glucose: Glucose, expected: float) -> None:
    assert homa_ir(insulin, glucose) == pytest.approx(expected, rel=1e-4)


@settings(deadline=None)
@given(insulin=INSULIN, glucose=GLUCOSE)
def test_both_homa_formulas_are_one(insulin: float, glucose: float) -> None:
    by_mmol = homa_ir(Insulin(insulin, "uiu_ml"), Glucose(glucose, "mmol_l"))
    assert by_mmol == pytest.approx(insulin * (glucose * 18) / 405)
    assert by_mmol == pytest.approx(homa_ir(Insulin(insulin * 6, "pmol_l"), Glucose(glucose * 18, "mg_dl")))


@settings(deadline=None)
@given(value=GLUCOSE)
def test_units_go_there_and_back(value: float) -> None:
    assert Glucose(Glucose(value, "mmol_l").mg_dl, "mg_dl").mmol_l == pytest.approx(value)
    assert Insulin(Insulin(value, "uiu_ml").pmol_l, "pmol_l").uiu_ml == pytest.approx(value)


def test_six_is_the_factor_and_the_obsolete_one_reads_low() -> None:
    now, obsolete = Insulin(60, "pmol_l").uiu_ml, Insulin(60, "pmol_l", factor=6.945).uiu_ml
    assert now == 10
    assert 1 - obsolete / now == pytest.approx(0.136, abs=0.02)


def test_quicki_falls_as_homa_rises() -> None:
    low = quicki(Insulin(5, "uiu_ml"), Glucose(90, "mg_dl"))
    high = quicki(Insulin(20, "uiu_ml"), Glucose(110, "mg_dl"))
    assert low == pytest.approx(1 / (math.log10(5) + math.log10(90)))
    assert high < low


@settings(deadline=None)
@given(insulin=INSULIN, glucose=GLUCOSE)
def test_quicki_is_a_function_of_homa(insulin: float, glucose: float) -> None:
    blood = Insulin(insulin, "uiu_ml"), Glucose(glucose, "mmol_l")
    assert quicki(*blood) == pytest.approx(1 / math.log10(homa_ir(*blood) * 405))


def test_tyg_says_which_formula_it_is() -> None:
    glucose = Glucose(90, "mg_dl")
    inside, outside = tyg(150, "mg_dl", glucose), tyg(150, "mg_dl", glucose, "ln(TG×FPG)/2")
    assert (inside.formula, outside.formula) == ("ln(TG×FPG/2)", "ln(TG×FPG)/2")
    assert inside.value == pytest.approx(8.82, abs=0.01)  # normal near 8
    assert outside.value == pytest.approx(4.76, abs=0.01)  # normal near 4
    assert tyg(150 / 88.57, "mmol_l", glucose).value == pytest.approx(inside.value)


@pytest.mark.parametrize("value", [0, -1, math.nan, math.inf])
def test_a_value_that_is_no_value_is_refused(value: float) -> None:
    with pytest.raises(ValueError, match="above zero"):
        homa_ir(Insulin(value, "uiu_ml"), Glucose(5, "mmol_l"))
    with pytest.raises(ValueError, match="above zero"):
        quicki(Insulin(10, "uiu_ml"), Glucose(value, "mmol_l"))
    with pytest.raises(ValueError, match="above zero"):
        tyg(value, "mg_dl", Glucose(90, "mg_dl"))


def test_quicki_refuses_what_has_no_logarithm() -> None:
    with pytest.raises(ValueError, match="above 1"):
        quicki(Insulin(0.01, "uiu_ml"), Glucose(20, "mg_dl"))


@pytest.mark.parametrize(
    ("value", "unit", "verdict", "other"),
    [
        (5.4, "mmol_l", "ok", None),
        (97, "mg_dl", "ok", None),
        (97, "mmol_l", "impossible", "mg_dl"),
        (5.4, "mg_dl", "impossible", "mmol_l"),
        (22, "mmol_l", "unlikely", None),
        (350, "mg_dl", "unlikely", None),
        (2000, "mg_dl", "impossible", None),
        (0, "mg_dl", "impossible", None),
        (math.nan, "mg_dl", "impossible", None),
    ],
)
def test_an_odd_glucose_names_the_unit_that_explains_it(
    value: float, unit: GlucoseUnit, verdict: str, other: str | None
) -> None:
    plausibility = glucose_plausibility(Glucose(value, unit))
    assert (plausibility.verdict, plausibility.other_unit) == (verdict, other)


@pytest.mark.parametrize(
    ("value", "unit", "verdict", "other"),
    [
        (8, "uiu_ml", "ok", None),
        (48, "pmol_l", "ok", None),
        (90, "uiu_ml", "unlikely", "pmol_l"),
        (4, "pmol_l", "unlikely", "uiu_ml"),
        (5000, "uiu_ml", "impossible", None),
        (0.1, "uiu_ml", "impossible", None),
    ],
)
def test_an_odd_insulin_names_the_unit_that_explains_it(
    value: float, unit: InsulinUnit, verdict: str, other: str | None
) -> None:
    plausibility = insulin_plausibility(Insulin(value, unit))
    assert (plausibility.verdict, plausibility.other_unit) == (verdict, other)


@settings(deadline=None)
@given(value=st.floats(50, 300))
def test_the_same_blood_is_plausible_in_both_units(value: float) -> None:
    assert glucose_plausibility(Glucose(value, "mg_dl")) == Plausibility("ok")
    assert glucose_plausibility(Glucose(value / 18 + 0.03, "mmol_l")) == Plausibility("ok")


def test_a_clean_draw_is_valid() -> None:
    clean = validity(fasted_hours=8, insulin_therapy=False, type_1=False, pregnant=False, acutely_ill=False)
    assert clean.ok
    assert (clean.invalid, clean.unsure) == ((), ())


def test_every_reason_against_homa_is_named() -> None:
    all_of_them = validity(fasted_hours=7.5, insulin_therapy=True, type_1=True, pregnant=True, acutely_ill=True)
    assert all_of_them.invalid == ("insulin_therapy", "type_1", "not_fasted", "pregnancy", "acute_illness")
    assert not all_of_them.ok


def test_not_sure_is_not_no() -> None:
    unsure = validity(fasted_hours=None, insulin_therapy=False, type_1=None, pregnant=False, acutely_ill=False)
    assert unsure.unsure == ("type_1", "not_fasted")
    assert unsure.invalid == ()
    assert not unsure.ok


def draw(lab: str | None, fasted: float | None) -> Draw:
    return Draw(DAY, Glucose(5, "mmol_l"), Insulin(8, "uiu_ml"), lab, fasted)


@pytest.mark.parametrize(
    ("one", "other", "reasons"),
    [
        (draw("City Lab", 10), draw(" city  lab", 8), ()),
        (draw("City Lab", 10), draw("Harbour", 10), ("other_lab",)),
        (draw(None, 10), draw(None, 10), ("lab_unknown",)),
        (draw("City Lab", 10), draw("City Lab", 6), ("not_fasted",)),
        (draw("City Lab", None), draw("Harbour", 10), ("other_lab", "not_fasted")),
    ],
)
def test_only_fasted_draws_of_one_lab_are_compared(one: Draw, other: Draw, reasons: tuple[str, ...]) -> None:
    assert incomparable(one, other) == reasons
    assert comparable(one, other) is (reasons == ())
    assert incomparable(other, one) == reasons


@pytest.mark.parametrize(
    ("value", "unit", "expected"),
    [(125, "mg_dl", False), (126, "mg_dl", True), (6.9, "mmol_l", False), (7.0, "mmol_l", True)],
)
def test_diabetes_range_glucose_asks_for_a_second_test(value: float, unit: GlucoseUnit, expected: bool) -> None:
    assert needs_confirming(Glucose(value, unit)) is expected


@pytest.mark.parametrize(
    ("value", "unit", "expected"),
    [(6.4, "percent", False), (6.5, "percent", True), (47, "mmol_mol", False), (48, "mmol_mol", True)],
)
def test_diabetes_range_hba1c_asks_for_a_second_test(value: float, unit: HbA1cUnit, expected: bool) -> None:
    assert needs_confirming(None, HbA1c(value, unit)) is expected
    assert needs_confirming(Glucose(90, "mg_dl"), HbA1c(value, unit)) is expected


@pytest.mark.parametrize(
    ("value", "unit", "symptoms", "expected"),
    [
        (200, "mg_dl", {"thirst"}, True),
        (11.1, "mmol_l", {"weight_loss"}, True),
        (199, "mg_dl", {"thirst", "weight_loss"}, False),
        (260, "mg_dl", set(), False),
        (260, "mg_dl", {"tired"}, False),
    ],
)
def test_high_glucose_with_symptoms_is_for_today(
    value: float, unit: GlucoseUnit, symptoms: set[str], expected: bool
) -> None:
    assert same_day_care(Glucose(value, unit), symptoms) is expected


# examples that others published, so that our formulas are not only checked against themselves


@pytest.mark.parametrize(
    ("insulin", "glucose", "expected", "within"),
    [
        # JMLuther/tabletools, R/calculate_homair.R: 100 mg/dL and 5 µU/mL are 1.23, "ex from Gutch 2015"
        (Insulin(5, "uiu_ml"), Glucose(100, "mg_dl"), 1.23, 0.005),
        # geekmdllc/geekmdcalc-js, tests/homaIr.test.js: 104 mg/dL and 12.3 are 3.2, give or take 0.1
        (Insulin(12.3, "uiu_ml"), Glucose(104, "mg_dl"), 3.2, 0.1),
        # wiki.tcl-lang.org, "HOMA-IR Approximates Average Blood Insulin Resistance": 4 × 100 ÷ 405 rounds to 1.0
        (Insulin(4, "uiu_ml"), Glucose(100, "mg_dl"), 1.0, 0.05),
    ],
)
def test_published_examples_of_homa_ir_come_out(
    insulin: Insulin, glucose: Glucose, expected: float, within: float
) -> None:
    assert homa_ir(insulin, glucose) == pytest.approx(expected, abs=within)


def test_a_published_pair_of_units_gives_one_homa_ir() -> None:
    """JMLuther/tabletools gives 93 mg/dL with 12.8 µU/mL, and the same person as 5.167 mmol/L with 76.8 pmol/L."""
    conventional = homa_ir(Insulin(12.8, "uiu_ml"), Glucose(93, "mg_dl"))
    assert homa_ir(Insulin(76.8, "pmol_l"), Glucose(5.167, "mmol_l")) == pytest.approx(conventional, abs=0.001)


@pytest.mark.parametrize(("formula", "around"), [("ln(TG×FPG/2)", 8), ("ln(TG×FPG)/2", 4)])
def test_each_tyg_formula_lies_where_its_paper_puts_it(formula: TygFormula, around: float) -> None:
    """Hosseini 2017 (10.18869/acadpub.jcbr.1.1.11): usual values are roughly around 8 and 4, by the formula."""
    for triglycerides in (60, 100, 150):
        for glucose in (75, 85, 99):
            assert tyg(triglycerides, "mg_dl", Glucose(glucose, "mg_dl"), formula).value == pytest.approx(around, abs=1)


# HbA1c and triglycerides


@pytest.mark.parametrize(
    ("hba1c", "expected"),
    [
        (HbA1c(5.6, "percent"), Plausibility("ok")),
        (HbA1c(38, "mmol_mol"), Plausibility("ok")),
        (HbA1c(38, "percent"), Plausibility("impossible", "mmol_mol")),
        (HbA1c(5.6, "mmol_mol"), Plausibility("unlikely", "percent")),
        (HbA1c(17, "percent"), Plausibility("unlikely")),
    ],
)
def test_an_hba1c_in_the_other_unit_is_noticed(hba1c: HbA1c, expected: Plausibility) -> None:
    assert hba1c_plausibility(hba1c) == expected


@pytest.mark.parametrize(
    ("triglycerides", "expected"),
    [
        (Triglycerides(120, "mg_dl"), Plausibility("ok")),
        (Triglycerides(1.4, "mmol_l"), Plausibility("ok")),
        (Triglycerides(150, "mmol_l"), Plausibility("impossible", "mg_dl")),
        (Triglycerides(1.4, "mg_dl"), Plausibility("impossible", "mmol_l")),
        (Triglycerides(1500, "mg_dl"), Plausibility("unlikely")),
    ],
)
def test_triglycerides_in_the_other_unit_are_noticed(triglycerides: Triglycerides, expected: Plausibility) -> None:
    assert triglycerides_plausibility(triglycerides) == expected


@pytest.mark.parametrize(
    ("glucose", "expected"),
    [
        (Glucose(69, "mg_dl"), "low"),
        (Glucose(3.8, "mmol_l"), "low"),
        (Glucose(70, "mg_dl"), "usual"),
        (Glucose(100, "mg_dl"), "raised"),
        (Glucose(125, "mg_dl"), "raised"),
        (Glucose(126, "mg_dl"), "diabetes"),
        (Glucose(7.0, "mmol_l"), "diabetes"),
        (Glucose(200, "mg_dl"), "very_high"),
        (Glucose(11.1, "mmol_l"), "very_high"),
    ],
)
def test_a_glucose_lies_in_the_range_its_printed_limit_says(glucose: Glucose, expected: str) -> None:
    assert glucose_range(glucose) == expected


# what speaks against the arithmetic, from the form and from the screen

UNSURE = ("insulin_therapy", "type_1", "pregnancy", "acute_illness")
CLEAN = {"medicines": ["none"], "life": ["none"], "diabetes_kind": "none"}


@pytest.mark.parametrize(
    ("fasting", "conditions", "facts", "invalid", "unsure"),
    [
        ("yes", ["none"], CLEAN, (), ()),
        ("yes", ["none"], {}, (), ()),
        ("yes", ["ill"], CLEAN, ("acute_illness",), ()),
        ("no", ["none"], CLEAN, ("not_fasted",), ()),
        ("unsure", ["none"], CLEAN, (), ("not_fasted",)),
        (None, ["none"], CLEAN, (), ("not_fasted",)),
        ("yes", ["none"], {**CLEAN, "medicines": ["insulin"]}, ("insulin_therapy",), ()),
        ("yes", ["none"], {**CLEAN, "life": ["pregnant", "nursing"]}, ("pregnancy",), ()),
        ("yes", ["none"], {**CLEAN, "diabetes_kind": "type1"}, ("type_1",), ()),
        ("yes", ["none"], {**CLEAN, "diabetes_kind": "not_sure"}, (), ("type_1",)),
        ("yes", ["type_1"], {**CLEAN, "diabetes_kind": "not_sure"}, ("type_1",), ()),
        # a skip of the screen's question is kept as a list
        ("yes", ["none"], {**CLEAN, "diabetes_kind": ["not_sure"]}, (), ("type_1",)),
        ("yes", ["type_1"], {**CLEAN, "diabetes_kind": ["not_sure"]}, ("type_1",), ()),
        ("yes", None, CLEAN, (), UNSURE),
        (
            "yes",
            ["not_sure"],
            {"medicines": ["insulin"]},
            ("insulin_therapy",),
            ("type_1", "pregnancy", "acute_illness"),
        ),
    ],
)
def test_the_screen_and_the_form_decide_together_and_unsure_is_no_yes(
    fasting: str | None,
    conditions: list[str] | None,
    facts: dict[str, object],
    invalid: tuple[str, ...],
    unsure: tuple[str, ...],
) -> None:
    found = draw_validity(fasting, conditions, facts)
    assert (found.invalid, found.unsure) == (invalid, unsure)
    assert found.ok is (not invalid and not unsure)


def test_a_draw_that_something_spoke_against_is_compared_with_none_and_has_no_homa() -> None:
    sound = Draw(DAY, Glucose(98, "mg_dl"), Insulin(12, "uiu_ml"), "City Lab", 8)
    ill = replace(sound, valid=False)
    assert incomparable(sound, ill) == ("not_valid",)
    assert sound.homa_ir == pytest.approx(2.904, abs=0.001)
    assert ill.homa_ir is None
