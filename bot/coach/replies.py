"""What people type, read as the value that was asked for: one reader for each kind of question.

A reader knows what was asked, so "7" is a time, a count or hours of sleep without guessing what the person is
talking about. It returns `Read` with the value, or `Unread` with a reason that content has a sentence for.
Readers never raise on a text, and their time is bounded by its length.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Generic, Literal, NamedTuple, TypeVar

from bot.coach.bloodwork import (
    Glucose,
    GlucoseUnit,
    Insulin,
    InsulinUnit,
    Plausibility,
    glucose_plausibility,
    insulin_plausibility,
)
from bot.coach.words import Activity, Phrasebook, Token, Words, normalise, phrasebook, tokens

__all__ = [
    "Amount",
    "ColdEntry",
    "Entry",
    "Night",
    "NightEntry",
    "Read",
    "Reason",
    "Set",
    "Unread",
    "WalkEntry",
    "choice",
    "clock_to_offset",
    "duration",
    "entry_in_words",
    "glucose",
    "insulin",
    "is_back",
    "is_not_sure",
    "is_skip",
    "is_stop",
    "night",
    "normalise",
    "number",
    "scale",
    "sets",
    "several",
    "time_of_day",
    "weekdays",
    "yes_no",
]

Reason = Literal[
    "not_a_number",
    "not_whole",
    "below",
    "above",
    "ambiguous",
    "inexact",
    "two_values",
    "wrong_unit",
    "not_a_time",
    "not_a_duration",
    "not_a_night",
    "not_a_day",
    "not_sets",
    "not_yes_or_no",
    "no_match",
    "did_you_mean",
    "negated",
    "implausible",
]
Hint = Literal["morning", "noon", "evening", "none"]
YesNo = Literal["yes", "no", "not_sure"]
Side = Literal["below", "above"]

T = TypeVar("T")


class Amount(NamedTuple):
    """A number and the unit it was typed in."""

    value: float
    unit: str


@dataclass(frozen=True, slots=True)
class Read(Generic[T]):
    """What a reply means. Where `guessed`, something unsaid was assumed: say the value back."""

    value: T
    rough: bool = False
    """The person said "about"."""
    guessed: bool = False
    typed: Amount | None = None
    """What was typed, where the unit was converted."""


@dataclass(frozen=True, slots=True)
class Unread(Generic[T]):
    """Why a reply cannot be taken, and the values it may have meant, at most two, to offer as buttons."""

    reason: Reason
    candidates: tuple[T, ...] = ()
    bound: float | None = None
    """The limit that was passed, in the unit asked for; with "below" and "above"."""


# --- cleaning: what is left is the answer

_KEPT = frozenset("-/@*×+&#'\"°%~≈<>≤≥=⁄|;µ")
_MOST_TOKENS = 60  # no answer to a question of these kinds is longer; it bounds what tries every split
_SAFE_DIGITS = 9


def _row(found: Iterable[Token]) -> tuple[str, ...]:
    return tuple(token.text for token in found)


def _clean(text: str, words: Words) -> tuple[list[Token], bool]:
    """The tokens without noise, fillers and hedges; and whether there was a hedge."""
    found = list(_without_noise(list(tokens(text))))
    row = _row(found)
    hedges, fillers = phrasebook(words.hedges), phrasebook(words.fillers)
    kept: list[Token] = []
    rough, at = "?" in text, 0
    while at < len(found):
        hedge = hedges.at(row, at)
        rough = rough or hedge > 0
        skipped = hedge or fillers.at(row, at)
        if not skipped:
            kept.append(_without_ending(found[at], words))
            rough = rough or kept[-1] != found[at]
        at += skipped or 1
    while kept and kept[0].text == ",":
        kept.pop(0)
    while kept and kept[-1].text == ",":
        kept.pop()
    return kept[:_MOST_TOKENS], rough


def _without_noise(found: list[Token]) -> Iterator[Token]:
    dropped = False
    for at, token in enumerate(found):
        after = found[at + 1] if at + 1 < len(found) else Token(" ")
        between = at > 0 and found[at - 1].is_digits and after.is_digits
        if token.text in ".:":
            keep = between and (token.text == ":" or (token.glued and after.glued))
        else:
            keep = token.text[0].isalnum() or token.text == "," or token.text in _KEPT
        if keep:
            yield replace(token, glued=False) if dropped else token
        dropped = not keep


def _without_ending(token: Token, words: Words) -> Token:
    """ "sevenish" is seven."""
    for ending in words.hedge_endings:
        stem = token.text.removesuffix(ending)
        if stem != token.text and (stem,) in phrasebook(tuple(words.numbers.words)):
            return Token(stem, token.glued)
    return token


@lru_cache(maxsize=64)
def _keys(keys: tuple[str, ...]) -> dict[tuple[str, ...], str]:
    return {form: key for key in keys for form in phrasebook((key,)).forms}


def _named(table: Mapping[str, T], row: Sequence[str], at: int) -> tuple[T, int] | None:
    """The value named at this place by the longest of the table's phrases, and where it ends."""
    length = phrasebook(tuple(table)).at(row, at)
    if not length:
        return None
    return table[_keys(tuple(table))[tuple(row[at : at + length])]], at + length


# --- numbers


class _Figure(NamedTuple):
    """A number as typed, with every way to read it ("1,234"), and where it ends."""

    values: tuple[float, ...]
    end: int
    doubtful: bool = False


@dataclass(frozen=True, slots=True)
class _Piece:
    values: tuple[float, ...]
    unit: str | None = None
    doubtful: bool = False


def _figure(found: Sequence[Token], at: int, words: Words) -> _Figure | None:
    if at >= len(found):
        return None
    row = _row(found)
    fraction = _named(words.numbers.fractions, row, at)
    if fraction:
        value, end = fraction
        return _Figure(*_dozens(value, row, end, words))
    figure = _digits(found, at) if found[at].is_digits else _spelled(row, at, words)
    if figure is None or len(figure.values) > 1:
        return figure
    value, end = _with_fraction(figure.values[0], row, figure.end, words)
    return _Figure((value,), end, figure.doubtful)


def _dozens(value: float, row: Sequence[str], at: int, words: Words) -> tuple[tuple[float, ...], int]:
    """ "half a dozen"."""
    after = at + phrasebook(words.numbers.articles).at(row, at)
    multiplier = _named(words.numbers.multipliers, row, after)
    return ((value * multiplier[0],), multiplier[1]) if multiplier else ((value,), at)


def _with_fraction(value: float, row: Sequence[str], at: int, words: Words) -> tuple[float, int]:
    """ "7 1/2", "seven and a half", "two dozen", "seven point five"."""
    multiplier = _named(words.numbers.multipliers, row, at)
    if multiplier:
        value, at = value * multiplier[0], multiplier[1]
    plus = at + phrasebook(words.numbers.plus).at(row, at)
    fraction = _named(words.numbers.fractions, row, plus)
    if fraction and float(value).is_integer():
        return value + fraction[0], fraction[1]
    point = phrasebook(words.numbers.point).at(row, at)
    digit = _named(words.numbers.words, row, at + point) if point else None
    if digit and digit[0] < 10:
        return value + digit[0] / 10, digit[1]
    return value, at


def _digits(found: Sequence[Token], at: int) -> _Figure | None:
    """Digits with their decimal or thousands mark: "7", "7,5", "1,234", "1.234,5"."""
    parts, marks, end = [found[at].text], [], at + 1
    while end + 1 < len(found) and _continues(found, end):
        marks.append(found[end].text)
        parts.append(found[end + 1].text)
        end += 2
    if any(len(part) > _SAFE_DIGITS for part in parts):
        return None
    if not marks:
        return _Figure((float(parts[0]),), end)
    whole, groups = parts[0], parts[1:]
    thousands = len(whole) <= 3 and whole != "0" and all(len(group) == 3 for group in groups)
    if len(marks) == 1:
        decimal = float(f"{whole}.{groups[0]}")
        if not thousands:
            return _Figure((decimal,), end)
        joined = float(whole + groups[0])
        return _Figure((joined,) if groups[0] == "000" else (joined, decimal), end)
    if len(set(marks)) == 1 and thousands:
        return _Figure((float("".join(parts)),), end)
    if len(set(marks)) == 2 and len(set(marks[:-1])) == 1 and all(len(group) == 3 for group in groups[:-1]):
        return _Figure((float("".join(parts[:-1]) + "." + parts[-1]),), end, doubtful=True)
    return _Figure((float(whole),), at + 1)


