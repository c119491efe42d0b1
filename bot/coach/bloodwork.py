"""The arithmetic of a fasting blood draw, and when not to do it: the coach computes and never diagnoses.

Formulas and limits are those of the evidence brief, section 7.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeVar

GlucoseUnit = Literal["mg_dl", "mmol_l"]
InsulinUnit = Literal["uiu_ml", "pmol_l"]  # mU/L is the same number as µIU/mL
TriglycerideUnit = Literal["mg_dl", "mmol_l"]
HbA1cUnit = Literal["percent", "mmol_mol"]
Verdict = Literal["ok", "unlikely", "impossible"]
Invalid = Literal["insulin_therapy", "type_1", "not_fasted", "pregnancy", "acute_illness"]
Range = Literal["low", "usual", "raised", "diabetes", "very_high"]
Incomparable = Literal["lab_unknown", "other_lab", "not_fasted", "not_valid"]
TygFormula = Literal["ln(TG×FPG/2)", "ln(TG×FPG)/2"]
Unit = TypeVar("Unit", bound=str)

MG_DL_PER_MMOL_L = 18.0
# 1 IU is 0.0347 mg and insulin weighs 5,808 g/mol, so 1 µIU/mL is 6.0 pmol/L. Stored with each draw, because
# 6.945, the obsolete factor, is still in use and under-reports insulin by about 15%.
PMOL_L_PER_UIU_ML = 6.0
MG_DL_PER_MMOL_L_TRIGLYCERIDES = 88.57
FASTED_HOURS = 8.0

# (possible from, usual from, usual to, possible to), fasting. A rule of ours and wide on purpose: it is here
# to catch a slipped digit or the other unit, not to judge a result.
_GLUCOSE: dict[GlucoseUnit, tuple[float, float, float, float]] = {
    "mg_dl": (20, 50, 300, 1000),
    "mmol_l": (1.1, 2.8, 16.7, 55.5),
}
_INSULIN: dict[InsulinUnit, tuple[float, float, float, float]] = {
    "uiu_ml": (0.2, 1, 60, 1000),
    "pmol_l": (1.2, 6, 360, 6000),
}
_HBA1C: dict[HbA1cUnit, tuple[float, float, float, float]] = {
    "percent": (2.5, 3.5, 15, 22),
    "mmol_mol": (4, 18, 140, 215),
}
_TRIGLYCERIDES: dict[TriglycerideUnit, tuple[float, float, float, float]] = {
    "mg_dl": (10, 25, 1000, 10000),
    "mmol_l": (0.1, 0.3, 11.3, 113),
}
LOW_GLUCOSE = 70
"""mg/dL: below it the international consensus speaks of level 1 hypoglycemia."""
# Limits as printed, in each unit: 11.1 mmol/L × 18 is 199.8 mg/dL, so converting would miss it.
_DIABETES_RANGE: dict[GlucoseUnit, float] = {"mg_dl": 126, "mmol_l": 7.0}
_SAME_DAY: dict[GlucoseUnit, float] = {"mg_dl": 200, "mmol_l": 11.1}
_DIABETES_HBA1C: dict[HbA1cUnit, float] = {"percent": 6.5, "mmol_mol": 48}
_SAME_DAY_SYMPTOMS = frozenset({"thirst", "urination", "weight_loss"})


@dataclass(frozen=True, slots=True)
class Glucose:
    """Plasma glucose as it was typed, with its unit."""

    value: float
    unit: GlucoseUnit

    @property
    def mg_dl(self) -> float:
        """Glucose in mg/dL."""
        return self.value if self.unit == "mg_dl" else self.value * MG_DL_PER_MMOL_L

    @property
    def mmol_l(self) -> float:
        """Glucose in mmol/L."""
        return self.value if self.unit == "mmol_l" else self.value / MG_DL_PER_MMOL_L


@dataclass(frozen=True, slots=True)
class Insulin:
    """Fasting insulin as it was typed, with its unit and the factor its conversion uses."""

    value: float
    unit: InsulinUnit
    factor: float = PMOL_L_PER_UIU_ML

    @property
    def uiu_ml(self) -> float:
        """Insulin in µIU/mL."""
        return self.value if self.unit == "uiu_ml" else self.value / self.factor

    @property
    def pmol_l(self) -> float:
        """Insulin in pmol/L."""
        return self.value if self.unit == "pmol_l" else self.value * self.factor


@dataclass(frozen=True, slots=True)
class HbA1c:
    """HbA1c as it was typed: NGSP percent or IFCC mmol/mol."""

    value: float
    unit: HbA1cUnit


@dataclass(frozen=True, slots=True)
class Triglycerides:
    """Triglycerides as they were typed, with their unit."""

    value: float
    unit: TriglycerideUnit

    @property
    def mg_dl(self) -> float:
        """Triglycerides in mg/dL."""
        return self.value if self.unit == "mg_dl" else self.value * MG_DL_PER_MMOL_L_TRIGLYCERIDES


@dataclass(frozen=True, slots=True)
class Draw:
    """One blood draw. `lab` and `fasted_hours` are None when the person does not know.

    `valid` says that nothing spoke against its arithmetic (see `validity`) when it was noted.
    """

    date: dt.date
    glucose: Glucose | None = None
    insulin: Insulin | None = None
    lab: str | None = None
    fasted_hours: float | None = None
    hba1c: HbA1c | None = None
    triglycerides: Triglycerides | None = None
    valid: bool = True

    @property
    def homa_ir(self) -> float | None:
        """HOMA-IR of the draw, where it may be computed."""
        if self.glucose is None or self.insulin is None or not self.valid:
            return None
        return homa_ir(self.insulin, self.glucose)


@dataclass(frozen=True, slots=True)
class Plausibility:
    """Whether a number fits its unit, and the other unit when it would be usual there."""

    verdict: Verdict
    other_unit: str | None = None


@dataclass(frozen=True, slots=True)
class Validity:
    """Why HOMA-IR says nothing here, and which of those reasons nobody has ruled out."""

    invalid: tuple[Invalid, ...] = ()
    unsure: tuple[Invalid, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether HOMA-IR may be computed: every reason against it has been ruled out."""
        return not self.invalid and not self.unsure


