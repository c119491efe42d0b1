"""How hard an English text is to read: the Flesch-Kincaid grade, a US school year.

0.39 * words per sentence + 11.8 * syllables per word - 15.59, from J. P. Kincaid, R. P. Fishburne, R. L. Rogers and
B. S. Chissom, "Derivation of New Readability Formulas for Navy Enlisted Personnel", Research Branch Report 8-75, 1975.
The textstat package computes the same, but fetches a dictionary of sounds over the network when it first runs; here
syllables are counted by the letters, and a language's style.yaml lists the words where that goes wrong.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

_TAG = re.compile(r"</?[a-zA-Z][^<>]*>")
_PLACEHOLDER = re.compile(r"\{\{\s*(\w+)(.*?)\}\}")
_SPARE = re.compile(r"\|\s*or\(\s*(['\"])(.*?)\1\s*\)")
_WORD = re.compile(r"[^\W\d_]+(?:[’'][^\W\d_]+)*|\d[\d.,:/×]*")
_SENTENCE = re.compile(r"[.!?…]+(?=[\s”\"')]|$)|\n+")
_DIGITS = re.compile(r"\d")
_VOWELS = re.compile(r"[aeiouy]+")
_APART = re.compile(r"[aeiou]ing|i(?=e(r|st)$)|i[ao](?!u)|eo(?!u)|ua|uou|[^q]uity|yi|ia|iu|oa(?=[^dtkrl])|sm$")
_TOGETHER = re.compile(r"[tscgx]i[ao]|gua|qua|dua?l$|oa")
_SILENT = re.compile(
    r"(?<=[^aeiouy])e(?=(ly|ful|fully)$)"  # nicely, careful
    r"|(?<=[^aeiouyl])e$|(?<=[aeiouy]l)e$"  # time, while; not little
    r"|(?<=[^aeioutdy])ed$|(?<=[aeiouy])ed$"  # walked, agreed; not lifted
    r"|(?<=[^aeiouysxzcg])es$"  # times; not boxes
)


def grade(text: str, syllables: Mapping[str, int] | None = None) -> float:
    """The Flesch-Kincaid grade of a text, placeholders and tags taken out. 0 for a text without words."""
    words, sentences = counted(text)
    if not words:
        return 0.0
    sounds = sum(syllables_of(word, syllables or {}) for word in words)
    return 0.39 * len(words) / sentences + 11.8 * sounds / len(words) - 15.59


@lru_cache(maxsize=8192)
def counted(text: str) -> tuple[tuple[str, ...], int]:
    """The words of a text and how many sentences they make; the end of a line ends a sentence."""
    sentences = [_WORD.findall(part) for part in _SENTENCE.split(plain_words(text))]
    filled = [words for words in sentences if words]
    return tuple(word for words in filled for word in words), len(filled)


def plain_words(text: str, *, named: bool = False) -> str:
    """The text as a person may read it: a placeholder is what `or` says, or one short word; if `named`, [its name]."""

    def fill(found: re.Match[str]) -> str:
        spare = _SPARE.search(found[2])
        return f"[{found[1]}]" if named else spare[2] if spare else "it"

    return _TAG.sub("", _PLACEHOLDER.sub(fill, text)).replace("&amp;", "&").replace("&lt;", "<")


def syllables_of(word: str, known: Mapping[str, int]) -> int:
    """How many syllables an English word has, by its letters unless the word is known. A figure counts as one."""
    word = word.lower().replace("’", "'")
    if _DIGITS.match(word):
        return 1
    for form in (word, word.removesuffix("'s"), word.removesuffix("s")):
        if form in known:
            return known[form]
    return _by_letters(word)


@lru_cache(maxsize=16384)
def _by_letters(word: str) -> int:
    word = re.sub(r"'(s|ll|ve|re|d|m|t)?", r"\1" if word.endswith("n't") else "", word)
    groups = len(_VOWELS.findall(word))
    groups += len(_APART.findall(word)) - len(_TOGETHER.findall(word)) - len(_SILENT.findall(word))
    return max(groups, 1)
