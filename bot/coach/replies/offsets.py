"""Reads the time a person's clock shows as how far they are from UTC."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from bot.coach.replies.outcomes import Read, Unread
from bot.coach.replies.times import time_of_day
from bot.coach.words import Words

_WEST, _EAST = -660, 840  # nobody lives at UTC-12
# Offsets in use that are not whole hours.
_ODD_OFFSETS = frozenset({-570, -210, -150, 210, 270, 330, 345, 390, 525, 570, 630, 765, 825})


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


def _offsets(time: dt.time, utc: dt.datetime) -> Iterator[int]:
    shown = time.hour * 60 + time.minute
    for days in (-1440, 0, 1440):
        rounded = round((shown + days - utc.hour * 60 - utc.minute - utc.second / 60) / 15) * 15
        near = [near for near in (rounded, rounded - 15, rounded + 15) if near % 60 == 0 or near in _ODD_OFFSETS]
        if near and _WEST <= near[0] <= _EAST:
            yield near[0]