def _continues(found: Sequence[Token], mark: int) -> bool:
    return (
        found[mark].text in ".," and found[mark].glued and found[mark + 1].is_digits and found[mark + 1].glued
    )


def _spelled(row: Sequence[str], at: int, words: Words) -> _Figure | None:
    """A number in words below a thousand: "sixty five", "a hundred and ten"."""
    small = _below_hundred(row, at, words)
    if small is None:
        article = at + phrasebook(words.numbers.articles).at(row, at)
        multiplier = _named(words.numbers.multipliers, row, article)
        if multiplier is None:
            return None
        small = (1.0, article)
    value, end = small
    multiplier = _named(words.numbers.multipliers, row, end)
    if multiplier is None:
        return _Figure((value,), end)
    value, end = value * multiplier[0], multiplier[1]
    rest = _below_hundred(row, end + phrasebook(words.numbers.plus).at(row, end), words)
    if multiplier[0] >= 100 and rest:
        return _Figure((value + rest[0],), rest[1])
    return _Figure((value,), end)


def _below_hundred(row: Sequence[str], at: int, words: Words) -> tuple[float, int] | None:
    first = _named(words.numbers.words, row, at)
    if first is None:
        return None
    value, end = float(first[0]), first[1]
    hyphen = end < len(row) and row[end] == "-"
    ones = _named(words.numbers.words, row, end + hyphen)
    if ones and 20 <= value < 100 and value % 10 == 0 and 0 < ones[0] < 10:
        return value + ones[0], ones[1]
    return value, end


# --- units

_FACTORS: dict[str, dict[str, float]] = {
    "mass": {"kg": 1.0, "lb": 0.45359237, "st": 6.35029318, "g": 0.001},
    "time": {"h": 3600.0, "min": 60.0, "s": 1.0},
    "length": {"m": 1.0, "cm": 0.01, "ft": 0.3048, "in": 0.0254},
    "distance": {"km": 1.0, "mi": 1.609344},
    "temperature": {"c": 1.0, "f": 5 / 9},
}
_SMALLER = {"h": "min", "min": "s", "ft": "in", "m": "cm", "st": "lb"}  # "1h30", "5 ft 11"
_IN_THE_LARGER = {"min": 60, "s": 60, "in": 12, "cm": 100, "lb": 14}


def _kin(unit: str | None) -> tuple[str, ...]:
    """The units that convert to this one, itself among them."""
    if unit is None:
        return ()
    return next((tuple(kin) for kin in _FACTORS.values() if unit in kin), (unit,))


def _convert(value: float, unit: str, to: str) -> float:
    if unit == to:
        return value
    if unit == "f":
        return (value - 32) * 5 / 9
    if unit == "c":
        return value * 9 / 5 + 32
    factors = next(kin for kin in _FACTORS.values() if unit in kin)
    return value * factors[unit] / factors[to]


def _unit_at(row: Sequence[str], at: int, words: Words, kin: Sequence[str]) -> tuple[str | None, int]:
    """The unit named here, one of `kin` first; and where it ends."""
    for group in (kin, tuple(words.units)):
        lengths = {unit: phrasebook(words.units.get(unit) or (unit,)).at(row, at) for unit in group}
        longest = max(lengths, key=lambda unit: lengths[unit], default=None)
        if longest is not None and lengths[longest]:
            return longest, at + lengths[longest]
    return None, at


@dataclass(frozen=True, slots=True)
class _Amounts:
    """The amounts in a text; whether they are ends of a range, bounds ("under 5"), and all there was."""

    pieces: tuple[_Piece, ...]
    ranged: bool = False
    inexact: bool = False
    leftover: bool = False


def _amounts(found: Sequence[Token], words: Words, kin: Sequence[str]) -> _Amounts:
    row = _row(found)
    ranges, comparisons = phrasebook(words.numbers.ranges), phrasebook(words.numbers.comparisons)
    starts, articles = phrasebook(words.numbers.range_starts), phrasebook(words.numbers.articles)
    pieces: list[_Piece] = []
    ranged = inexact = leftover = False
    leading: str | None = None
    at = 0
    while at < len(found):
        minus = row[at] == "-" and not pieces and at + 1 < len(found) and found[at + 1].glued
        figure = _figure(found, at + minus, words)
        if figure:
            between = figure.end + articles.at(row, figure.end)  # "half an hour"
            unit, at = _unit_at(row, between, words, kin)
            at = at if unit else figure.end
            values = tuple(-value if minus else value for value in figure.values)
            pieces.append(_Piece(values, unit or leading, figure.doubtful))
            leading = None
        elif not pieces and _unit_at(row, at, words, kin)[0]:
            leading, at = _unit_at(row, at, words, kin)
        elif comparisons.at(row, at):
            inexact, at = True, at + comparisons.at(row, at)
        elif pieces and ranges.at(row, at):
            ranged, at = True, at + ranges.at(row, at)
        elif row[at] == "," or starts.at(row, at) or articles.at(row, at):
            at += max(1, starts.at(row, at))
        else:
            leftover, at = True, at + 1
    return _Amounts(tuple(_compounded(pieces, ranged)), ranged and len(pieces) > 1, inexact, leftover)


def _compounded(pieces: list[_Piece], ranged: bool) -> list[_Piece]:
    """ "5 ft 11" is one amount."""
    if len(pieces) != 2 or ranged:
        return pieces
    large, small = pieces
    below = _SMALLER.get(large.unit or "")
    if below is None or small.unit not in (below, None) or small.values[0] >= _IN_THE_LARGER[below]:
        return pieces
    unit = large.unit or ""
    return [_Piece((large.values[0] + _convert(small.values[0], below, unit),), unit)]


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
    found, rough = _clean(text, words)
    amounts = _amounts(found, words, _kin(unit))
    values = [
        [_in_unit(value, piece.unit or bare or unit, unit) for value in piece.values]
        for piece in amounts.pieces
    ]
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
        return _outside(options[0][0], lo, hi)
    if whole and not inside[0].is_integer():
        return Unread("not_whole", (float(math.floor(inside[0])), float(math.ceil(inside[0]))))
    typed = Amount(amounts.pieces[0].values[0], amounts.pieces[0].unit or bare or unit or "")
    return Read(inside[0], rough, len(options[0]) > 1, typed if unit and typed.unit != unit else None)


def _in_unit(value: float, typed: str | None, unit: str | None) -> float | None:
    if typed == unit or typed is None:
        return value
    if unit is None or typed not in _kin(unit):
        return None
    return round(_convert(value, typed, unit), 2)


def _share_unit(pieces: Sequence[_Piece], bare: str | None, unit: str | None) -> list[list[float | None]]:
    """ "150-160 lb": the unit stands once and holds for both."""
    shared = next((piece.unit for piece in pieces if piece.unit), bare or unit)
    return [[_in_unit(value, piece.unit or shared, unit) for value in piece.values] for piece in pieces]


def _outside(value: float, lo: float, hi: float) -> Unread[float]:
    return Unread("below", (value,), lo) if value < lo else Unread("above", (value,), hi)


def scale(text: str, words: Words, *, lo: int = 0, hi: int = 10) -> Read[int] | Unread[int]:
    """A whole number on a scale from lo to hi: "7", "seven", "7/10". "4/5" of a scale to 10 is offered."""
    found, rough = _clean(text, words)
    row = _row(found)
    score = _digits(found, 0) if found and found[0].is_digits else _figure(found, 0, words)
    of = score.end + phrasebook(words.numbers.out_of).at(row, score.end) if score else 0
    if score and of > score.end:
        top = _figure(found, of, words)
        if top and top.end == len(found) and top.values[0] > 0:
            return _on_scale(score.values[0], top.values[0], lo, hi, rough)
    result = number(text, words, lo=lo, hi=hi, whole=True)
    if isinstance(result, Read):
        return Read(int(result.value), result.rough)
    return Unread(result.reason, tuple(int(value) for value in result.candidates), result.bound)


