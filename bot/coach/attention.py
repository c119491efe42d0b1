"""Says what becomes of check-ins that nobody answers (law 9): asked about once, then thinned out by themselves.

Reduced alone, raised only with the person's word (law 11): what was thinned comes back by their tap.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

THRICE = 3
Thinned = Literal["half", "once", "weekly", "silent"]
"""How a habit's days are thinned: `half` and `once` (a week) by the person's word, `weekly` and `silent` by itself."""
BY_ITSELF = ("weekly", "silent")
USUAL = "usual"
Turn = Literal["ask", "offer", "hold", "weekly", "silent"]
"""Ask as ever; ask about the messages instead; say nothing more today; thin to one a week; fall silent."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One check-in that was asked on a local date: answered, or over without a word.

    `offer` marks the one that asked about the messages themselves. What was not sent, or may not have arrived, is none.
    """

    date: dt.date
    answered: bool
    offer: bool = False


def turn_of(
    today: dt.date,
    history: Sequence[Asked],
    thinned: str | None,
    *,
    breaks: Collection[dt.date] = (),
    heard: dt.date | None = None,
) -> Turn:
    """What to do instead of asking a habit's next check-in, `ask` where nothing stands against it.

    `history` is oldest first and begins after the last change of how it is thinned; `breaks` are days of a break, and
    `heard` is the last local date for which the person logged it by their own word. A day of several is one day.
    """
    ignored: set[dt.date] = set()
    offered = False
    for one in reversed(history):
        if one.answered or (heard is not None and one.date <= heard):
            break
        if one.date in breaks:
            continue
        if one.offer:
            if one.date == today:
                return "hold"
            offered = True
            break
        if one.date < today:
            ignored.add(one.date)
    if thinned == "weekly":
        return "silent" if len(ignored) >= THRICE else "ask"
    if offered:
        return "weekly"
    return "offer" if len(ignored) >= THRICE else "ask"


def days_left(weekdays: Collection[int], thinned: str | None) -> set[int]:
    """The weekdays (Monday 0) that stay: every second one, the first one, or none."""
    match thinned:
        case "half":
            return set(sorted(weekdays)[::2])
        case "once" | "weekly":
            return set(sorted(weekdays)[:1])
        case "silent":
            return set()
        case _:
            return set(weekdays)


def fewer(thinned: str | None) -> Thinned:
    """One step down by the person's word."""
    return "once" if thinned in get_args(Thinned) else "half"
