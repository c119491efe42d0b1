"""Slips of spelling: how far two words are apart, and when a small difference is another meaning."""

from __future__ import annotations

from collections.abc import Sequence

from bot.coach.phrasebook import phrasebook
from bot.coach.words import Words

_SLIP_FROM, TWO_SLIPS_FROM, LONGEST_SLIP = 4, 8, 64  # letters


def is_slip(row: tuple[str, ...], name: tuple[str, ...], words: Words) -> bool:
    """Whether the words are the name with a letter or two wrong, and mean nothing else."""
    typed, label = " ".join(row), " ".join(name)
    letters = min(len(typed), len(label))
    if letters < _SLIP_FROM or max(len(typed), len(label)) > LONGEST_SLIP:
        return False
    if [w for w in row if w.isdigit()] != [w for w in name if w.isdigit()]:
        return False
    if _has_number_word(row, words) or changes_sense(row, name, words):
        return False
    return letters_off(typed, label, limit=2 if letters >= TWO_SLIPS_FROM else 1) is not None


def _has_number_word(row: Sequence[str], words: Words) -> bool:
    return phrasebook(tuple(words.numbers.words)).found_in(row)


def changes_sense(row: Sequence[str], name: Sequence[str], words: Words) -> bool:
    """Whether one of the two negates: "not done" and "Done", "comfortable" and "Uncomfortable"."""
    book = phrasebook(words.negators)
    if sum(1 for _ in book.spans(row)) != sum(1 for _ in book.spans(name)):
        return True
    pairs = [(one, other) for one in row for other in name]
    return any(
        prefix + one == other or prefix + other == one
        for prefix in words.choices.negating_prefixes
        for one, other in pairs
    )


def letters_off(one: str, other: str, limit: int) -> int | None:
    """Letters wrong, missing, added or swapped with their neighbour; None when more than `limit`."""
    if abs(len(one) - len(other)) > limit:
        return None
    before: list[int] = []
    last = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        row = [i]
        for j, match in enumerate(other, 1):
            cost = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (letter != match))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == match:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        before, last = last, row
    return last[-1] if last[-1] <= limit else None


def alike(one: str, other: str) -> bool:
    """Whether two words are the same, or long enough for one slip between them."""
    if len(other) > LONGEST_SLIP or len(other) < _SLIP_FROM:
        return one == other
    return letters_off(one, other, limit=1) is not None
