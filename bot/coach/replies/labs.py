"""Reads a blood value, in the unit typed or in the only one that fits."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from bot.coach.bloodwork import (
    Glucose,
    GlucoseUnit,
    HbA1c,
    HbA1cUnit,
    Insulin,
    InsulinUnit,
    Plausibility,
    Triglycerides,
    TriglycerideUnit,
    glucose_plausibility,
    hba1c_plausibility,
    insulin_plausibility,
    triglycerides_plausibility,
)
from bot.coach.phrasebook import phrasebook
from bot.coach.replies.amounts import Piece, amounts_in
from bot.coach.replies.cleaning import clean, without
from bot.coach.replies.outcomes import Read, Reason, Unread
from bot.coach.words import Words

T = TypeVar("T")
U = TypeVar("U", bound=str)


def glucose(text: str, words: Words, *, unit: GlucoseUnit | None = None) -> Read[Glucose] | Unread[Glucose]:
    """Plasma glucose in the unit typed; without one, in `unit` or in the only unit that fits."""
    options: tuple[GlucoseUnit, ...] = ("mmol_l", "mg_dl")
    return _read(text, words, options, Glucose, glucose_plausibility, unit)


def insulin(text: str, words: Words, *, unit: InsulinUnit | None = None) -> Read[Insulin] | Unread[Insulin]:
    """Fasting insulin in the unit typed; without one, in `unit`; many bare numbers fit both: offered."""
    options: tuple[InsulinUnit, ...] = ("uiu_ml", "pmol_l")
    return _read(text, words, options, Insulin, insulin_plausibility, unit)


def hba1c(text: str, words: Words) -> Read[HbA1c] | Unread[HbA1c]:
    """HbA1c in percent or mmol/mol; without a unit, in the only one that fits."""
    options: tuple[HbA1cUnit, ...] = ("percent", "mmol_mol")
    return _read(text, words, options, HbA1c, hba1c_plausibility)


def triglycerides(text: str, words: Words) -> Read[Triglycerides] | Unread[Triglycerides]:
    """Triglycerides in mg/dL or mmol/L; without a unit, in the only one that fits."""
    options: tuple[TriglycerideUnit, ...] = ("mmol_l", "mg_dl")
    return _read(text, words, options, Triglycerides, triglycerides_plausibility)


def _read(
    text: str,
    words: Words,
    options: Sequence[U],
    value_in: Callable[[float, U], T],
    plausibility: Callable[[T], Plausibility],
    unit: U | None = None,
) -> Read[T] | Unread[T]:
    piece = _lab(text, words, options)
    if isinstance(piece, str):
        return Unread(piece)
    named = next((each for each in options if each == piece.unit), unit)
    tried = {each: value_in(piece.values[0], each) for each in options}
    fits = {each: plausibility(value) for each, value in tried.items()}
    return _judged(named, tried, fits, said=piece.unit is not None)


def _lab(text: str, words: Words, kin: Sequence[str]) -> Piece | Reason:
    found, _ = clean(text, words)
    amounts = amounts_in(without(found, phrasebook(words.lab_words)), words, kin)
    if not amounts.pieces:
        return "not_a_number"
    if len(amounts.pieces) > 1:
        return "ambiguous" if amounts.ranged else "two_values"
    piece = amounts.pieces[0]
    if amounts.inexact:
        return "inexact"
    if piece.unit is not None and piece.unit not in kin:
        return "wrong_unit"
    # No lab reports thousands: "5,432" is five and a bit.
    piece = replace(piece, values=piece.values[-1:])
    return "not_a_number" if amounts.leftover or piece.doubtful or piece.values[0] <= 0 else piece


def _judged(
    named: U | None, tried: Mapping[U, T], fits: Mapping[U, Plausibility], *, said: bool
) -> Read[T] | Unread[T]:
    if named is not None:
        other = next((unit for unit in tried if unit == fits[named].other_unit), None)
        if fits[named].verdict == "ok" or (fits[named].verdict == "unlikely" and other is None):
            return Read(tried[named], guessed=not said)
        return Unread("implausible", (tried[other],) if other else ())
    for verdict in ("ok", "unlikely"):
        fitting = [unit for unit in tried if fits[unit].verdict == verdict]
        if len(fitting) == 1:
            return Read(tried[fitting[0]], guessed=True)
        if fitting:
            return Unread("ambiguous", tuple(tried[unit] for unit in fitting))
    return Unread("implausible")
