"""The words about a blood draw: worked out from the answers of this conversation and the draws on file."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

from markupsafe import Markup

from bot.coach import bloodwork, schedule
from bot.coach.bloodwork import Draw
from bot.coach.dialogue import Facts, Said, State
from bot.coach.questions import date_words, in_a_row, number_words
from bot.knowledge import Knowledge
from bot.store import records

SCREEN = ("medicines", "life", "diabetes_kind")
"""The facts of the safety screen that may speak against the arithmetic."""


def _answers(state: State) -> dict[str, Any]:
    """This conversation's answers by their step, the last one where a step stands in several scripts."""
    return {name.split(".")[-1]: said.value for name, said in state.said.items()}


def _against(facts: Facts, state: State) -> bloodwork.Validity:
    said = _answers(state)
    known = {name: facts[name].value for name in SCREEN if name in facts}
    return bloodwork.draw_validity(said.get("fasting"), said.get("draw_day"), known)


def draw_in(facts: Facts, state: State) -> Draw | None:
    """The draw that this conversation is about, as far as it has been told; None before its date."""
    said = _answers(state)
    if not said.get("date"):
        return None
    return Draw(
        dt.date.fromisoformat(said["date"]),
        glucose=bloodwork.Glucose(**said["glucose"]) if said.get("glucose") else None,
        insulin=bloodwork.Insulin(**said["insulin"]) if said.get("insulin") else None,
        hba1c=bloodwork.HbA1c(**said["hba1c"]) if said.get("hba1c") else None,
        triglycerides=bloodwork.Triglycerides(**said["triglycerides"]) if said.get("triglycerides") else None,
        lab=said.get("lab"),
        fasted_hours=bloodwork.hours_fasted(said.get("fasting")),
        valid=_against(facts, state).ok,
    )


def _of_draw(make: Callable[[Draw], Any]) -> Callable[[Knowledge, Facts, State], Any]:
    def word(know: Knowledge, facts: Facts, state: State) -> Any:
        draw = draw_in(facts, state)
        return make(draw) if draw else None

    return word


def _figure(value: float) -> str:
    """A lab value as the sums show it: with one decimal, where it has one."""
    return f"{round(value, 1):g}"


def _homa_ir(draw: Draw) -> Said | None:
    if draw.glucose is None or draw.insulin is None:
        return None
    value = round(bloodwork.homa_ir(draw.insulin, draw.glucose), 1)
    return Said(value, f"{value:.1f}")


def _homa_sum(draw: Draw) -> str | None:
    if draw.glucose is None or draw.insulin is None:
        return None
    value = bloodwork.homa_ir(draw.insulin, draw.glucose)
    return f"{_figure(draw.insulin.uiu_ml)} × {_figure(draw.glucose.mg_dl)} ÷ 405 = {value:.1f}"


def _quicki_sum(draw: Draw) -> str | None:
    if draw.glucose is None or draw.insulin is None:
        return None
    try:
        value = bloodwork.quicki(draw.insulin, draw.glucose)
    except ValueError:
        return None
    return f"1 ÷ (log {_figure(draw.insulin.uiu_ml)} + log {_figure(draw.glucose.mg_dl)}) = {value:.2f}"


def _tyg_sum(draw: Draw) -> str | None:
    if draw.glucose is None or draw.triglycerides is None:
        return None
    value = bloodwork.tyg(draw.triglycerides.value, draw.triglycerides.unit, draw.glucose).value
    return f"ln({_figure(draw.triglycerides.mg_dl)} × {_figure(draw.glucose.mg_dl)} ÷ 2) = {value:.1f}"


def _glucose_both(draw: Draw) -> Said | None:
    if draw.glucose is None:
        return None
    return Said(draw.glucose.mg_dl, f"{draw.glucose.mg_dl:.0f} mg/dL ({draw.glucose.mmol_l:.1f} mmol/L)")


def _insulin_both(draw: Draw) -> Said | None:
    if draw.insulin is None:
        return None
    return Said(draw.insulin.uiu_ml, f"{draw.insulin.uiu_ml:.1f} µIU/mL ({draw.insulin.pmol_l:.0f} pmol/L)")


def _glucose_range(draw: Draw) -> str | None:
    return bloodwork.glucose_range(draw.glucose) if draw.glucose else None


def _hba1c_range(draw: Draw) -> str | None:
    if draw.hba1c is None:
        return None
    return "diabetes" if bloodwork.needs_confirming(None, draw.hba1c) else "below"


def _draw_against(know: Knowledge, facts: Facts, state: State) -> list[str]:
    """Ids of what speaks against the arithmetic, and "unsure_…" for what nobody has ruled out."""
    found = _against(facts, state)
    return [*found.invalid, *(f"unsure_{reason}" for reason in found.unsure)]


