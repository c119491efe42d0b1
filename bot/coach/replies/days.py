"""Reads days of the week, by name, as a range or as all but some."""

from __future__ import annotations

from bot.coach.phrasebook import phrasebook, value_at
from bot.coach.replies.cleaning import MOST_TOKENS
from bot.coach.replies.outcomes import Read, Unread
from bot.coach.replies.slips import TWO_SLIPS_FROM, letters_off
from bot.coach.tokens import row_of, tokens
from bot.coach.words import Words

_LONGEST_RUN = 16
"""Words in a longer line that may name days together."""


def weekdays(text: str, words: Words) -> Read[tuple[int, ...]] | Unread[int]:
    """Days of the week in order, Monday 0: "mon wed fri", "Mon-Fri", "every day except Sunday"."""
    row = row_of(tokens(text.replace("\n", ",")))
    row = tuple(word for word in row if word[0].isalnum() or word in ",-/+&")[:MOST_TOKENS]
    excepts = phrasebook(words.days.except_)
    cut = next((at for at in range(1, len(row)) if excepts.at(row, at)), None)
    if cut is None:
        days = _days(row, words)
        return Read(tuple(sorted(days))) if days else Unread("not_a_day")
    base, without = _days(row[:cut], words), _days(row[cut + excepts.at(row, cut) :], words)
    if not base or not without or not base - without:
        return Unread("not_a_day")
    return Read(tuple(sorted(base - without)))


def days_named(row: tuple[str, ...], at: int, words: Words) -> tuple[set[int], int]:
    """The days that are named from here on in a longer line, and where they end; none where they could be other words.

    A lone "sat" or "sun", or "all", is too short to be sure of.
    """
    group = value_at(words.days.groups, row, at)
    if not group and not any((row[at],) in phrasebook(names) for names in words.days.names):
        return set(), at
    for end in range(min(len(row), at + _LONGEST_RUN), at, -1):
        days = _days(row[at:end], words)
        if days:
            short = [word for word in row[at:end] if len(word) > 2 and _day(word, words) is not None]
            sure = len(short) > 1 or any(len(word) > 4 for word in row[at:end]) or (group and group[1] - at > 1)
            return (days if sure else set()), end
    return set(), at


def _days(row: tuple[str, ...], words: Words) -> set[int] | None:
    """The days all these words name, or None when one of them names none."""
    fillers, through = phrasebook(words.days.fillers), phrasebook(words.days.through)
    found: set[int] = set()
    last: int | None = None
    open_range = False
    at = 0
    while at < len(row):
        group = value_at(words.days.groups, row, at)
        day = _day(row[at], words)
        if group:
            found |= set(group[0])
            at, last = group[1], None
        elif day is not None:
            start = last if open_range and last is not None else day
            found |= {(start + step) % 7 for step in range((day - start) % 7 + 1)}
            at, last, open_range = at + 1, day, False
        elif last is not None and through.at(row, at) and not open_range:
            open_range, at = True, at + through.at(row, at)
        elif fillers.at(row, at) and not open_range:
            at, last = at + fillers.at(row, at), None
        else:
            return None
    return None if open_range else found


def _day(word: str, words: Words) -> int | None:
    for day, names in enumerate(words.days.names):
        if (word,) in phrasebook(names):
            return day
    near = [
        day
        for day, names in enumerate(words.days.names)
        if any(
            len(name) > 5 and letters_off(word, name, limit=2 if len(name) >= TWO_SLIPS_FROM else 1) is not None
            for (name,) in (form for form in phrasebook(names).forms if len(form) == 1)
        )
    ]
    return near[0] if len(near) == 1 else None