def _on_scale(score: float, top: float, lo: int, hi: int, rough: bool) -> Read[int] | Unread[int]:
    if top != hi:
        scaled = round(score / top * hi)
        return Unread(
            "ambiguous", tuple(sorted({value for value in (int(score), scaled) if lo <= value <= hi}))
        )
    if not lo <= score <= hi:
        outside = _outside(score, lo, hi)
        return Unread(outside.reason, (int(score),), outside.bound)
    if not score.is_integer():
        return Unread("not_whole", (math.floor(score), math.ceil(score)))
    return Read(int(score), rough)


# --- times of day

# Where the twelve hours begin that a bare "7" may mean. A person's day starts at 04:00: evenings end there.
_HALVES: dict[str, int] = {"morning": 1, "noon": 7, "evening": 16}


def time_of_day(text: str, words: Words, *, hint: Hint | None = None) -> Read[dt.time] | Unread[dt.time]:
    """A local time of day, without a zone. A bare "7" needs the hint; without one both times are offered."""
    found, rough = _clean(text, words)
    times = _times(found, words)
    if times is None:
        ends = [_times(part, words) for part in _split_once(found, words)]
        if len(ends) == 2 and all(ends):
            return Unread("ambiguous", tuple(_hinted(end, hint)[0] for end in ends if end))
        several = _times_anywhere(found, words)
        return Unread("two_values" if several > 1 else "not_a_time")
    if len(times) == 1:
        return Read(times[0], rough, guessed=_is_day_part(found, words))
    meant = _hinted(times, hint)
    return Read(meant[0], rough, guessed=True) if len(meant) == 1 else Unread("ambiguous", meant)


def _hinted(times: tuple[dt.time, ...], hint: Hint | None) -> tuple[dt.time, ...]:
    start = _HALVES.get(hint or "none")
    if start is None or len(times) == 1:
        return times
    return tuple(time for time in times if (time.hour - start) % 24 < 12)


def _split_once(found: Sequence[Token], words: Words) -> list[list[Token]]:
    """ "between 7 and 8" as its two ends."""
    row, ranges = _row(found), phrasebook(words.numbers.ranges)
    cut = next((at for at in range(1, len(row)) if ranges.at(row, at)), None)
    if cut is None:
        return [list(found)]
    return [
        list(found[phrasebook(words.numbers.range_starts).at(row, 0) : cut]),
        list(found[cut + ranges.at(row, cut) :]),
    ]


def _times_anywhere(found: Sequence[Token], words: Words) -> int:
    """How many numbers there are, to tell "7 and 9" from no time at all."""
    at = count = 0
    while at < len(found):
        figure = _figure(found, at, words)
        # "25:00" is one time, though none there is.
        minutes = at > 0 and found[at - 1].text == ":"
        count += figure is not None and not minutes
        at = figure.end if figure else at + 1
    return count


def _is_day_part(found: Sequence[Token], words: Words) -> bool:
    return any(_row(found) in phrasebook(part.words) for part in words.times.day_parts)


def _times(found: Sequence[Token], words: Words) -> tuple[dt.time, ...] | None:
    """The times these tokens can mean: one, two twelve hours apart, or None."""
    row = _row(found)
    moment = _named(words.times.moments, row, 0)
    if moment and moment[1] == len(row):
        return (moment[0],)
    for part in words.times.day_parts:
        for start, end in phrasebook(part.words).spans(row):
            rest = [*found[:start], *found[end:]]
            if not rest:
                return (part.at,)
            times = _clock_times(rest, words) or ()
            return tuple(time for time in times if part.holds(time)) or None
    return _clock_times(found, words)


def _clock_times(found: Sequence[Token], words: Words) -> tuple[dt.time, ...] | None:
    row = _row(found)
    for half, book in (("am", phrasebook(words.times.am)), ("pm", phrasebook(words.times.pm))):
        length = book.ending(row, len(row))
        if 0 < length < len(row):
            clock = _clock(found[: len(found) - length], words)
            return None if clock is None else _of_half(clock, half)
    clock = _clock(found, words)
    if clock is None:
        return None
    hour, minute, exact = clock
    if exact or hour == 0 or hour > 12:
        return (dt.time(hour % 24, minute),)
    early = dt.time(hour % 12, minute)
    return (early, early.replace(hour=early.hour + 12))


def _of_half(clock: tuple[int, int, bool], half: str) -> tuple[dt.time, ...] | None:
    hour, minute, _ = clock
    if (hour == 0 and half == "pm") or (hour > 12 and half == "am"):
        return None
    if hour <= 12:
        hour = hour % 12 + (12 if half == "pm" else 0)
    return (dt.time(hour % 24, minute),)


def _clock(found: Sequence[Token], words: Words) -> tuple[int, int, bool] | None:
    """(hour 0-24, minute, whether it can only be the 24-hour clock)."""
    read = _beside_an_hour(found, words) or _hour_and_minute(found, words)
    if read is None:
        return None
    hour, minute, exact = read
    return (
        read if 0 <= hour < 24 and 0 <= minute < 60 else (0, 0, exact) if (hour, minute) == (24, 0) else None
    )


def _beside_an_hour(found: Sequence[Token], words: Words) -> tuple[int, int, bool] | None:
    """ "half past seven", "quarter to 8", "ten past 7", "half seven"."""
    row = _row(found)
    named = _named(words.times.minutes, row, 0)
    figure = None if named else _figure(found, 0, words)
    if named:
        minutes, end = float(named[0]), named[1]
    elif figure:
        minutes, end = figure.values[0], figure.end
    else:
        return None
    unit, after_unit = _unit_at(row, end, words, ("min",))
    end = after_unit if unit == "min" else end
    past, to = phrasebook(words.times.past).at(row, end), phrasebook(words.times.to).at(row, end)
    if not (past or to):
        # "half seven" is half past in English; nothing else goes without past or to.
        past = 0 if minutes == 30 and named else -1
    hour = _bare_hour(found[end + max(past, to, 0) :], words)
    if hour is None or (past < 0 and not to) or (minutes % 5 and unit != "min") or not 0 < minutes < 60:
        return None
    return (
        ((hour - 1) % 24 if hour != 1 else 12, 60 - int(minutes), False)
        if to
        else (hour, int(minutes), False)
    )


def _bare_hour(found: Sequence[Token], words: Words) -> int | None:
    clock = _hour_and_minute(found, words)
    return clock[0] if clock and clock[1] == 0 and 0 < clock[0] < 24 else None


def _hour_and_minute(found: Sequence[Token], words: Words) -> tuple[int, int, bool] | None:
    row = _row(found)
    if not found:
        return None
    if found[0].is_digits:
        return _in_digits(found, row, words)
    hour = _below_hundred(row, 0, words)
    if hour is None:
        return None
    value, end = hour
    end += phrasebook(words.times.hour_marks).at(row, end)
    if end == len(row):
        return int(value), 0, False
    minute = _below_hundred(row, end, words)
    if minute is None or minute[1] != len(row) or minute[0] < 10:
        return None
    return int(value), int(minute[0]), False


def _in_digits(found: Sequence[Token], row: Sequence[str], words: Words) -> tuple[int, int, bool] | None:
    """ "7", "7:30", "7.30", "0730", "19h30", "7 30"."""
    first = found[0].text
    if len(first) > 4:
        return None
    if len(first) > 2:
        whole = len(row) == 1 or phrasebook(words.times.hour_marks).at(row, 1) == len(row) - 1
        return (int(first[:-2]), int(first[-2:]), first[0] == "0") if whole else None
    hour, exact, end = int(first), len(first) == 2 and first[0] == "0", 1
    mark = phrasebook(words.times.hour_marks).at(row, 1)
    end += 1 if len(row) > 1 and row[1] in (":", ".", ",") else mark
    if end == len(row):
        # "7." never gets here; "7h" and "7 o'clock" do.
        return hour, 0, exact
    minute = found[end]
    if end + 1 != len(row) or not minute.is_digits or len(minute.text) != 2:
        return None
    return hour, int(minute.text), exact


