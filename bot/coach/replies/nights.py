"""Reads a night, told as two times or as hours slept."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.coach.phrasebook import phrasebook
from bot.coach.replies.cleaning import clean, without
from bot.coach.replies.clocks import times_in
from bot.coach.replies.durations import half_up, not_a_duration, seconds_in, time_unit_at
from bot.coach.replies.outcomes import Read, Unread
from bot.coach.replies.times import hinted
from bot.coach.tokens import Token, row_of
from bot.coach.words import Words

_SHORTEST_NIGHT, _USUAL_NIGHT, _LONG_NIGHT, _LONGEST_NIGHT = 60, 8 * 60, 12 * 60, 16 * 60  # minutes
_LONGEST_BETWEEN = 14 * 60  # between two times; a longer one is more likely a slip than a night


@dataclass(frozen=True, slots=True)
class Night:
    """A night: minutes asleep, and when it began and ended if that was said (local times)."""

    minutes: int
    bed: dt.time | None = None
    up: dt.time | None = None


def night(text: str, words: Words) -> Read[Night] | Unread[Night]:
    """A night as bedtime and waking ("23:00-6:45") or as hours slept ("7h"), by the clock: 1 to 14 or 16 hours."""
    found, rough = clean(text, words)
    seconds = seconds_in(found, words, "h")
    marked = any(time_unit_at(row_of(found), at, words)[0] for at in range(len(found)))
    if seconds is not None:
        minutes = half_up(seconds / 60)
        if _SHORTEST_NIGHT <= minutes <= _LONGEST_NIGHT:
            return Read(Night(minutes), rough, guessed=not marked)
        below = minutes < _SHORTEST_NIGHT
        bound = (_SHORTEST_NIGHT if below else _LONGEST_NIGHT) / 60
        # A bare "23" is more likely half of an answer than 23 hours.
        return Unread("below" if below else "above", bound=bound) if marked else Unread("not_a_night")
    hours = not_a_duration(found, words, "h", 60)
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
    row = row_of(found)
    ranges, marks = phrasebook(words.numbers.ranges), phrasebook(words.times.sleep_marks)
    for at in range(1, len(found)):
        length = ranges.at(row, at)
        first = without(found[:at], marks)
        second = without(found[at + length :], marks)
        beds, ups = times_in(first, words), times_in(second, words)
        if not beds or not ups:
            continue
        # Two numbers side by side are a night where a word, a clock or "pm" says so: "11pm 7am", not "7 30".
        marked = len(first) + len(second) < len(found) or not {":", "."}.isdisjoint(row_of(first))
        if not (length or marked or len(beds) + len(ups) == 2):
            continue
        for bed in beds:
            for up in ups:
                minutes = (up.hour * 60 + up.minute - bed.hour * 60 - bed.minute) % 1440
                if _SHORTEST_NIGHT <= minutes <= _LONGEST_BETWEEN:
                    unusual = (bed not in hinted(beds, "evening")) + (up not in hinted(ups, "morning"))
                    guessed = len(beds) + len(ups) > 2
                    yield (
                        (length == 0, unusual, abs(minutes - _USUAL_NIGHT)),
                        Night(minutes, bed, up),
                        guessed,
                    )
