"""How a message is normalised and cut into words, numbers and signs, the same for every reader."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

MAX_TEXT = 4096  # Telegram's limit for a message; longer text is cut, which bounds the time of every reader
_TOKEN = re.compile(r"\d+|[^\W\d_]+|\S")
_APOSTROPHES = str.maketrans(dict.fromkeys("‘’‛ʼ`´＇", "'"))
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−﹣－", "-"))
_ENDS = frozenset(".!?…;")


def normalise(text: str) -> str:
    """One line: NFKC, with ASCII digits, dashes and apostrophes; no control, joining or direction marks.

    At most MAX_TEXT characters come back. Case, accents and emoji stay.
    """
    text = "".join(_spaced(char) for char in text[:MAX_TEXT])
    # One sign may become eighteen letters.
    text = "".join(_plain(char) for char in unicodedata.normalize("NFKC", text)[:MAX_TEXT])
    # Once more: what stood on both sides of a joining mark may now be one letter.
    text = unicodedata.normalize("NFKC", text)
    return " ".join(text.translate(_APOSTROPHES).translate(_DASHES).split())[:MAX_TEXT].rstrip()


def fold(text: str) -> str:
    """Normalised text without case, accents, skin tones and apostrophes in words: only for comparing."""
    text = unicodedata.normalize("NFKD", normalise(text).casefold())
    text = "".join(char for char in text if not _is_accent(char))
    return re.sub(r"(?<=[^\W\d_])'(?=[^\W\d_])", "", text)


@dataclass(frozen=True, slots=True)
class Token:
    """A run of digits, a run of letters or one sign, and whether it touches the one before."""

    text: str
    glued: bool = False

    @property
    def is_digits(self) -> bool:
        return self.text.isdigit()

    @property
    def is_word(self) -> bool:
        return self.text.isalpha()


@lru_cache(maxsize=256)
def tokens(text: str) -> tuple[Token, ...]:
    """The folded text cut into runs of digits, runs of letters and single signs."""
    found: list[Token] = []
    end = -1
    for match in _TOKEN.finditer(fold(text)):
        found.append(Token(match[0], match.start() == end))
        end = match.end()
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Word:
    """A word or number of a message, and what stood before it: "", "," or "." for a sentence's end."""

    text: str
    after: Literal["", ",", "."] = ""


def sentence_words(text: str) -> tuple[Word, ...]:
    """The words of a message in order, for readers that care where a sentence ends but not about signs."""
    found: list[Word] = []
    mark: Literal["", ",", "."] = ""
    # normalise makes a line break a space, and frightened people end sentences with it.
    for token in tokens(text.replace("\n", " . ")):
        if token.text[0].isalnum():
            found.append(Word(token.text, mark))
            mark = ""
        elif token.text in _ENDS:
            mark = "."
        elif token.text in ",:-" and mark == "":
            mark = ","
    return tuple(found)


def row_of(found: Iterable[Token]) -> tuple[str, ...]:
    """The tokens as a row of words, to look phrases up in."""
    return tuple(token.text for token in found)


def _spaced(char: str) -> str:
    # NFKC would turn "7½" into "71⁄2" and "10²" into "102".
    kind = unicodedata.decomposition(char)
    return f" {char}" if kind.startswith(("<fraction>", "<super>", "<sub>")) else char


def _plain(char: str) -> str:
    if char.isascii():
        return char if char.isprintable() else " " if char.isspace() else ""
    category = unicodedata.category(char)
    if category in ("Zs", "Zl", "Zp"):
        return " "
    # Selectors and keycaps: "7️⃣" is a 7.
    if category in ("Cc", "Cf", "Cs", "Me") or "\ufe00" <= char <= "\ufe0f":
        return ""
    # "❹" too is a digit, though no decimal: what only looks like one to us would be a word to int().
    return str(unicodedata.digit(char)) if char.isdigit() else char


def _is_accent(char: str) -> bool:
    return "\u0300" <= char <= "\u036f" or "\U0001f3fb" <= char <= "\U0001f3ff"
