"""Reads one number, with or without a unit, and a score on a scale."""

from __future__ import annotations

import math
from collections.abc import Sequence

from bot.coach.phrasebook import phrasebook
from bot.coach.replies.amounts import Piece, amounts_in
from bot.coach.replies.cleaning import clean
from bot.coach.replies.figures import digits_at, figure_at
from bot.coach.replies.outcomes import Amount, Read, Unread, out_of_bounds
from bot.coach.replies.units import convert, kin_of
from bot.coach.tokens import row_of
from bot.coach.words import Words


def number(
    text: str,
    words: Words,
    *,
    unit: str | None = None,
    bare: str | None = None,
    lo: float,
    hi: float,
    whole: bool = False,
) -> Read[float] | Unread[float]:
    """One number in `unit`, between lo and hi in that unit.

    `unit` is an id of `words.units` or a word; None means a plain count. `bare` is the unit of a number typed
    without one, by default `unit`. "1,234" is read whichever way lies between the limits.
    """
    found, rough = clean(text, words)
    amounts = amounts_in(found, words, kin_of(unit))
    values = [[_in_unit(value, piece.unit or bare or unit, unit) for value in piece.values] for piece in amounts.pieces]
    if not values:
        return Unread("not_a_number")
    if any(value is None for options in values for value in options):
        return Unread("wrong_unit")
    if amounts.ranged and not all(piece.unit for piece in amounts.pieces):
        values = _share_unit(amounts.pieces, bare, unit)
    options = [[value for value in each if value is not None] for each in values]
    firsts = tuple(each[0] for each in options[:2])
    if len(options) > 1:
        return Unread("ambiguous" if amounts.ranged and not amounts.leftover else "two_values", firsts)
    inside = [value for value in options[0] if lo <= value <= hi]
    if amounts.inexact:
        return Unread("inexact", tuple(inside[:1]))
    if amounts.leftover or amounts.pieces[0].doubtful or len(inside) > 1:
        return Unread("ambiguous", tuple(inside[:2]))
    if not inside:
        return out_of_bounds(options[0][0], lo, hi)
    if whole and not inside[0].is_integer():
        return Unread("not_whole", (float(math.floor(inside[0])), float(math.ceil(inside[0]))))
    typed = Amount(amounts.pieces[0].values[0], amounts.pieces[0].unit or bare or unit or "")
    return Read(inside[0], rough, len(options[0]) > 1, typed if unit and typed.unit != unit else None)


def _in_unit(value: float, typed: str | None, unit: str | None) -> float | None:
    if typed == unit or typed is None:
        return value
    if unit is None or typed not in kin_of(unit):
        return None
    return round(convert(value, typed, unit), 2)


def _share_unit(pieces: Sequence[Piece], bare: str | None, unit: str | None) -> list[list[float | None]]:
    """ "150-160 lb": the unit stands once and holds for both."""
    shared = next((piece.unit for piece in pieces if piece.unit), bare or unit)
    return [[_in_unit(value, piece.unit or shared, unit) for value in piece.values] for piece in pieces]


def scale(text: str, words: Words, *, lo: int = 0, hi: int = 10) -> Read[int] | Unread[int]:
    """A whole number on a scale from lo to hi: "7", "seven", "7/10". "4/5" of a scale to 10 is offered."""
    found, rough = clean(text, words)
    row = row_of(found)
    score = digits_at(found, 0) if found and found[0].is_digits else figure_at(found, 0, words)
    of = score.end + phrasebook(words.numbers.out_of).at(row, score.end) if score else 0
    if score and of > score.end:
        top = figure_at(found, of, words)
        if top and top.end == len(found) and top.values[0] > 0:
            return _on_scale(score.values[0], top.values[0], lo, hi, rough)
    result = number(text, words, lo=lo, hi=hi, whole=True)
    if isinstance(result, Read):
        return Read(int(result.value), result.rough)
    candidates = tuple(int(value) for value in result.candidates)
    if result.reason == "ambiguous" and len(candidates) == 1 and any(token.is_digits for token in found):
        said_no = phrasebook(words.negators).found_in(row)
        if not said_no:  # one score with words around it: "8 I reckon", "a 6, with the kids"
            return Read(candidates[0], rough=True)
    return Unread(result.reason, candidates, result.bound)


def _on_scale(score: float, top: float, lo: int, hi: int, rough: bool) -> Read[int] | Unread[int]:
    if top != hi:
        scaled = round(score / top * hi)
        return Unread("ambiguous", tuple(sorted({value for value in (int(score), scaled) if lo <= value <= hi})))
    if not lo <= score <= hi:
        outside = out_of_bounds(score, lo, hi)
        return Unread(outside.reason, (int(score),), outside.bound)
    if not score.is_integer():
        return Unread("not_whole", (math.floor(score), math.ceil(score)))
    return Read(int(score), rough)