@dataclass(frozen=True, slots=True)
class Tyg:
    """A TyG index with the formula it came from: two are in print, with normals near 8 and near 4."""

    value: float
    formula: TygFormula


def homa_ir(insulin: Insulin, glucose: Glucose) -> float:
    """HOMA-IR = insulin µIU/mL × glucose mmol/L ÷ 22.5, which is insulin × mg/dL ÷ 405.

    Raises ValueError when a value is not positive.
    """
    _positive(insulin.value, glucose.value)
    return insulin.uiu_ml * glucose.mmol_l / 22.5


def quicki(insulin: Insulin, glucose: Glucose) -> float:
    """QUICKI = 1 ÷ (log10 insulin µIU/mL + log10 glucose mg/dL); lower is more resistant.

    Raises ValueError when a value is not positive, or so low that the index has no meaning.
    """
    _positive(insulin.value, glucose.value)
    logs = math.log10(insulin.uiu_ml) + math.log10(glucose.mg_dl)
    if logs <= 0:
        raise ValueError("insulin × glucose must be above 1 for QUICKI")
    return 1 / logs


def tyg(
    triglycerides: float,
    unit: TriglycerideUnit,
    glucose: Glucose,
    formula: TygFormula = "ln(TG×FPG/2)",
) -> Tyg:
    """TyG from fasting triglycerides (mg/dL, or mmol/L × 88.57) and fasting glucose.

    Raises ValueError when a value is not positive.
    """
    _positive(triglycerides, glucose.value)
    product = Triglycerides(triglycerides, unit).mg_dl * glucose.mg_dl
    return Tyg(math.log(product / 2) if formula == "ln(TG×FPG/2)" else math.log(product) / 2, formula)


def glucose_plausibility(glucose: Glucose) -> Plausibility:
    """Whether a fasting glucose fits its unit, and whether the other unit would explain it."""
    return _plausibility(glucose.value, glucose.unit, _GLUCOSE)


def insulin_plausibility(insulin: Insulin) -> Plausibility:
    """Whether a fasting insulin fits its unit, and whether the other unit would explain it."""
    return _plausibility(insulin.value, insulin.unit, _INSULIN)


def hba1c_plausibility(hba1c: HbA1c) -> Plausibility:
    """Whether an HbA1c fits its unit, and whether the other unit would explain it."""
    return _plausibility(hba1c.value, hba1c.unit, _HBA1C)


def triglycerides_plausibility(triglycerides: Triglycerides) -> Plausibility:
    """Whether fasting triglycerides fit their unit, and whether the other unit would explain them."""
    return _plausibility(triglycerides.value, triglycerides.unit, _TRIGLYCERIDES)


def glucose_range(glucose: Glucose) -> Range:
    """Where a fasting glucose lies. It decides whom to ask, and says nothing of the person.

    Below 70 mg/dL low; from 100 raised; from 126 (7.0 mmol/L) in the diabetes range; from 200 (11.1) very high.
    """
    if same_day_care(glucose, _SAME_DAY_SYMPTOMS):
        return "very_high"
    if needs_confirming(glucose):
        return "diabetes"
    if glucose.mg_dl < LOW_GLUCOSE:
        return "low"
    return "raised" if glucose.mg_dl >= 100 else "usual"


def hours_fasted(said: str | None) -> float | None:
    """At least eight hours for "yes", none for "no", None for whoever is not sure."""
    return {"yes": FASTED_HOURS, "no": 0.0}.get(said or "")


