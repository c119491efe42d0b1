"""The units readers know, how they convert, and where a message names one."""

from __future__ import annotations

from collections.abc import Sequence

from bot.coach.phrasebook import phrasebook
from bot.coach.words import Words

FACTORS: dict[str, dict[str, float]] = {
    "mass": {"kg": 1.0, "lb": 0.45359237, "st": 6.35029318, "g": 0.001},
    "time": {"h": 3600.0, "min": 60.0, "s": 1.0},
    "length": {"m": 1.0, "cm": 0.01, "ft": 0.3048, "in": 0.0254},
    "distance": {"km": 1.0, "mi": 1.609344},
    "temperature": {"c": 1.0, "f": 5 / 9},
}
SMALLER = {"h": "min", "min": "s", "ft": "in", "m": "cm", "st": "lb"}  # "1h30", "5 ft 11"
IN_THE_LARGER = {"min": 60, "s": 60, "in": 12, "cm": 100, "lb": 14}


def kin_of(unit: str | None) -> tuple[str, ...]:
    """The units that convert to this one, itself among them."""
    if unit is None:
        return ()
    return next((tuple(kin) for kin in FACTORS.values() if unit in kin), (unit,))


def convert(value: float, unit: str, to: str) -> float:
    """The value in another unit of its kin."""
    if unit == to:
        return value
    if unit == "f":
        return (value - 32) * 5 / 9
    if unit == "c":
        return value * 9 / 5 + 32
    factors = next(kin for kin in FACTORS.values() if unit in kin)
    return value * factors[unit] / factors[to]


def unit_at(row: Sequence[str], at: int, words: Words, kin: Sequence[str]) -> tuple[str | None, int]:
    """The unit named here, one of `kin` first; and where it ends."""
    for group in (kin, tuple(words.units)):
        lengths = {unit: phrasebook(words.units.get(unit) or (unit,)).at(row, at) for unit in group}
        longest = max(lengths, key=lambda unit: lengths[unit], default=None)
        if longest is not None and lengths[longest]:
            return longest, at + lengths[longest]
    return None, at
