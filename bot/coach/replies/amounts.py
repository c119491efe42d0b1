"""The amounts in a message: figures with their units, the ends of a range, "under 5"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.coach.phrasebook import phrasebook
from bot.coach.replies.figures import figure_at
from bot.coach.replies.units import IN_THE_LARGER, SMALLER, convert, unit_at
from bot.coach.tokens import Token, row_of
from bot.coach.words import Words


@dataclass(frozen=True, slots=True)
class Piece:
    """One amount: every way to read its number, and its unit."""

    values: tuple[float, ...]
    unit: str | None = None
    doubtful: bool = False


@dataclass(frozen=True, slots=True)
class Amounts:
    """The amounts in a text; whether they are ends of a range, bounds ("under 5"), and all there was."""

    pieces: tuple[Piece, ...]
    ranged: bool = False
    inexact: bool = False
    leftover: bool = False


def amounts_in(found: Sequence[Token], words: Words, kin: Sequence[str]) -> Amounts:
    """All amounts of a text; a unit is looked for among `kin` first."""
    row = row_of(found)
    ranges, comparisons = phrasebook(words.numbers.ranges), phrasebook(words.numbers.comparisons)
    starts, articles = phrasebook(words.numbers.range_starts), phrasebook(words.numbers.articles)
    pieces: list[Piece] = []
    ranged = inexact = leftover = False
    leading: str | None = None
    at = 0
    while at < len(found):
        minus = row[at] == "-" and not pieces and at + 1 < len(found) and found[at + 1].glued
        figure = figure_at(found, at + minus, words)
        if figure:
            between = figure.end + articles.at(row, figure.end)  # "half an hour"
            unit, at = unit_at(row, between, words, kin)
            at = at if unit else figure.end
            values = tuple(-value if minus else value for value in figure.values)
            pieces.append(Piece(values, unit or leading, figure.doubtful))
            leading = None
        elif not pieces and unit_at(row, at, words, kin)[0]:
            leading, at = unit_at(row, at, words, kin)
        elif comparisons.at(row, at):
            inexact, at = True, at + comparisons.at(row, at)
        elif pieces and ranges.at(row, at):
            ranged, at = True, at + ranges.at(row, at)
        elif row[at] == "," or starts.at(row, at) or articles.at(row, at):
            at += max(1, starts.at(row, at))
        else:
            leftover, at = True, at + 1
    return Amounts(tuple(_compounded(pieces, ranged)), ranged and len(pieces) > 1, inexact, leftover)


def _compounded(pieces: list[Piece], ranged: bool) -> list[Piece]:
    """ "5 ft 11" is one amount."""
    if len(pieces) != 2 or ranged:
        return pieces
    large, small = pieces
    below = SMALLER.get(large.unit or "")
    if below is None or small.unit not in (below, None) or small.values[0] >= IN_THE_LARGER[below]:
        return pieces
    unit = large.unit or ""
    return [Piece((large.values[0] + convert(small.values[0], below, unit),), unit)]
