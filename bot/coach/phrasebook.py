"""Phrases spelled out and looked for in a row of words, so that no reader compares words by itself.

A phrase in a word list is words separated by spaces. `a|b` is either word, `a?` a word that may be missing.
Case, accents and apostrophes make no difference: "Can't" and "cant" are one word.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence, Set
from functools import cached_property, lru_cache
from itertools import product
from typing import TypeVar

from bot.coach.tokens import row_of, tokens

T = TypeVar("T")

_MAX_FORMS = 2000  # forms one phrase may spell out


class _Tree(dict[str, "_Tree"]):
    """The words that may follow, and whether a phrase ends here."""

    ends = False


class Phrasebook:
    """A list of phrases spelled out, to look for in a row of words."""

    def __init__(self, phrases: Iterable[str]) -> None:
        self.forms = frozenset(form for phrase in phrases for form in _forms(phrase))

    @classmethod
    def of(cls, forms: Iterable[tuple[str, ...]]) -> Phrasebook:
        """A book of phrases that are cut into words already."""
        book = cls(())
        book.forms = frozenset(forms)
        return book

    @cached_property
    def _tree(self) -> _Tree:
        """A tree of words, so that a thousand forms that begin alike cost no more than one."""
        tree = _Tree()
        for form in self.forms:
            node = tree
            for word in form:
                node = node.setdefault(word, _Tree())
            node.ends = True
        return tree

    def __contains__(self, row: Sequence[str]) -> bool:
        return tuple(row) in self.forms

    @property
    def firsts(self) -> Set[str]:
        """The words with which a phrase may begin."""
        return self._tree.keys()

    def at(self, row: Sequence[str], start: int) -> int:
        """How many words the longest phrase that begins at `start` takes; 0 when none does."""
        node, longest = self._tree, 0
        for end in range(start, len(row)):
            following = node.get(row[end])
            if following is None:
                break
            node = following
            if node.ends:
                longest = end + 1 - start
        return longest

    def at_any(self, readings: Sequence[Collection[str]], start: int) -> int:
        """As `at`, where each word may be read in several ways."""
        node, longest, end = self._tree, 0, start
        # Nearly every word has one reading, and one way needs no lists.
        while end < len(readings) and len(readings[end]) == 1:
            (word,) = readings[end]
            following = node.get(word)
            if following is None:
                return longest
            node = following
            end += 1
            longest = end - start if node.ends else longest
        nodes = [node]
        while nodes and end < len(readings):
            nodes = [node[word] for node in nodes for word in readings[end] if word in node]
            end += 1
            longest = end - start if any(node.ends for node in nodes) else longest
        return longest

    def ending(self, row: Sequence[str], end: int) -> int:
        """How many words the longest phrase that ends before `end` takes; 0 when none does."""
        for length in range(min(end, 6), 0, -1):
            if tuple(row[end - length : end]) in self.forms:
                return length
        return 0

    def spans(self, row: Sequence[str]) -> Iterator[tuple[int, int]]:
        """Where phrases stand in the row, the longest first at each place, without overlap."""
        start = 0
        while start < len(row):
            length = self.at(row, start)
            if length:
                yield start, start + length
            start += length or 1

    def found_in(self, row: Sequence[str]) -> bool:
        return any(self.at(row, start) for start in range(len(row)))


@lru_cache(maxsize=512)
def phrasebook(phrases: tuple[str, ...]) -> Phrasebook:
    """The phrases spelled out; made once for each list."""
    return Phrasebook(phrases)


def value_at(table: Mapping[str, T], row: Sequence[str], at: int) -> tuple[T, int] | None:
    """The value named at this place by the longest of the table's phrases, and where it ends."""
    length = phrasebook(tuple(table)).at(row, at)
    if not length:
        return None
    return table[_keys(tuple(table))[tuple(row[at : at + length])]], at + length


@lru_cache(maxsize=64)
def _keys(keys: tuple[str, ...]) -> dict[tuple[str, ...], str]:
    return {form: key for key in keys for form in phrasebook((key,)).forms}


@lru_cache(maxsize=8192)
def _words(text: str) -> tuple[str, ...]:
    return row_of(tokens(text))


def _forms(phrase: str) -> list[tuple[str, ...]]:
    places: list[list[tuple[str, ...]]] = []
    for element in phrase.split():
        optional = len(element) > 1 and element.endswith("?")
        spelled = element[:-1] if optional else element
        choices = spelled.split("|") if len(spelled) > 1 else [spelled]
        place = [_words(choice) for choice in choices]
        places.append([*place, ()] if optional else place)
    count = 1
    for place in places:
        count *= len(place)
    if count > _MAX_FORMS:
        raise ValueError(f"“{phrase}” spells out {count} phrases; {_MAX_FORMS} is the most")
    forms = [sum(choice, ()) for choice in product(*places)]
    if not all(forms) or not forms:
        raise ValueError(f"“{phrase}” can be empty: leave a word in it that is not optional")
    return forms
