"""What a person's own line says besides its words: a name, an answer that is offered, days of the week, a meal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.coach.phrasebook import phrasebook
from bot.coach.replies.cleaning import MOST_TOKENS
from bot.coach.replies.days import days_named
from bot.coach.replies.messages import spoken
from bot.coach.tokens import row_of, tokens
from bot.coach.words import Words

_MOST_LEADS = 3
MEALS = ("breakfast", "lunch", "dinner")


def name(text: str, words: Words) -> str:
    """ "just call me Hemi" is Hemi; what is nothing but such words stays as it is."""
    whole = text.strip()
    left = whole.split()
    leads = phrasebook(words.name_leads)
    for _ in range(_MOST_LEADS):
        longest = next((n for n in range(len(left) - 1, 0, -1) if spoken(" ".join(left[:n])) in leads), 0)
        if not longest:
            break
        left = left[longest:]
    return " ".join(left).strip(" .!,") or whole


def heard(text: str, words: Words, options: Mapping[str, Sequence[str]]) -> str | None:
    """The one option whose words stand in the text, and nothing in it says no; None where none or several do."""
    row = spoken(text)
    if phrasebook(words.negators).found_in(row):
        return None
    found = [option for option, names in options.items() if names and phrasebook(tuple(names)).found_in(row)]
    return found[0] if len(found) == 1 else None


def days_in(text: str, words: Words) -> tuple[int, ...]:
    """The weekdays that a line names, Monday 0: "Mon, Wed, Fri after work". A lone "sat" or "sun" is no day."""
    row = row_of(tokens(text.replace("\n", ",")))
    row = tuple(word for word in row if word[0].isalnum() or word in ",-/+&")[:MOST_TOKENS]
    if phrasebook(words.days.except_).found_in(row):
        return ()
    found: set[int] = set()
    at = 0
    while at < len(row):
        days, end = days_named(row, at, words)
        found |= days
        at = max(end, at + 1)
    return tuple(sorted(found))


def meal_in(text: str, words: Words) -> str | None:
    """The one meal of the day that a line names, by its id; None where it names none or several."""
    row = spoken(text)
    meals = ((meal, names) for meal, names in words.entries.meals.items() if meal in MEALS)
    named = [meal for meal, names in meals if phrasebook(names).found_in(row)]
    return named[0] if len(named) == 1 else None


def speaks_of_greens(text: str, words: Words) -> bool:
    """Whether a line of the person's own is about what "had veg" tells of: "half my plate veg"."""
    return phrasebook(words.entries.plate_foods).found_in(row_of(tokens(text)))