def clock_to_offset(text: str, words: Words, now: dt.datetime) -> Read[int] | Unread[int]:
    """Minutes east of UTC at which a clock shows this time now, a multiple of 15. `now` is aware.

    "7:30" fits two offsets, and 13 hours ahead is 11 behind on the day before: then up to three are offered.
    """
    read = time_of_day(text, words)
    times: tuple[dt.time, ...]
    if isinstance(read, Read):
        times = () if read.guessed else (read.value,)
    else:
        times = read.candidates if read.reason == "ambiguous" else ()
    utc = now.astimezone(dt.UTC)
    offsets = {offset for time in times for offset in _offsets(time, utc)}
    if not offsets:
        return Unread("not_a_time")
    if len(offsets) == 1:
        return Read(offsets.pop(), rough=isinstance(read, Read) and read.rough)
    return Unread("ambiguous", tuple(sorted(offsets, key=lambda offset: (abs(offset) > 600, -offset))))


_WEST, _EAST = -660, 840  # nobody lives at UTC-12
# Offsets in use that are not whole hours.
_ODD_OFFSETS = frozenset({-570, -210, -150, 210, 270, 330, 345, 390, 525, 570, 630, 765, 825})


def _offsets(time: dt.time, utc: dt.datetime) -> Iterator[int]:
    shown = time.hour * 60 + time.minute
    for days in (-1440, 0, 1440):
        rounded = round((shown + days - utc.hour * 60 - utc.minute - utc.second / 60) / 15) * 15
        near = [
            near for near in (rounded, rounded - 15, rounded + 15) if near % 60 == 0 or near in _ODD_OFFSETS
        ]
        if near and _WEST <= near[0] <= _EAST:
            yield near[0]


# --- lengths of time


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
    found, rough = _clean(text, words)
    per_unit = _FACTORS["time"][unit]
    seconds = _seconds(found, words, bare or unit)
    if seconds is None:
        return _not_a_duration(found, words, bare or unit, per_unit)
    value = seconds / per_unit
    if not lo <= value <= hi:
        outside = _outside(value, lo, hi)
        return Unread(outside.reason, (_half_up(value),), outside.bound)
    return Read(_half_up(value), rough, guessed=":" in _row(found))


def _half_up(value: float) -> int:
    return math.floor(value + 0.5)


def _not_a_duration(found: Sequence[Token], words: Words, bare: str, per_unit: float) -> Unread[int]:
    amounts = _amounts(found, words, _kin("s"))
    if any(piece.unit not in (None, *_kin("s")) for piece in amounts.pieces):
        return Unread("wrong_unit")
    if amounts.leftover or not amounts.pieces:
        return Unread("not_a_duration")
    last = next((piece.unit for piece in reversed(amounts.pieces) if piece.unit), bare)
    values = [piece.values[0] * _FACTORS["time"][piece.unit or last] / per_unit for piece in amounts.pieces]
    candidates = tuple(_half_up(value) for value in values[:2] if value > 0)
    if amounts.inexact:
        return Unread("inexact", candidates)
    return Unread("ambiguous" if amounts.ranged or len(candidates) < 2 else "two_values", candidates)


def _seconds(found: Sequence[Token], words: Words, bare: str) -> float | None:
    """All the tokens as one length of time, in seconds; `bare` is the unit of a number without one."""
    total, last, named, at = 0.0, "", True, 0
    while at < len(found):
        part = _part(found, at, words, last, bare)
        if part is None:
            return None
        value, unit, at = part
        if last and unit is None:
            # "1h 30", but not "10 20".
            unit = _SMALLER.get(last)
            if not named or unit is None or value >= _IN_THE_LARGER[unit]:
                return None
        elif last and _SMALLER.get(last) != unit and unit != "s":
            return None
        total, last, named = total + value * _FACTORS["time"][unit or bare], unit or bare, unit is not None
    return total if last else None


def _part(
    found: Sequence[Token], at: int, words: Words, last: str, bare: str
) -> tuple[float, str | None, int] | None:
    """One number with its unit, as (value, unit, end); after "an hour", "and a half" is half of that unit."""
    row, kin = _row(found), _kin("s")
    plus = phrasebook(words.numbers.plus).at(row, at) if last else 0
    halves = _named(words.numbers.fractions, row, at + plus) if plus else None
    if halves and not _time_unit(row, halves[1], words)[0] and last in _FACTORS["time"]:
        return halves[0] * _FACTORS["time"][last] / _FACTORS["time"]["s"], "s", halves[1]
    at += plus
    colon = _colon(found, at, words, bare)
    if colon:
        return colon
    unit, end = _time_unit(row, at + phrasebook(words.numbers.articles).at(row, at), words)
    if unit in kin and row[at] not in ("'", '"'):
        return 1.0, unit, end
    figure = _figure(found, at, words)
    if figure is None or len(figure.values) > 1 or figure.doubtful:
        return None
    end = figure.end
    # "half an hour", "three quarters of an hour", "a couple of minutes"
    if figure.values[0] < 1 or not found[at].is_digits:
        end += phrasebook(words.lifts.of).at(row, end)
        end += phrasebook(words.numbers.articles).at(row, end)
    unit, end = _time_unit(row, end, words)
    if unit is None and end != figure.end:
        return None
    return figure.values[0], unit, end


def _time_unit(row: Sequence[str], at: int, words: Words) -> tuple[str | None, int]:
    unit, end = _unit_at(row, at, words, _kin("s"))
    return (unit, end) if unit in _kin("s") else (None, at)


def _colon(found: Sequence[Token], at: int, words: Words, bare: str) -> tuple[float, str | None, int] | None:
    """ "1:30 h" is an hour and a half, "1:30 min" a minute and a half; else the bare unit decides."""
    clock = found[at : at + 3]
    if len(clock) < 3 or clock[1].text != ":" or not (clock[0].is_digits and clock[2].is_digits):
        return None
    if len(clock[0].text) > 3 or len(clock[2].text) != 2 or int(clock[2].text) > 59:
        return None
    unit, end = _time_unit(_row(found), at + 3, words)
    value = int(clock[0].text) + int(clock[2].text) / 60
    larger = {"s": "min", "min": "h"}.get(bare, "h")
    return (value, unit or larger, end) if unit != "s" else None


@dataclass(frozen=True, slots=True)
class Night:
    """A night: minutes asleep, and when it began and ended if that was said (local times)."""

    minutes: int
    bed: dt.time | None = None
    up: dt.time | None = None


_SHORTEST_NIGHT, _USUAL_NIGHT, _LONG_NIGHT, _LONGEST_NIGHT = 60, 8 * 60, 12 * 60, 16 * 60  # minutes


def night(text: str, words: Words) -> Read[Night] | Unread[Night]:
    """A night as bedtime and waking ("23:00-6:45") or as hours slept ("7h"), 1 to 16 hours, by the clock."""
    found, rough = _clean(text, words)
    seconds = _seconds(found, words, "h")
    marked = any(_time_unit(_row(found), at, words)[0] for at in range(len(found)))
    if seconds is not None:
        minutes = _half_up(seconds / 60)
        if _SHORTEST_NIGHT <= minutes <= _LONGEST_NIGHT:
            return Read(Night(minutes), rough, guessed=not marked)
        below = minutes < _SHORTEST_NIGHT
        bound = (_SHORTEST_NIGHT if below else _LONGEST_NIGHT) / 60
        # A bare "23" is more likely half of an answer than 23 hours.
        return Unread("below" if below else "above", bound=bound) if marked else Unread("not_a_night")
    hours = _not_a_duration(found, words, "h", 60)
    if marked and hours.reason == "ambiguous":
        return Unread("ambiguous", tuple(Night(minutes) for minutes in hours.candidates))
    best = min(_nights(found, words), key=lambda option: option[0], default=None)
    if best is None:
        return Unread("not_a_night")
    _, meant, guessed = best
    if guessed and meant.minutes > _LONG_NIGHT and hours.candidates:
        # "6-7": hours, or a very early bedtime?
        return Unread("ambiguous", tuple(Night(minutes) for minutes in hours.candidates))
    return Read(meant, rough, guessed)