def draw_validity(fasting: str | None, conditions: Collection[str] | None, facts: Mapping[str, Any]) -> Validity:
    """What speaks against the arithmetic of a draw: what the person said of it, and what their screen knows.

    `fasting` is "yes", "no" or anything else for unsure. `conditions` are the ids of what was true that day
    ("insulin", "type_1", "pregnant", "ill", "none"); None, empty or "not_sure" leaves all of them open. `facts`
    holds `medicines`, `life` and `diabetes_kind` of the screen, where they are known.
    """
    named = set(conditions or ())
    answered = bool(named) and "not_sure" not in named

    def screened(fact: str) -> Collection[str]:
        known = facts.get(fact)
        return [known] if isinstance(known, str) else known or []

    def told(condition: str, fact: str, option: str) -> bool | None:
        if condition in named or option in screened(fact):
            return True
        return False if answered else None

    kind_open = "not_sure" in screened("diabetes_kind")  # a skip is kept as a list
    type_1 = told("type_1", "diabetes_kind", "type1")
    return validity(
        fasted_hours=hours_fasted(fasting),
        insulin_therapy=told("insulin", "medicines", "insulin"),
        type_1=None if kind_open and not type_1 else type_1,
        pregnant=told("pregnant", "life", "pregnant"),
        acutely_ill=True if "ill" in named else False if answered else None,
    )


def validity(
    *,
    fasted_hours: float | None,
    insulin_therapy: bool | None,
    type_1: bool | None,
    pregnant: bool | None,
    acutely_ill: bool | None,
) -> Validity:
    """Say why HOMA-IR is invalid. None means not asked or not sure, which is kept apart from no."""
    answers: dict[Invalid, bool | None] = {
        "insulin_therapy": insulin_therapy,
        "type_1": type_1,
        "not_fasted": None if fasted_hours is None else fasted_hours < FASTED_HOURS,
        "pregnancy": pregnant,
        "acute_illness": acutely_ill,
    }
    return Validity(
        tuple(reason for reason, holds in answers.items() if holds),
        tuple(reason for reason, holds in answers.items() if holds is None),
    )


def incomparable(one: Draw, other: Draw) -> tuple[Incomparable, ...]:
    """Why two draws cannot be compared; empty when they can: the same lab, both fasted, both valid.

    Insulin assays differ twofold between labs, so an unnamed lab is no better than another one.
    """
    reasons: list[Incomparable] = []
    labs = [" ".join((draw.lab or "").casefold().split()) for draw in (one, other)]
    if not all(labs):
        reasons.append("lab_unknown")
    elif labs[0] != labs[1]:
        reasons.append("other_lab")
    if any(draw.fasted_hours is None or draw.fasted_hours < FASTED_HOURS for draw in (one, other)):
        reasons.append("not_fasted")
    elif not (one.valid and other.valid):
        reasons.append("not_valid")
    return tuple(reasons)


def comparable(one: Draw, other: Draw) -> bool:
    """Whether a change between two draws may be shown: the same lab, both fasted at least 8 hours."""
    return not incomparable(one, other)


def needs_confirming(glucose: Glucose | None, hba1c: HbA1c | None = None) -> bool:
    """Whether a fasting glucose or an HbA1c is in the diabetes range, so that a clinic test should follow.

    At least 126 mg/dL (7.0 mmol/L) or 6.5% (48 mmol/mol). It flags a number; it says nothing of the person.
    """
    high_glucose = glucose is not None and glucose.value >= _DIABETES_RANGE[glucose.unit]
    return high_glucose or (hba1c is not None and hba1c.value >= _DIABETES_HBA1C[hba1c.unit])


def same_day_care(glucose: Glucose, symptoms: Collection[str]) -> bool:
    """Whether to send the person to care today: at least 200 mg/dL (11.1 mmol/L) with a symptom of it.

    Symptoms are ids: "thirst", "urination", "weight_loss"; others are ignored (emergencies are not decided
    here).
    """
    return glucose.value >= _SAME_DAY[glucose.unit] and not _SAME_DAY_SYMPTOMS.isdisjoint(symptoms)


def _plausibility(value: float, unit: Unit, bounds: Mapping[Unit, tuple[float, float, float, float]]) -> Plausibility:
    other_unit = next(other for other in bounds if other != unit)
    possible_from, usual_from, usual_to, possible_to = bounds[unit]
    if usual_from <= value <= usual_to:
        return Plausibility("ok")
    verdict: Verdict = "unlikely" if possible_from <= value <= possible_to else "impossible"
    other = bounds[other_unit]
    return Plausibility(verdict, other_unit if other[1] <= value <= other[2] else None)


def _positive(*values: float) -> None:
    if not all(math.isfinite(value) and value > 0 for value in values):
        raise ValueError("blood values must be above zero")
