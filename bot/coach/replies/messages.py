"""A message as the words it says, for readers that compare all of it and not its numbers."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.coach.phrasebook import Phrasebook, phrasebook
from bot.coach.tokens import row_of, tokens
from bot.coach.words import Words


def answers(text: str, words: Words, phrases: tuple[str, ...]) -> bool:
    """Whether the whole message, fillers aside, says one of the phrases."""
    row = spoken(text)
    book = phrasebook(phrases)
    if row in book or squeeze_long(row) in book:
        return True
    fillers = phrasebook(words.fillers)
    rest = rest_of(row, fillers)
    return bool(rest) and rest in book


def spoken(text: str) -> tuple[str, ...]:
    """The words and numbers of a message; its signs and emoji only where there are no words."""
    found = row_of(tokens(text))
    return tuple(word for word in found if word[0].isalnum()) or found


def squeeze_long(row: Sequence[str]) -> tuple[str, ...]:
    """ "nooo" is "no": a letter stands three times in no word."""
    return tuple(re.sub(r"(.)\1{2,}", r"\1", word) for word in row)


def rest_of(row: Sequence[str], fillers: Phrasebook) -> tuple[str, ...]:
    """The words that stand in none of the book's phrases."""
    dropped = {at for start, end in fillers.spans(row) for at in range(start, end)}
    return tuple(word for at, word in enumerate(row) if at not in dropped)