def _nights(found: Sequence[Token], words: Words) -> Iterator[tuple[tuple[int, int, int], Night, bool]]:
    """Every way to read two times, as (how unlikely, night, whether a half of the day was guessed)."""
    row = _row(found)
    ranges, marks = phrasebook(words.numbers.ranges), phrasebook(words.times.sleep_marks)
    for at in range(1, len(found)):
        length = ranges.at(row, at)
        first = _without(found[:at], marks)
        second = _without(found[at + length :], marks)
        beds, ups = _times(first, words), _times(second, words)
        if not beds or not ups:
            continue
        # Two numbers side by side are a night where a word, a clock or "pm" says so: "11pm 7am", not "7 30".
        marked = len(first) + len(second) < len(found) or not {":", "."}.isdisjoint(_row(first))
        if not (length or marked or len(beds) + len(ups) == 2):
            continue
        for bed in beds:
            for up in ups:
                minutes = (up.hour * 60 + up.minute - bed.hour * 60 - bed.minute) % 1440
                if _SHORTEST_NIGHT <= minutes <= _LONGEST_NIGHT:
                    unusual = (bed not in _hinted(beds, "evening")) + (up not in _hinted(ups, "morning"))
                    guessed = len(beds) + len(ups) > 2
                    yield (
                        (length == 0, unusual, abs(minutes - _USUAL_NIGHT)),
                        Night(minutes, bed, up),
                        guessed,
                    )


def _without(found: Sequence[Token], book: Phrasebook) -> list[Token]:
    row = _row(found)
    dropped = {at for start, end in book.spans(row) for at in range(start, end)}
    return [token for at, token in enumerate(found) if at not in dropped]


# --- yes, no and the words that stand for a button


def _answers(text: str, words: Words, phrases: tuple[str, ...]) -> bool:
    """Whether the whole message, fillers aside, says one of the phrases."""
    row = _spoken(text)
    book = phrasebook(phrases)
    if row in book or _squeeze_long(row) in book:
        return True
    fillers = phrasebook(words.fillers)
    rest = _rest(row, fillers)
    return bool(rest) and rest in book


def _spoken(text: str) -> tuple[str, ...]:
    """The words and numbers of a message; its signs and emoji only where there are no words."""
    found = _row(tokens(text))
    return tuple(word for word in found if word[0].isalnum()) or found


def _squeeze_long(row: Sequence[str]) -> tuple[str, ...]:
    """ "nooo" is "no": a letter stands three times in no word."""
    return tuple(re.sub(r"(.)\1{2,}", r"\1", word) for word in row)


def _rest(row: Sequence[str], fillers: Phrasebook) -> tuple[str, ...]:
    dropped = {at for start, end in fillers.spans(row) for at in range(start, end)}
    return tuple(word for at, word in enumerate(row) if at not in dropped)


def yes_no(text: str, words: Words) -> Read[YesNo] | Unread[YesNo]:
    """Yes, no or not sure, when the message says nothing else; "yes, but …" is offered and not taken."""
    if _answers(text, words, words.not_sure):
        return Read("not_sure")
    row = _squeeze_long(_spoken(text))
    lists: dict[YesNo, tuple[str, ...]] = {"no": words.no, "yes": words.yes}
    covered = {answer: _said(row, phrasebook(phrases), words) for answer, phrases in lists.items()}
    whole = [answer for answer, (_, rest) in covered.items() if not rest]
    said = [answer for answer, (count, _) in covered.items() if count]
    if len(whole) == 1 and (len(said) == 1 or (whole[0] == "no" and row in phrasebook(words.no))):
        return Read(whole[0])
    if len(said) == 1:
        return Unread("did_you_mean", (said[0],))
    return Unread("not_yes_or_no")


def _said(row: tuple[str, ...], book: Phrasebook, words: Words) -> tuple[int, tuple[str, ...]]:
    spans = list(book.spans(row))
    dropped = {at for start, end in spans for at in range(start, end)}
    rest = tuple(word for at, word in enumerate(row) if at not in dropped)
    return len(spans), _rest(rest, phrasebook(words.fillers)) if spans else row or ("",)


def is_back(text: str, words: Words) -> bool:
    """Whether the message only asks to go back or undo."""
    return _answers(text, words, words.back)


def is_skip(text: str, words: Words) -> bool:
    """Whether the message only asks to skip the question."""
    return _answers(text, words, words.skip)


def is_not_sure(text: str, words: Words) -> bool:
    """Whether the message only says that the person does not know."""
    return _answers(text, words, words.not_sure)


def is_stop(text: str, words: Words) -> bool:
    """Whether it asks the coach to stop writing: "stop", "stop messaging me"; not "stop at the park"."""
    if _answers(text, words, words.stop.alone):
        return True
    row = _spoken(text)
    start = 0
    fillers = phrasebook(words.fillers)
    while fillers.at(row, start):
        start += fillers.at(row, start)
    return phrasebook(words.stop.leading).at(row, start) > 0


# --- options

_SLIP_FROM, _TWO_SLIPS_FROM, _LONGEST_SLIP = 4, 8, 64  # letters
_PREFIX_FROM = 3  # letters that may stand for a whole label


def choice(text: str, words: Words, options: Mapping[str, Sequence[str]]) -> Read[str] | Unread[str]:
    """The id of the option the message names; options map an id to its label and other words for it.

    Forgives case, punctuation, emoji, fillers, small slips, a beginning that fits one option, and takes its
    number. "not done" is never "Done". What only comes near is offered, at most two.
    """
    row = _spoken(text)
    labels = {
        option: [label for label in (_spoken(label) for label in names) if label]
        for option, names in options.items()
    }
    if not row or len(row) > _MOST_TOKENS:
        return Unread("no_match")
    short = _rest(row, phrasebook(words.fillers)) or row
    typed = {row, short, tuple(str(words.numbers.words.get(word, word)) for word in short)}
    for fits in (_same, _in_place, _begins, _slipped):
        found = [o for o, names in labels.items() if any(fits(r, names, labels, words) for r in typed)]
        if len(found) == 1:
            return Read(found[0], guessed=fits is _slipped)
        if found and fits in (_same, _begins):
            return Unread("did_you_mean", tuple(found[:2])) if len(found) == 2 else Unread("no_match")
    near = _nearest(short, labels, words)
    if near:
        return Unread("did_you_mean", near)
    return Unread("negated" if phrasebook(words.negators).found_in(row) else "no_match")


Labels = Mapping[str, Sequence[tuple[str, ...]]]


def _same(row: tuple[str, ...], names: Sequence[tuple[str, ...]], labels: Labels, words: Words) -> bool:
    joined = "".join(_squeeze_long(row))
    return any(row == name or joined == "".join(_squeeze_long(name)) for name in names)


def _in_place(row: tuple[str, ...], names: Sequence[tuple[str, ...]], labels: Labels, words: Words) -> bool:
    """The option's number or ordinal; not where labels are numbers themselves ("5 min")."""
    if any(word[0].isdigit() for each in labels.values() for name in each for word in name[:1]):
        return False
    place = _place(row, words)
    listed = list(labels.values())
    return place is not None and 0 < place <= len(listed) and listed[place - 1] is names


def _place(row: tuple[str, ...], words: Words) -> int | None:
    rest = _rest(row, phrasebook(words.choices.option_marks)) or row
    if len(rest) != 1:
        return None
    if rest[0].isdigit() and len(rest[0]) < 3:
        return int(rest[0])
    for table in (words.numbers.words, words.choices.ordinals):
        named = _named(table, rest, 0)
        if named:
            return named[0]
    return None


def _begins(row: tuple[str, ...], names: Sequence[tuple[str, ...]], labels: Labels, words: Words) -> bool:
    """The beginning of a label, in whole words or at least three letters of its last one."""
    typed, book = " ".join(row), phrasebook(words.negators)
    if book.found_in(row) or (row[-1].isdigit() and len(row) > 1):
        return False
    for name in names:
        whole_words = row == name[: len(row)]
        letters = len(typed) >= _PREFIX_FROM and " ".join(name).startswith(typed) and not row[-1].isdigit()
        # "5 minutes" for "5 min"
        longer = name[0].isdigit() and len(row) == len(name) and typed.startswith(" ".join(name))
        if letters or longer or (whole_words and (len(typed) > 1 or row[-1].isdigit())):
            return True
    return False