def _beside(know: Knowledge, facts: Facts, state: State) -> tuple[Draw, Draw, tuple[str, ...]] | None:
    """The newest earlier draw that can be compared, else the newest, with this one and why they cannot be."""
    now = draw_in(facts, state)
    if now is None:
        return None
    earlier = [one for one in records.draws(know.session, know.person.id) if one.date < now.date]
    if not earlier:
        return None
    for then in reversed(earlier):
        if bloodwork.comparable(then, now):
            return then, now, ()
    return earlier[-1], now, bloodwork.incomparable(earlier[-1], now)


def _draw_before(know: Knowledge, facts: Facts, state: State) -> Said | None:
    """Two draws side by side; the difference only where they can be compared."""
    found = _beside(know, facts, state)
    if found is None:
        return None
    then, now, reasons = found
    phrases = know.library.phrases
    lines = []
    for test, before, after, unit in _pairs(then, now, sums=not reasons):
        values = {
            "name": phrases.tests[test],
            "then": number_words(round(before, 1), unit, phrases.units),
            "now": number_words(round(after, 1), unit, phrases.units),
            "change": f"{round(round(after, 1) - round(before, 1), 1):+g}".replace("-", "−"),
        }
        lines.append(know.library.phrase(phrases.draw_beside if reasons else phrases.draw_change, **values))
    if not lines:
        return None
    head = know.library.phrase(
        phrases.draw_dates, then=date_words(then.date, phrases), now=date_words(now.date, phrases)
    )
    text = Markup("\n").join(Markup(line) for line in (head, *lines))  # noqa: S704 -- rendered
    return Said("apart" if reasons else "comparable", text)


def _pairs(then: Draw, now: Draw, *, sums: bool) -> list[tuple[str, float, float, str]]:
    """What both draws hold, in the unit of the newer one: the test, then, now, the unit."""
    found: list[tuple[str, float, float, str]] = []
    if then.glucose and now.glucose:
        unit = now.glucose.unit
        before = then.glucose.mg_dl if unit == "mg_dl" else then.glucose.mmol_l
        found.append(("glucose", before, now.glucose.value, unit))
    if then.insulin and now.insulin:
        unit_ = now.insulin.unit
        before = then.insulin.uiu_ml if unit_ == "uiu_ml" else then.insulin.pmol_l
        found.append(("insulin", before, now.insulin.value, unit_))
    if sums and then.homa_ir is not None and now.homa_ir is not None:
        found.append(("homa_ir", then.homa_ir, now.homa_ir, ""))
    if then.hba1c and now.hba1c and then.hba1c.unit == now.hba1c.unit:
        found.append(("hba1c", then.hba1c.value, now.hba1c.value, now.hba1c.unit))
    if then.triglycerides and now.triglycerides:
        unit__ = now.triglycerides.unit
        per = 1 if unit__ == "mg_dl" else 1 / bloodwork.MG_DL_PER_MMOL_L_TRIGLYCERIDES
        found.append(("triglycerides", then.triglycerides.mg_dl * per, now.triglycerides.value, unit__))
    return found


def _draw_apart(know: Knowledge, facts: Facts, state: State) -> Said | None:
    """Why the two draws cannot be compared, in words."""
    found = _beside(know, facts, state)
    if found is None or not found[2]:
        return None
    phrases = know.library.phrases
    return Said(list(found[2]), in_a_row([phrases.draw_apart[reason] for reason in found[2]], phrases))


def _in_months(months: int) -> Callable[[Knowledge, Facts, State], Said]:
    def word(know: Knowledge, facts: Facts, state: State) -> Said:
        date = months_after(know.date(know.now), months)
        return Said(date.isoformat(), date_words(date, know.library.phrases))

    return word


def months_after(date: dt.date, months: int) -> dt.date:
    """The same day so many months later, or the last day of a shorter month."""
    year, month = divmod(date.year * 12 + date.month - 1 + months, 12)
    return dt.date(year, month + 1, min(date.day, calendar.monthrange(year, month + 1)[1]))


def _retest_date(know: Knowledge, facts: Facts, state: State) -> Said | None:
    """The date the person asked to be reminded on, while it is today or ahead."""
    date = schedule.date_in(facts, "retest_on")
    if date is None or date < know.date(know.now):
        return None
    return Said(date.isoformat(), date_words(date, know.library.phrases))


WORDS: Mapping[str, Callable[[Knowledge, Facts, State], Any]] = {
    "homa_ir": _of_draw(_homa_ir),
    "homa_sum": _of_draw(_homa_sum),
    "quicki_sum": _of_draw(_quicki_sum),
    "tyg_sum": _of_draw(_tyg_sum),
    "glucose_both": _of_draw(_glucose_both),
    "insulin_both": _of_draw(_insulin_both),
    "glucose_range": _of_draw(_glucose_range),
    "hba1c_range": _of_draw(_hba1c_range),
    "draw_against": _draw_against,
    "draw_before": _draw_before,
    "draw_apart": _draw_apart,
    "in_one_month": _in_months(1),
    "in_three_months": _in_months(3),
    "in_six_months": _in_months(6),
    "retest_date": _retest_date,
}
LACKING = frozenset(WORDS) - {"draw_against", "in_one_month", "in_three_months", "in_six_months"}
"""Those that may have nothing to say."""
