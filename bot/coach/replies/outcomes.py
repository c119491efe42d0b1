"""What a reader makes of a reply: the value it means, or why it cannot be taken."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, Literal, NamedTuple, TypeVar

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


def out_of_bounds(value: float, lo: float, hi: float) -> Unread[float]:
    """A value that is not between lo and hi, with the limit it passed."""
    return Unread("below", (value,), lo) if value < lo else Unread("above", (value,), hi)
