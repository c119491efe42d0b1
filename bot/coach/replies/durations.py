"""Reads a length of time, as people write hours, minutes and seconds together."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Literal

from bot.coach.phrasebook import phrasebook, value_at
from bot.coach.replies.amounts import amounts_in
from bot.coach.replies.cleaning import clean
from bot.coach.replies.figures import figure_at
from bot.coach.replies.outcomes import Read, Unread, out_of_bounds
from bot.coach.replies.units import FACTORS, IN_THE_LARGER, SMALLER, kin_of, unit_at
from bot.coach.tokens import Token, row_of
from bot.coach.words import Words


def duration(
    text: str,
    words: Words,
    *,
    unit: Literal["min", "s"],
    bare: Literal["h", "min", "s"] | None = None,
    lo: float = 0,
    hi: float = math.inf,
) -> Read[int] | Unread[int]:
    """A length of time in whole minutes or seconds, as `unit` says; lo and hi are in that unit.

    `bare` is the unit of a number typed without one, by default `unit`.
    """
    found, rough = clean(text, words)
    per_unit = FACTORS["time"][unit]
    seconds = seconds_in(found, words, bare or unit)
    if seconds is None:
        return not_a_duration(found, words, bare or unit, per_unit)
    value = seconds / per_unit
    if not lo <= value <= hi:
        outside = out_of_bounds(value, lo, hi)
        return Unread(outside.reason, (half_up(value),), outside.bound)
    return Read(half_up(value), rough, guessed=":" in row_of(found))


def half_up(value: float) -> int:
    """Rounded to a whole number, halves up."""
    return math.floor(value + 0.5)


def not_a_duration(found: Sequence[Token], words: Words, bare: str, per_unit: float) -> Unread[int]:
    """Why the tokens are not one length of time."""
    amounts = amounts_in(found, words, kin_of("s"))
    if any(piece.unit not in (None, *kin_of("s")) for piece in amounts.pieces):
        return Unread("wrong_unit")
    if amounts.leftover or not amounts.pieces:
        return Unread("not_a_duration")
    last = next((piece.unit for piece in reversed(amounts.pieces) if piece.unit), bare)
    values = [piece.values[0] * FACTORS["time"][piece.unit or last] / per_unit for piece in amounts.pieces]
    candidates = tuple(half_up(value) for value in values[:2] if value > 0)
    if amounts.inexact:
        return Unread("inexact", candidates)
    return Unread("ambiguous" if amounts.ranged or len(candidates) < 2 else "two_values", candidates)


def seconds_in(found: Sequence[Token], words: Words, bare: str) -> float | None:
    """All the tokens as one length of time, in seconds; `bare` is the unit of a number without one."""
    total, last, named, at = 0.0, "", True, 0
    while at < len(found):
        part = _part(found, at, words, last, bare)
        if part is None:
            return None
        value, unit, at = part
        if last and unit is None:
            # "1h 30", but not "10 20".
            unit = SMALLER.get(last)
            if not named or unit is None or value >= IN_THE_LARGER[unit]:
                return None
        elif last and SMALLER.get(last) != unit and unit != "s":
            return None
        total, last, named = total + value * FACTORS["time"][unit or bare], unit or bare, unit is not None
    return total if last else None


def _part(found: Sequence[Token], at: int, words: Words, last: str, bare: str) -> tuple[float, str | None, int] | None:
    """One number with its unit, as (value, unit, end); after "an hour", "and a half" is half of that unit."""
    row, kin = row_of(found), kin_of("s")
    plus = phrasebook(words.numbers.plus).at(row, at) if last else 0
    halves = value_at(words.numbers.fractions, row, at + plus) if plus else None
    if halves and not time_unit_at(row, halves[1], words)[0] and last in FACTORS["time"]:
        return halves[0] * FACTORS["time"][last] / FACTORS["time"]["s"], "s", halves[1]
    at += plus
    colon = _colon(found, at, words, bare)
    if colon:
        return colon
    unit, end = time_unit_at(row, at + phrasebook(words.numbers.articles).at(row, at), words)
    if unit in kin and row[at] not in ("'", '"'):
        return 1.0, unit, end
    figure = figure_at(found, at, words)
    if figure is None or len(figure.values) > 1 or figure.doubtful:
        return None
    end = figure.end
    # "half an hour", "three quarters of an hour", "a couple of minutes"
    if figure.values[0] < 1 or not found[at].is_digits:
        end += phrasebook(words.lifts.of).at(row, end)
        end += phrasebook(words.numbers.articles).at(row, end)
    unit, end = time_unit_at(row, end, words)
    if unit is None and end != figure.end:
        return None
    return figure.values[0], unit, end


def time_unit_at(row: Sequence[str], at: int, words: Words) -> tuple[str | None, int]:
    """The unit of time named here, and where it ends."""
    unit, end = unit_at(row, at, words, kin_of("s"))
    return (unit, end) if unit in kin_of("s") else (None, at)


def _colon(found: Sequence[Token], at: int, words: Words, bare: str) -> tuple[float, str | None, int] | None:
    """ "1:30 h" is an hour and a half, "1:30 min" a minute and a half; else the bare unit decides."""
    clock = found[at : at + 3]
    if len(clock) < 3 or clock[1].text != ":" or not (clock[0].is_digits and clock[2].is_digits):
        return None
    if len(clock[0].text) > 3 or len(clock[2].text) != 2 or int(clock[2].text) > 59:
        return None
    unit, end = time_unit_at(row_of(found), at + 3, words)
    value = int(clock[0].text) + int(clock[2].text) / 60
    larger = {"s": "min", "min": "h"}.get(bare, "h")
    return (value, unit or larger, end) if unit != "s" else None