def _slipped(row: tuple[str, ...], names: Sequence[tuple[str, ...]], labels: Labels, words: Words) -> bool:
    return any(_is_slip(row, name, words) for name in names)


def _is_slip(row: tuple[str, ...], name: tuple[str, ...], words: Words) -> bool:
    typed, label = " ".join(row), " ".join(name)
    letters = min(len(typed), len(label))
    if letters < _SLIP_FROM or max(len(typed), len(label)) > _LONGEST_SLIP:
        return False
    if [w for w in row if w.isdigit()] != [w for w in name if w.isdigit()]:
        return False
    if _has_number_word(row, words) or _changes_sense(row, name, words):
        return False
    return _distance(typed, label, limit=2 if letters >= _TWO_SLIPS_FROM else 1) is not None


def _has_number_word(row: Sequence[str], words: Words) -> bool:
    return phrasebook(tuple(words.numbers.words)).found_in(row)


def _changes_sense(row: Sequence[str], name: Sequence[str], words: Words) -> bool:
    """Whether one of the two negates: "not done" and "Done", "comfortable" and "Uncomfortable"."""
    book = phrasebook(words.negators)
    if sum(1 for _ in book.spans(row)) != sum(1 for _ in book.spans(name)):
        return True
    pairs = [(one, other) for one in row for other in name]
    return any(
        prefix + one == other or prefix + other == one
        for prefix in words.choices.negating_prefixes
        for one, other in pairs
    )


def _distance(one: str, other: str, limit: int) -> int | None:
    """Letters wrong, missing, added or swapped with their neighbour; None when more than `limit`."""
    if abs(len(one) - len(other)) > limit:
        return None
    before: list[int] = []
    last = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        row = [i]
        for j, match in enumerate(other, 1):
            cost = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (letter != match))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == match:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        before, last = last, row
    return last[-1] if last[-1] <= limit else None


def _nearest(row: tuple[str, ...], labels: Labels, words: Words) -> tuple[str, ...]:
    """Up to two options that share a meaning word or come within a third of their letters."""
    scores: dict[str, float] = {}
    for option, names in labels.items():
        score = max((_likeness(row, name, words) for name in names), default=0.0)
        if score > 0:
            scores[option] = score
    ranked = sorted(scores, key=lambda option: -scores[option])
    if len(ranked) > 2 and scores[ranked[1]] == scores[ranked[2]]:
        ranked = ranked[:1] if scores[ranked[0]] > scores[ranked[1]] else []
    return tuple(ranked[:2])


def _likeness(row: tuple[str, ...], name: tuple[str, ...], words: Words) -> float:
    if _changes_sense(row, name, words):
        return 0.0
    if Phrasebook.of([name]).found_in(row):
        return 2.0 + len(name)
    telling = [word for word in name if len(word) > 3]
    shared = [word for word in telling if any(_alike(word, other) for other in row)]
    if shared:
        return len(shared) / len(telling)
    typed, label = " ".join(row), " ".join(name)
    third = min(len(typed), len(label), 24) // 3
    if len(typed) > _LONGEST_SLIP or not third or any(word.isdigit() for word in (*row, *name)):
        return 0.0
    distance = _distance(typed, label, limit=third)
    return 0.0 if distance is None else 0.5 - distance / 100


def _alike(one: str, other: str) -> bool:
    if len(other) > _LONGEST_SLIP or len(other) < _SLIP_FROM:
        return one == other
    return _distance(one, other, limit=1) is not None


def several(
    text: str, words: Words, options: Mapping[str, Sequence[str]]
) -> Read[tuple[str, ...]] | Unread[str]:
    """The ids of all options the message names, in their order; () for "none", every id for "all".

    One part that cannot be read leaves the whole unread, with what that part may have meant.
    """
    whole = choice(text, words, options)
    if isinstance(whole, Read) and not whole.guessed:
        return Read((whole.value,))
    if _answers(text, words, words.choices.none):
        return Read(())
    if _answers(text, words, words.choices.all):
        return Read(tuple(options))
    chosen: set[str] = set()
    guessed = False
    parts = _parts(text, words, options)
    if len(parts) > 2 * len(options) + 2:
        return Unread("no_match")
    for part in parts:
        read = choice(part, words, options)
        if isinstance(read, Unread):
            return read
        chosen.add(read.value)
        guessed = guessed or read.guessed
    if not chosen:
        return Unread("no_match")
    return Read(tuple(option for option in options if option in chosen), guessed=guessed)


def _parts(text: str, words: Words, options: Mapping[str, Sequence[str]]) -> list[str]:
    """The message cut at commas, and at "and" where that is not inside a label ("sleep and stress")."""
    row = _row(tokens(text.replace("\n", ",")))
    lists = phrasebook(words.choices.lists)
    labels = [_spoken(label) for names in options.values() for label in names]
    joined = Phrasebook.of(label for label in labels if label and lists.found_in(label))
    parts: list[list[str]] = [[]]
    at = 0
    while at < len(row):
        length = joined.at(row, at)
        if length:
            parts[-1] += row[at : at + length]
        elif row[at] in (",", ";", "+", "&", "/", "|") or lists.at(row, at):
            length = lists.at(row, at)
            parts.append([])
        else:
            digit_after_digit = row[at].isdigit() and parts[-1][-1:] and parts[-1][-1].isdigit()
            if digit_after_digit:
                parts.append([])
            parts[-1].append(row[at])
        at += length or 1
    return [" ".join(part) for part in parts if part]


# --- days of the week


def weekdays(text: str, words: Words) -> Read[tuple[int, ...]] | Unread[int]:
    """Days of the week in order, Monday 0: "mon wed fri", "Mon-Fri", "every day except Sunday"."""
    row = _row(tokens(text.replace("\n", ",")))
    row = tuple(word for word in row if word[0].isalnum() or word in ",-/+&")[:_MOST_TOKENS]
    excepts = phrasebook(words.days.except_)
    cut = next((at for at in range(1, len(row)) if excepts.at(row, at)), None)
    if cut is None:
        days = _days(row, words)
        return Read(tuple(sorted(days))) if days else Unread("not_a_day")
    base, without = _days(row[:cut], words), _days(row[cut + excepts.at(row, cut) :], words)
    if not base or not without or not base - without:
        return Unread("not_a_day")
    return Read(tuple(sorted(base - without)))


def _days(row: tuple[str, ...], words: Words) -> set[int] | None:
    """The days all these words name, or None when one of them names none."""
    fillers, through = phrasebook(words.days.fillers), phrasebook(words.days.through)
    found: set[int] = set()
    last: int | None = None
    open_range = False
    at = 0
    while at < len(row):
        group = _named(words.days.groups, row, at)
        day = _day(row[at], words)
        if group:
            found |= set(group[0])
            at, last = group[1], None
        elif day is not None:
            start = last if open_range and last is not None else day
            found |= {(start + step) % 7 for step in range((day - start) % 7 + 1)}
            at, last, open_range = at + 1, day, False
        elif last is not None and through.at(row, at) and not open_range:
            open_range, at = True, at + through.at(row, at)
        elif fillers.at(row, at) and not open_range:
            at, last = at + fillers.at(row, at), None
        else:
            return None
    return None if open_range else found


def _day(word: str, words: Words) -> int | None:
    for day, names in enumerate(words.days.names):
        if (word,) in phrasebook(names):
            return day
    near = [
        day
        for day, names in enumerate(words.days.names)
        if any(
            len(name) > 5
            and _distance(word, name, limit=2 if len(name) >= _TWO_SLIPS_FROM else 1) is not None
            for (name,) in (form for form in phrasebook(names).forms if len(form) == 1)
        )
    ]
    return near[0] if len(near) == 1 else None


# --- a lift's sets


class Set(NamedTuple):
    """One set: the load in kg, None for the body alone, and repetitions."""

    load_kg: float | None
    reps: int


_MOST_LOAD, _MOST_REPS, _MOST_SETS = 500.0, 100, 20
_MOST_ROUNDS = 10  # "3x10" means three sets of ten; "12x10" twelve kilos ten times


class _Part(NamedTuple):
    kind: Literal["figure", "times", "sets", "reps", "at", "of", "body", "next"]
    value: float = 0
    unit: str | None = None


