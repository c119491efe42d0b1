"""Reads what a person writes unasked into the log: a walk, a night, cold water, breaks from sitting, a food."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.coach.phrasebook import phrasebook, value_at
from bot.coach.replies.cleaning import without, without_noise
from bot.coach.replies.durations import half_up, seconds_in, time_unit_at
from bot.coach.replies.lines import meal_in
from bot.coach.replies.nights import Night, night
from bot.coach.replies.numbers import number as number_of
from bot.coach.replies.outcomes import Read
from bot.coach.tokens import Token, row_of, tokens
from bot.coach.words import Activity, Words

_LONGEST_WALK, _LONGEST_COLD = 300, 1800  # minutes, seconds
_LONGEST_ENTRY = 24  # tokens
_MOST_BREAKS = 60


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


@dataclass(frozen=True, slots=True)
class SittingEntry:
    """Breaks from sitting, as many as were named; `days_ago` is 0 or 1."""

    breaks: int
    days_ago: int = 0


@dataclass(frozen=True, slots=True)
class FiberEntry:
    """Fiber foods in the person's own words; `days_ago` is 0 or 1."""

    what: str
    days_ago: int = 0


@dataclass(frozen=True, slots=True)
class PlateEntry:
    """A plate with vegetables on it, at a meal if one was named; `days_ago` is 0 or 1."""

    meal: str | None = None
    days_ago: int = 0


Entry = WalkEntry | NightEntry | ColdEntry | SittingEntry | FiberEntry | PlateEntry


def entry_in_words(text: str, words: Words) -> Entry | None:
    """What the message says happened, to offer for the log; otherwise None.

    Plans, questions, habits, negations and other people's walks are None, and so is any word not expected.
    """
    lists = words.entries
    found = list(without_noise(list(tokens(text))))
    row = row_of(found)
    if "?" in text or len(found) > _LONGEST_ENTRY or phrasebook(lists.blockers).found_in(row):
        return None
    yesterday = phrasebook(lists.yesterday)
    days_ago = int(yesterday.found_in(row))
    found = without(found, yesterday)
    for activity in (lists.cold, lists.walk, lists.sleep):
        rest = _after_activity(found, activity)
        if rest is None:
            continue
        if activity is lists.sleep:
            return _night_entry(rest, words)
        return _timed_entry(rest, words, days_ago, cold=activity is lists.cold)
    breaks = _after_activity(found, lists.sitting)
    if breaks is not None:
        return _sitting_entry(breaks, words, days_ago)
    return _food_entry(found, words, days_ago)


def _sitting_entry(found: Sequence[Token], words: Words, days_ago: int) -> SittingEntry | None:
    """ "3 sitting breaks", "took two breaks from sitting", "a break from sitting"."""
    around = phrasebook(words.entries.around)
    row, at, rest = row_of(found), 0, list[str]()
    while at < len(row):
        number = value_at(words.numbers.words, row, at) is not None or row[at].isdigit()
        skipped = 0 if number else around.at(row, at) or phrasebook(words.hedges).at(row, at)
        if not skipped:
            rest.append(row[at])
        at += skipped or 1
    if not rest:
        return SittingEntry(1, days_ago)
    read = number_of(" ".join(rest), words, lo=1, hi=_MOST_BREAKS, whole=True)
    return SittingEntry(int(read.value), days_ago) if isinstance(read, Read) else None


def _food_entry(found: Sequence[Token], words: Words, days_ago: int) -> FiberEntry | PlateEntry | None:
    """ "had beans", "ate veg with lunch": a word for eating, a food, and nothing that is not known."""
    lists = words.entries
    row, at, eaten, fiber, plate = row_of(found), 0, False, list[str](), False
    named = [name for names in lists.meals.values() for name in names]
    around = phrasebook((*lists.around, *lists.after, *named))
    while at < len(row):
        if length := phrasebook(lists.fiber_foods).at(row, at):
            fiber.append(" ".join(row[at : at + length]))
        elif length := phrasebook(lists.plate_foods).at(row, at):
            plate = True
        elif length := phrasebook(lists.eaten).at(row, at):
            eaten = True
        else:
            length = around.at(row, at) or phrasebook(words.hedges).at(row, at)
        if not length:
            return None
        at += length
    if not eaten or not (fiber or plate):
        return None
    return FiberEntry(", ".join(fiber), days_ago) if fiber else PlateEntry(meal_in(" ".join(row), words), days_ago)


def _after_activity(found: Sequence[Token], activity: Activity) -> list[Token] | None:
    """The tokens without the one place that names the activity, or None."""
    row = row_of(found)
    spans = list(phrasebook((*activity.done, *activity.named)).spans(row))
    if len(spans) != 1:
        return None
    start, end = spans[0]
    return [*found[:start], *found[end:]]


def _night_entry(found: Sequence[Token], words: Words) -> NightEntry | None:
    read = night(" ".join(row_of(found)) if not _is_glued(found) else _respelled(found), words)
    return NightEntry(read.value) if isinstance(read, Read) else None


def _is_glued(found: Sequence[Token]) -> bool:
    return any(token.glued for token in found)


def _respelled(found: Sequence[Token]) -> str:
    return "".join(token.text if token.glued else f" {token.text}" for token in found)


def _timed_entry(found: Sequence[Token], words: Words, days_ago: int, *, cold: bool) -> WalkEntry | ColdEntry | None:
    meal, rest = _meal(found, words)
    row = row_of(rest)
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
        seconds = half_up(lengths[0])
        return ColdEntry(seconds, days_ago) if 0 < seconds <= _LONGEST_COLD else None
    minutes = half_up(lengths[0] / 60)
    return WalkEntry(minutes, meal, days_ago) if 0 < minutes <= _LONGEST_WALK else None


def _longest_duration(found: Sequence[Token], at: int, words: Words, bare: str | None) -> tuple[float, int] | None:
    """The longest run of tokens from here that is a length of time, as (seconds, end)."""
    for end in range(min(len(found), at + 8), at, -1):
        seconds = seconds_in(found[at:end], words, bare or "s")
        has_unit = any(time_unit_at(row_of(found), place, words)[0] for place in range(at, end))
        if seconds is not None and (has_unit or bare):
            return seconds, end
    return None


def _meal(found: Sequence[Token], words: Words) -> tuple[str | None, list[Token]]:
    row = row_of(found)
    for at in range(len(row)):
        length = phrasebook(words.entries.after).at(row, at)
        for meal, names in words.entries.meals.items():
            named = phrasebook(names).at(row, at + length) if length else 0
            if named:
                return meal, [*found[:at], *found[at + length + named :]]
    return None, list(found)
