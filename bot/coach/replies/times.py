"""Reads a time of day, which a bare "7" is only with a hint of the part of the day that is meant."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Literal

from bot.coach.phrasebook import phrasebook
from bot.coach.replies.cleaning import clean
from bot.coach.replies.clocks import times_in
from bot.coach.replies.figures import figure_at
from bot.coach.replies.outcomes import Read, Unread
from bot.coach.tokens import Token, row_of
from bot.coach.words import Words

Hint = Literal["morning", "noon", "evening", "night", "none"]

# Where the twelve hours begin that a bare "7" may mean. A person's day starts at 04:00: evenings end there.
_HALVES: dict[str, int] = {"morning": 1, "noon": 7, "evening": 16}
# Bedtime: "11" is 23:00 and "1" is 01:00, but who says "8:30" may work at night. From this hour on, so many.
_NIGHT_FROM, _NIGHT_HOURS = 21, 6


def time_of_day(text: str, words: Words, *, hint: Hint | None = None) -> Read[dt.time] | Unread[dt.time]:
    """A local time of day, without a zone. A bare "7" needs the hint; without one both times are offered."""
    found, rough = clean(text, words)
    times = times_in(found, words)
    if times is None:
        ends = [times_in(part, words) for part in _split_once(found, words)]
        if len(ends) == 2 and all(ends):
            return Unread("ambiguous", tuple(hinted(end, hint)[0] for end in ends if end))
        several = _times_anywhere(found, words)
        return Unread("two_values" if several > 1 else "not_a_time")
    if len(times) == 1:
        return Read(times[0], rough, guessed=_is_day_part(found, words))
    meant = hinted(times, hint)
    return Read(meant[0], rough, guessed=True) if len(meant) == 1 else Unread("ambiguous", meant)


def hinted(times: tuple[dt.time, ...], hint: Hint | None) -> tuple[dt.time, ...]:
    """The times that fall in the hint's half of the day, or all of them where none is that likely."""
    if hint == "night":
        return tuple(time for time in times if (time.hour - _NIGHT_FROM) % 24 < _NIGHT_HOURS) or times
    start = _HALVES.get(hint or "none")
    if start is None or len(times) == 1:
        return times
    return tuple(time for time in times if (time.hour - start) % 24 < 12)


def _split_once(found: Sequence[Token], words: Words) -> list[list[Token]]:
    """ "between 7 and 8" as its two ends."""
    row, ranges = row_of(found), phrasebook(words.numbers.ranges)
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
        figure = figure_at(found, at, words)
        # "25:00" is one time, though none there is.
        minutes = at > 0 and found[at - 1].text == ":"
        count += figure is not None and not minutes
        at = figure.end if figure else at + 1
    return count


def _is_day_part(found: Sequence[Token], words: Words) -> bool:
    return any(row_of(found) in phrasebook(part.words) for part in words.times.day_parts)
