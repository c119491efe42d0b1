"""Every time of day that words and digits can mean, before a question's hint decides between them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from bot.coach.phrasebook import phrasebook, value_at
from bot.coach.replies.figures import below_hundred, figure_at
from bot.coach.replies.units import unit_at
from bot.coach.tokens import Token, row_of
from bot.coach.words import Words


def times_in(found: Sequence[Token], words: Words) -> tuple[dt.time, ...] | None:
    """The times these tokens can mean: one, two twelve hours apart, or None."""
    row = row_of(found)
    moment = value_at(words.times.moments, row, 0)
    if moment and moment[1] == len(row):
        return (moment[0],)
    beside = _beside_a_moment(found, words)
    if beside:
        return (beside,)
    for part in words.times.day_parts:
        for start, end in phrasebook(part.words).spans(row):
            rest = [*found[:start], *found[end:]]
            if not rest:
                return (part.at,)
            times = _clock_times(rest, words) or ()
            return tuple(time for time in times if part.holds(time)) or None
    return _clock_times(found, words)


def _beside_a_moment(found: Sequence[Token], words: Words) -> dt.time | None:
    """ "half past midnight", "ten to midnight", "20 minutes past noon"."""
    row = row_of(found)
    for end in range(1, len(row)):
        past, to = phrasebook(words.times.past).at(row, end), phrasebook(words.times.to).at(row, end)
        moment = value_at(words.times.moments, row, end + max(past, to)) if past or to else None
        minutes = _minutes(found[:end], words) if moment and moment[1] == len(row) else None
        if moment and minutes:
            whole = moment[0].hour * 60 + (-minutes if to else minutes)
            return dt.time(whole // 60 % 24, whole % 60)
    return None


def _minutes(found: Sequence[Token], words: Words) -> int | None:
    """Minutes beside an hour, below sixty: "quarter", "ten", "20 minutes"."""
    row = row_of(found)
    named = value_at(words.times.minutes, row, 0)
    if named:
        return named[0] if named[1] == len(row) else None
    figure = figure_at(found, 0, words)
    if figure is None:
        return None
    unit, end = unit_at(row, figure.end, words, ("min",))
    end = end if unit == "min" else figure.end
    value = figure.values[0]
    plain = value % 5 == 0 or unit == "min"
    return int(value) if end == len(row) and plain and value.is_integer() and 0 < value < 60 else None


def _clock_times(found: Sequence[Token], words: Words) -> tuple[dt.time, ...] | None:
    row = row_of(found)
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
    return read if 0 <= hour < 24 and 0 <= minute < 60 else (0, 0, exact) if (hour, minute) == (24, 0) else None


def _beside_an_hour(found: Sequence[Token], words: Words) -> tuple[int, int, bool] | None:
    """ "half past seven", "quarter to 8", "ten past 7", "half seven"."""
    row = row_of(found)
    named = value_at(words.times.minutes, row, 0)
    figure = None if named else figure_at(found, 0, words)
    if named:
        minutes, end = float(named[0]), named[1]
    elif figure:
        minutes, end = figure.values[0], figure.end
    else:
        return None
    unit, after_unit = unit_at(row, end, words, ("min",))
    end = after_unit if unit == "min" else end
    past, to = phrasebook(words.times.past).at(row, end), phrasebook(words.times.to).at(row, end)
    if not (past or to):
        # "half seven" is half past in English; nothing else goes without past or to.
        past = 0 if minutes == 30 and named else -1
    hour = _bare_hour(found[end + max(past, to, 0) :], words)
    if hour is None or (past < 0 and not to) or (minutes % 5 and unit != "min") or not 0 < minutes < 60:
        return None
    return ((hour - 1) % 24 if hour != 1 else 12, 60 - int(minutes), False) if to else (hour, int(minutes), False)


def _bare_hour(found: Sequence[Token], words: Words) -> int | None:
    clock = _hour_and_minute(found, words)
    return clock[0] if clock and clock[1] == 0 and 0 < clock[0] < 24 else None


def _hour_and_minute(found: Sequence[Token], words: Words) -> tuple[int, int, bool] | None:
    row = row_of(found)
    if not found:
        return None
    if found[0].is_digits:
        return _in_digits(found, row, words)
    hour = below_hundred(row, 0, words)
    if hour is None:
        return None
    value, end = hour
    end += phrasebook(words.times.hour_marks).at(row, end)
    if end == len(row):
        return int(value), 0, False
    minute = below_hundred(row, end, words)
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
