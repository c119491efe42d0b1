"""Takes noise, fillers and hedges out of a message, so that what is left is the answer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from bot.coach.phrasebook import Phrasebook, phrasebook
from bot.coach.tokens import Token, row_of, tokens
from bot.coach.words import Words

_KEPT = frozenset("-/@*×+&#'\"°%~≈<>≤≥=⁄|;µ")
MOST_TOKENS = 60  # no answer to a question of these kinds is longer; it bounds what tries every split


def clean(text: str, words: Words) -> tuple[list[Token], bool]:
    """The tokens without noise, fillers and hedges; and whether there was a hedge."""
    found = list(without_noise(list(tokens(text))))
    row = row_of(found)
    hedges, fillers = phrasebook(words.hedges), phrasebook(words.fillers)
    kept: list[Token] = []
    rough, at = "?" in text, 0
    while at < len(found):
        hedge = hedges.at(row, at)
        rough = rough or hedge > 0
        skipped = hedge or fillers.at(row, at)
        if not skipped:
            kept.append(_without_ending(found[at], words))
            rough = rough or kept[-1] != found[at]
        at += skipped or 1
    while kept and kept[0].text == ",":
        kept.pop(0)
    while kept and kept[-1].text == ",":
        kept.pop()
    return kept[:MOST_TOKENS], rough


def without_noise(found: list[Token]) -> Iterator[Token]:
    """The tokens that can carry an answer; a point or colon only inside a number."""
    dropped = False
    for at, token in enumerate(found):
        after = found[at + 1] if at + 1 < len(found) else Token(" ")
        between = at > 0 and found[at - 1].is_digits and after.is_digits
        if token.text in ".:":
            keep = between and (token.text == ":" or (token.glued and after.glued))
        else:
            keep = token.text[0].isalnum() or token.text == "," or token.text in _KEPT
        if keep:
            yield replace(token, glued=False) if dropped else token
        dropped = not keep


def _without_ending(token: Token, words: Words) -> Token:
    """ "sevenish" is seven."""
    for ending in words.hedge_endings:
        stem = token.text.removesuffix(ending)
        if stem != token.text and (stem,) in phrasebook(tuple(words.numbers.words)):
            return Token(stem, token.glued)
    return token


def without(found: Sequence[Token], book: Phrasebook) -> list[Token]:
    """The tokens that stand in none of the book's phrases."""
    row = row_of(found)
    dropped = {at for start, end in book.spans(row) for at in range(start, end)}
    return [token for at, token in enumerate(found) if at not in dropped]