def sets(
    text: str, words: Words, *, unit: Literal["kg", "lb"] = "kg", loaded: bool | None = None
) -> Read[tuple[Set, ...]] | Unread[tuple[Set, ...]]:
    """A lift's sets in order; loads typed without a unit are in `unit`, results in kg.

    Three numbers are load × reps × sets ("60x8x3"), or sets × reps × load where only that fits ("3x8x60").
    Two are load × reps when the first has a unit, decimals or is above 10 ("60x8"), otherwise sets × reps of
    the body or of the load named beside it ("3x10", "3x10 @ 60"). `loaded` says whether the lift is known
    to have a load: it decides what a bare "20 10 10" means.
    """
    parts = _set_parts(text, words)
    if parts is None:
        return Unread("not_sets")
    done, guessed = _read_sets(parts, unit, loaded)
    if done is None:
        return Unread("not_sets")
    if isinstance(done, Unread):
        return done
    return _plausible(done, guessed)


def _plausible(done: Sequence[Set], guessed: bool) -> Read[tuple[Set, ...]] | Unread[tuple[Set, ...]]:
    loads = [each.load_kg or 0 for each in done]
    for value, lo, hi in (
        (len(done), 1, _MOST_SETS),
        (min(each.reps for each in done), 1, _MOST_REPS),
        (max(each.reps for each in done), 1, _MOST_REPS),
        (max(loads), 0, _MOST_LOAD),
    ):
        if not lo <= value <= hi:
            return Unread("below" if value < lo else "above", bound=lo if value < lo else hi)
    return Read(tuple(done), guessed=guessed)


def _set_parts(text: str, words: Words) -> list[_Part] | None:
    found = list(_without_noise(list(tokens(text.replace("\n", ";")))))
    found = _unglued(found, words)[: 3 * _MOST_TOKENS]
    row = _row(found)
    books: tuple[tuple[Literal["times", "sets", "reps", "at", "of", "body", "next"], Phrasebook], ...] = (
        ("body", phrasebook(words.lifts.bodyweight)),
        ("times", phrasebook(words.lifts.times)),
        ("sets", phrasebook(words.lifts.sets)),
        ("reps", phrasebook(words.lifts.reps)),
        ("at", phrasebook(words.lifts.at)),
        ("of", phrasebook(words.lifts.of)),
        ("next", phrasebook(words.lifts.next)),
    )
    skipped = (phrasebook(words.hedges), phrasebook(words.fillers))
    parts: list[_Part] = []
    at = 0
    while at < len(found):
        named = next(((kind, book.at(row, at)) for kind, book in books if book.at(row, at)), None)
        figure = None if named else _load_or_reps(found, at, words)
        if named:
            parts.append(_Part(named[0]))
            at += named[1]
        elif figure:
            unit, at = _unit_at(row, figure.end, words, ("kg", "lb"))
            if unit in ("kg", "lb"):
                parts.append(_Part("figure", figure.values[0], unit))
            else:
                at = figure.end
                parts.append(_Part("figure", figure.values[0]))
        elif any(book.at(row, at) for book in skipped):
            at += max(book.at(row, at) for book in skipped)
        else:
            return None
    return parts


def _unglued(found: Sequence[Token], words: Words) -> list[Token]:
    """ "60kgx8" is cut as "60 kg x 8"."""
    split: list[Token] = []
    times = phrasebook(words.lifts.times)
    units = phrasebook((*words.units.get("kg", ()), *words.units.get("lb", ())))
    for token in found:
        stem, last = token.text[:-1], token.text[-1:]
        if (last,) in times and (stem,) in units:
            split += [Token(stem, token.glued), Token(last, True)]
        else:
            split.append(token)
    return split


def _load_or_reps(found: Sequence[Token], at: int, words: Words) -> _Figure | None:
    """A number; a comma is decimal only before a unit or a times sign ("22,5x8"), not in "8,8,7"."""
    figure = _figure(found, at, words)
    if figure is None or not found[at].is_digits:
        return figure
    comma = figure.end > at + 1 and found[at + 1].text == ","
    row = _row(found)
    if comma:
        after = phrasebook(words.lifts.times).at(row, figure.end)
        unit, _ = _unit_at(row, figure.end, words, ("kg", "lb"))
        quarter = found[at + 2].text in ("5", "25", "75")
        if figure.end != at + 3 or not quarter or not (after or unit in ("kg", "lb")):
            return _Figure((float(found[at].text),), at + 1) if len(found[at].text) <= _SAFE_DIGITS else None
    # Only the last reading: a load of "1.234" is no thousand.
    return _Figure(figure.values[-1:], figure.end)


def _read_sets(
    parts: list[_Part], unit: str, loaded: bool | None
) -> tuple[list[Set] | Unread[tuple[Set, ...]] | None, bool]:
    """The sets the parts say, and whether their order had to be guessed."""
    groups = _groups(parts)
    if groups is None:
        return None, False
    bare = [group[0].value for group in groups if len(group) == 1 and group[0].kind == "figure"]
    plain = len(bare) == len(groups) and all(group[0].unit is None for group in groups)
    body = any(part.kind == "body" for part in parts)
    if plain and not body and len(bare) > 1 and not any(p.kind in ("sets", "reps", "at") for p in parts):
        return _plain_list(bare, unit, loaded)
    done: list[Set] = []
    load: float | None = None
    guessed = False
    for group in groups:
        if group[0].kind == "body":
            load = None
            continue
        if len(group) == 1 and (group[0].unit or group[0].kind == "at"):
            load = _kg(group[0].value, group[0].unit or unit)
            # "3x10 60kg", "3 sets of 10 at 60": the load comes last.
            if done and all(each.load_kg is None for each in done):
                done = [Set(load, each.reps) for each in done]
            continue
        read = _product(group, unit, load)
        if read is None:
            return None, False
        more, sure = read
        done += more
        guessed = guessed or not sure
        load = more[-1].load_kg if more else load
        if len(done) > 10 * _MOST_SETS:
            return Unread("above", bound=_MOST_SETS), False
    return done or None, guessed


def _groups(parts: Sequence[_Part]) -> list[list[_Part]] | None:
    """Numbers joined by × or "sets of" stay together; every group is one number or one product."""
    groups: list[list[_Part]] = []
    joined = False
    loads = False
    for part in parts:
        if part.kind in ("times", "of"):
            joined = bool(groups)
        elif part.kind == "next":
            joined = loads = False
        elif part.kind == "at":
            joined, loads = False, True
        elif part.kind in ("sets", "reps"):
            if not groups or groups[-1][-1].kind not in ("figure",):
                return None
            last = groups[-1][-1]
            groups[-1][-1] = _Part(part.kind, last.value, last.unit)
            if part.kind == "sets":
                joined = True
        elif part.kind == "body":
            groups.append([part])
            joined = False
        elif loads:
            groups.append([_Part("at", part.value, part.unit)])
            joined = loads = False
        elif joined and groups[-1][-1].kind != "body":
            groups[-1].append(part)
            joined = False
        else:
            groups.append([part])
            joined = False
    return groups


def _plain_list(
    bare: Sequence[float], unit: str, loaded: bool | None
) -> tuple[list[Set] | Unread[tuple[Set, ...]] | None, bool]:
    """ "12 12 10" are repetitions; "60 8 8 7" may begin with the load."""
    if not all(value.is_integer() for value in bare[1:]):
        return None, False
    first, rest = bare[0], bare[1:]
    with_load = [Set(_kg(first, unit), int(value)) for value in rest]
    without = [Set(None, int(value)) for value in bare]
    if loaded is False or (not float(first).is_integer() and loaded is None and first < 1):
        return without, False
    heavy = not float(first).is_integer() or (first > max(rest) * 2 and first >= 20)
    if (loaded and first > max(rest)) or heavy:
        return with_load, not loaded
    if loaded is None and first >= 20 and first > max(rest) * 1.5:
        return Unread("ambiguous", (tuple(with_load), tuple(without))), False
    return without, False


