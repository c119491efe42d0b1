"""Numbers that are signs of an emergency: a glucose too low to wait with, more tablets than a day's."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from bot.coach.phrasebook import phrasebook
from bot.coach.replies.figures import digits_at
from bot.coach.signs import LowGlucose, ManyPills
from bot.coach.tokens import Token, row_of, tokens

_PILLS_AFTER = 3  # words from a number within which its tablets are named
_LOW: dict[Literal["mg_dl", "mmol_l"], float] = {"mg_dl": 54, "mmol_l": 3.0}  # below, a glucose is an emergency
_BARE_MG = 20  # from here on a glucose without a unit is in mg/dL; "glucose 9" is no low
_LEAST = 0.5
_TENS = 10


def is_low_glucose(text: str, low: LowGlucose) -> bool:
    """Whether it names a glucose below 54 mg/dL or 3.0 mmol/L; by its size where no unit is typed."""
    found = _with_digits(tokens(text.replace("\n", " , ")), low)
    row = row_of(found)
    links, others = phrasebook(low.links), phrasebook(low.other_tests)
    if others.found_in(row):
        return False
    reached = 0
    for start, end in phrasebook(low.named).spans(row):
        if start < reached:
            continue
        at = end
        while length := phrasebook(low.named).at(row, at) or links.at(row, at):
            at += length
        reached = at
        if at < len(found) and found[at].is_digits and _is_low(found, row, at, low, linked=at > end):
            return True
        if _is_low_before(found, row, start, at, low):
            return True
    return False


def _is_low_before(found: Sequence[Token], row: Sequence[str], start: int, end: int, low: LowGlucose) -> bool:
    """Whether a low number stands before the name, which ends the sentence: "45 is my sugar"."""
    if end < len(row) and row[end][0].isalnum():
        return False
    length = phrasebook(low.number_first).ending(row, start)
    for unit in (0, 1, 2, 3):
        at = start - length - unit - 1
        while at > 1 and row[at - 1] in ".," and found[at].glued and found[at - 2].is_digits:
            at -= 2
        figure = digits_at(found, at) if length and at >= 0 and found[at].is_digits else None
        named = max(phrasebook(phrases).at(row, figure.end) for phrases in low.units.values()) if figure else 0
        if (
            figure
            and named == unit
            and figure.end + unit == start - length
            and _is_low(found, row, at, low, linked=True)
        ):
            return True
    return False


def _with_digits(found: Sequence[Token], low: LowGlucose) -> tuple[Token, ...]:
    """Written-out numbers as digits: "forty five" is 45, "two point five" 2.5."""
    digits: list[Token] = []
    decimal = False
    for at, token in enumerate(found):
        value = low.spelled.get(token.text)
        tens = digits[-1].text if digits and at and found[at - 1].text in low.spelled else ""
        if value is None:
            following = found[at + 1].text if at + 1 < len(found) else ""
            decimal = bool(tens) and token.text in low.point and following in low.spelled
            digits.append(Token(".", glued=True) if decimal else token)
        elif tens.endswith("0") and value < _TENS:
            digits[-1] = Token(str(int(tens) + value))
        else:
            digits.append(Token(str(value), glued=decimal))
            decimal = False
    return tuple(digits)


def _is_low(found: Sequence[Token], row: Sequence[str], at: int, low: LowGlucose, *, linked: bool) -> bool:
    figure = digits_at(found, at)
    if figure is None or figure.doubtful:
        return False
    value = figure.values[-1]
    lengths = {unit: phrasebook(phrases).at(row, figure.end) for unit, phrases in low.units.items()}
    unit = max(lengths, key=lengths.__getitem__)
    if phrasebook(low.not_of).at(row, figure.end) > lengths[unit]:
        return False
    if not lengths[unit]:
        ends = figure.end == len(row) or not row[figure.end][0].isalnum()
        if value < _BARE_MG and figure.end == at + 1 and not (linked and ends):
            # "libre 2", "sugar is 1 thing": a whole number this small counts other things.
            return False
        unit = "mg_dl" if value >= _BARE_MG else "mmol_l"
    return _LEAST <= value < _LOW[unit]


def has_many_pills(row: Sequence[str], many: ManyPills) -> bool:
    pills, others = phrasebook(many.of), phrasebook(many.not_of)
    for _, after in phrasebook(many.done).spans(row):
        for at in range(after, min(after + _PILLS_AFTER, len(row))):
            # Dates and doses have more digits than a count.
            if not row[at].isdigit() or len(row[at]) > 3 or int(row[at]) < many.least:
                continue
            between = row[at + 1 : at + 1 + _PILLS_AFTER]
            if pills.found_in(between) and not others.found_in(between):
                return True
    return False
