"""A number as it stands in a message: in digits, in words, with a fraction, a dozen or a thousands mark."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from bot.coach.phrasebook import phrasebook, value_at
from bot.coach.tokens import Token, row_of
from bot.coach.words import Words

SAFE_DIGITS = 9


class Figure(NamedTuple):
    """A number as typed, with every way to read it ("1,234"), and where it ends."""

    values: tuple[float, ...]
    end: int
    doubtful: bool = False


def figure_at(found: Sequence[Token], at: int, words: Words) -> Figure | None:
    """The number that begins here, in digits or in words."""
    if at >= len(found):
        return None
    row = row_of(found)
    fraction = value_at(words.numbers.fractions, row, at)
    if fraction:
        value, end = fraction
        return Figure(*_dozens(value, row, end, words))
    figure = digits_at(found, at) if found[at].is_digits else _spelled(row, at, words)
    if figure is None or len(figure.values) > 1:
        return figure
    value, end = _with_fraction(figure.values[0], row, figure.end, words)
    return Figure((value,), end, figure.doubtful)


def _dozens(value: float, row: Sequence[str], at: int, words: Words) -> tuple[tuple[float, ...], int]:
    """ "half a dozen"."""
    after = at + phrasebook(words.numbers.articles).at(row, at)
    multiplier = value_at(words.numbers.multipliers, row, after)
    return ((value * multiplier[0],), multiplier[1]) if multiplier else ((value,), at)


def _with_fraction(value: float, row: Sequence[str], at: int, words: Words) -> tuple[float, int]:
    """ "7 1/2", "seven and a half", "two dozen", "seven point five"."""
    multiplier = value_at(words.numbers.multipliers, row, at)
    if multiplier:
        value, at = value * multiplier[0], multiplier[1]
    plus = at + phrasebook(words.numbers.plus).at(row, at)
    fraction = value_at(words.numbers.fractions, row, plus)
    if fraction and float(value).is_integer():
        return value + fraction[0], fraction[1]
    point = phrasebook(words.numbers.point).at(row, at)
    digit = value_at(words.numbers.words, row, at + point) if point else None
    if digit and digit[0] < 10:
        return value + digit[0] / 10, digit[1]
    return value, at


def digits_at(found: Sequence[Token], at: int) -> Figure | None:
    """Digits with their decimal or thousands mark: "7", "7,5", "1,234", "1.234,5"."""
    parts, marks, end = [found[at].text], [], at + 1
    while end + 1 < len(found) and _continues(found, end):
        marks.append(found[end].text)
        parts.append(found[end + 1].text)
        end += 2
    if any(len(part) > SAFE_DIGITS for part in parts):
        return None
    if not marks:
        return Figure((float(parts[0]),), end)
    whole, groups = parts[0], parts[1:]
    thousands = len(whole) <= 3 and whole != "0" and all(len(group) == 3 for group in groups)
    if len(marks) == 1:
        decimal = float(f"{whole}.{groups[0]}")
        if not thousands:
            return Figure((decimal,), end)
        joined = float(whole + groups[0])
        return Figure((joined,) if groups[0] == "000" else (joined, decimal), end)
    if len(set(marks)) == 1 and thousands:
        return Figure((float("".join(parts)),), end)
    if len(set(marks)) == 2 and len(set(marks[:-1])) == 1 and all(len(group) == 3 for group in groups[:-1]):
        return Figure((float("".join(parts[:-1]) + "." + parts[-1]),), end, doubtful=True)
    return Figure((float(whole),), at + 1)


def _continues(found: Sequence[Token], mark: int) -> bool:
    return found[mark].text in ".," and found[mark].glued and found[mark + 1].is_digits and found[mark + 1].glued


def _spelled(row: Sequence[str], at: int, words: Words) -> Figure | None:
    """A number in words below a thousand: "sixty five", "a hundred and ten"."""
    small = below_hundred(row, at, words)
    if small is None:
        article = at + phrasebook(words.numbers.articles).at(row, at)
        multiplier = value_at(words.numbers.multipliers, row, article)
        if multiplier is None:
            return None
        small = (1.0, article)
    value, end = small
    multiplier = value_at(words.numbers.multipliers, row, end)
    if multiplier is None:
        return Figure((value,), end)
    value, end = value * multiplier[0], multiplier[1]
    rest = below_hundred(row, end + phrasebook(words.numbers.plus).at(row, end), words)
    if multiplier[0] >= 100 and rest:
        return Figure((value + rest[0],), rest[1])
    return Figure((value,), end)


def below_hundred(row: Sequence[str], at: int, words: Words) -> tuple[float, int] | None:
    """A number in words below a hundred that begins here, and where it ends."""
    first = value_at(words.numbers.words, row, at)
    if first is None:
        return None
    value, end = float(first[0]), first[1]
    hyphen = end < len(row) and row[end] == "-"
    ones = value_at(words.numbers.words, row, end + hyphen)
    if ones and 20 <= value < 100 and value % 10 == 0 and 0 < ones[0] < 10:
        return value + ones[0], ones[1]
    return value, end