def _product(group: Sequence[_Part], unit: str, load: float | None) -> tuple[list[Set], bool] | None:
    """One product as sets, and whether its order was certain."""
    rounds = [part.value for part in group if part.kind == "sets"]
    reps = [part.value for part in group if part.kind == "reps"]
    loads = [(part.value, part.unit) for part in group if part.unit]
    free = [part.value for part in group if part.kind == "figure" and not part.unit]
    sure = True
    if len(rounds) > 1 or len(reps) > 1 or len(loads) > 1:
        return None
    if loads:
        load = _kg(loads[0][0], loads[0][1] or unit)
        before = bool(group[0].unit)
        # 60 kg × 8 × 3, but 3 × 8 × 60 kg
        if len(free) == 2 and not rounds and not reps:
            first, second = free
            reps, rounds = ([first], [second]) if before else ([second], [first])
            free = []
    elif not rounds and not reps and len(free) == 3:
        order, sure = _three(free)
        load, reps, rounds, free = _kg(order[0], unit), [order[1]], [order[2]], []
    elif not rounds and not reps and len(free) == 2:
        first, second = free
        has_load = first > _MOST_ROUNDS or not first.is_integer()
        if has_load:
            load, reps = _kg(first, unit), [second]
        else:
            rounds, reps = [first], [second]
        free, sure = [], has_load and first > 2 * _MOST_ROUNDS
    for slot in (reps, rounds):
        if free and not slot:
            slot.append(free.pop(0))
    if free:
        load = _kg(free.pop(0), unit) if not loads and not free[1:] else load
    if free or not reps or not all(value.is_integer() for value in (*reps, *rounds)):
        return None
    count = int(rounds[0]) if rounds else 1
    return [Set(load, int(reps[0]))] * min(count, 10 * _MOST_SETS) if count else [], sure


def _three(free: Sequence[float]) -> tuple[tuple[float, float, float], bool]:
    """(load, reps, sets) of three bare numbers, and whether only one order fits."""
    first, second, third = free
    if first <= _MOST_ROUNDS and second > 2 * _MOST_ROUNDS and second > third:
        return (second, third, first), False
    if third > _MOST_SETS or not third.is_integer():
        return (third, second, first), first <= _MOST_SETS
    return (first, second, third), first > _MOST_SETS


def _kg(value: float, unit: str) -> float:
    return round(_convert(value, unit, "kg"), 2)


# --- blood values


def glucose(text: str, words: Words, *, unit: GlucoseUnit | None = None) -> Read[Glucose] | Unread[Glucose]:
    """Plasma glucose in the unit typed; without one, in `unit` or in the only unit that fits."""
    options: tuple[GlucoseUnit, ...] = ("mmol_l", "mg_dl")
    piece = _lab(text, words, options)
    if isinstance(piece, str):
        return Unread(piece)
    named: GlucoseUnit | None = next((each for each in options if each == piece.unit), unit)
    tried = {each: Glucose(piece.values[0], each) for each in options}
    fits = {each: glucose_plausibility(value) for each, value in tried.items()}
    return _judged(named, tried, fits, said=piece.unit is not None)


def insulin(text: str, words: Words, *, unit: InsulinUnit | None = None) -> Read[Insulin] | Unread[Insulin]:
    """Fasting insulin in the unit typed; without one, in `unit`; many bare numbers fit both: offered."""
    options: tuple[InsulinUnit, ...] = ("uiu_ml", "pmol_l")
    piece = _lab(text, words, options)
    if isinstance(piece, str):
        return Unread(piece)
    named: InsulinUnit | None = next((each for each in options if each == piece.unit), unit)
    tried = {each: Insulin(piece.values[0], each) for each in options}
    fits = {each: insulin_plausibility(value) for each, value in tried.items()}
    return _judged(named, tried, fits, said=piece.unit is not None)


def _lab(text: str, words: Words, kin: Sequence[str]) -> _Piece | Reason:
    found, _ = _clean(text, words)
    amounts = _amounts(_without(found, phrasebook(words.lab_words)), words, kin)
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


U = TypeVar("U", bound=str)


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


# --- an entry in words


@dataclass(frozen=True, slots=True)
class WalkEntry:
    """A walk of so many minutes, after a meal if one was named; `days_ago` is 0 or 1."""

    minutes: int
    after: str | None = None
    days_ago: int = 0


@dataclass(frozen=True, slots=True)
class NightEntry:
    """The night that ended today."""

    night: Night


@dataclass(frozen=True, slots=True)
class ColdEntry:
    """Cold water for so many seconds; `days_ago` is 0 or 1."""

    seconds: int
    days_ago: int = 0


Entry = WalkEntry | NightEntry | ColdEntry
_LONGEST_WALK, _LONGEST_COLD = 300, 1800  # minutes, seconds
_LONGEST_ENTRY = 24  # tokens


def entry_in_words(text: str, words: Words) -> Entry | None:
    """A walk, a night or cold water that the message says happened, to offer for the log; otherwise None.

    Plans, questions, habits, negations and other people's walks are None, and so is any word not expected.
    """
    lists = words.entries
    found = list(_without_noise(list(tokens(text))))
    row = _row(found)
    if "?" in text or len(found) > _LONGEST_ENTRY or phrasebook(lists.blockers).found_in(row):
        return None
    yesterday = phrasebook(lists.yesterday)
    days_ago = int(yesterday.found_in(row))
    found = _without(found, yesterday)
    for activity in (lists.cold, lists.walk, lists.sleep):
        rest = _after_activity(found, activity)
        if rest is None:
            continue
        if activity is lists.sleep:
            return _night_entry(rest, words)
        return _timed_entry(rest, words, days_ago, cold=activity is lists.cold)
    return None


def _after_activity(found: Sequence[Token], activity: Activity) -> list[Token] | None:
    """The tokens without the one place that names the activity, or None."""
    row = _row(found)
    spans = list(phrasebook((*activity.done, *activity.named)).spans(row))
    if len(spans) != 1:
        return None
    start, end = spans[0]
    return [*found[:start], *found[end:]]


def _night_entry(found: Sequence[Token], words: Words) -> NightEntry | None:
    read = night(" ".join(_row(found)) if not _is_glued(found) else _respelled(found), words)
    return NightEntry(read.value) if isinstance(read, Read) else None


def _is_glued(found: Sequence[Token]) -> bool:
    return any(token.glued for token in found)


def _respelled(found: Sequence[Token]) -> str:
    return "".join(token.text if token.glued else f" {token.text}" for token in found)


def _timed_entry(
    found: Sequence[Token], words: Words, days_ago: int, *, cold: bool
) -> WalkEntry | ColdEntry | None:
    meal, rest = _meal(found, words)
    row = _row(rest)
    around = phrasebook(words.entries.around)
    lengths: list[float] = []
    at = 0
    while at < len(rest):
        end = _longest_duration(rest, at, words, bare=None if cold else "min")
        if end:
            lengths.append(end[0])
            at = end[1]
        elif skipped := around.at(row, at) or phrasebook(words.hedges).at(row, at):
            at += skipped
        else:
            return None
    if len(lengths) != 1:
        return None
    if cold:
        seconds = _half_up(lengths[0])
        return ColdEntry(seconds, days_ago) if 0 < seconds <= _LONGEST_COLD else None
    minutes = _half_up(lengths[0] / 60)
    return WalkEntry(minutes, meal, days_ago) if 0 < minutes <= _LONGEST_WALK else None


def _longest_duration(
    found: Sequence[Token], at: int, words: Words, bare: str | None
) -> tuple[float, int] | None:
    """The longest run of tokens from here that is a length of time, as (seconds, end)."""
    for end in range(min(len(found), at + 8), at, -1):
        seconds = _seconds(found[at:end], words, bare or "s")
        has_unit = any(_time_unit(_row(found), place, words)[0] for place in range(at, end))
        if seconds is not None and (has_unit or bare):
            return seconds, end
    return None


def _meal(found: Sequence[Token], words: Words) -> tuple[str | None, list[Token]]:
    row = _row(found)
    for at in range(len(row)):
        length = phrasebook(words.entries.after).at(row, at)
        for meal, names in words.entries.meals.items():
            named = phrasebook(names).at(row, at + length) if length else 0
            if named:
                return meal, [*found[:at], *found[at + length + named :]]
    return None, list(found)
