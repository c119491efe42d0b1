"""A lift's sets in parts: the numbers and the words between them, before it is known what each number is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple

from bot.coach.phrasebook import Phrasebook, phrasebook
from bot.coach.replies.cleaning import MOST_TOKENS, without_noise
from bot.coach.replies.figures import SAFE_DIGITS, Figure, figure_at
from bot.coach.replies.units import unit_at
from bot.coach.tokens import Token, row_of, tokens
from bot.coach.words import Words


class Part(NamedTuple):
    """A number, or what a word between numbers says about them."""

    kind: Literal["figure", "times", "sets", "reps", "at", "of", "body", "next"]
    value: float = 0
    unit: str | None = None


def set_parts(text: str, words: Words) -> list[Part] | None:
    """The message as parts, or None when a word of it is none."""
    found = list(without_noise(list(tokens(text.replace("\n", ";")))))
    found = _unglued(found, words)[: 3 * MOST_TOKENS]
    row = row_of(found)
    books: tuple[tuple[Literal["times", "sets", "reps", "at", "of", "body", "next"], Phrasebook], ...] = (
        ("body", phrasebook(words.lifts.bodyweight)),
        ("times", phrasebook(words.lifts.times)),
        ("sets", phrasebook(words.lifts.sets)),
        ("reps", phrasebook(words.lifts.reps)),
        ("at", phrasebook(words.lifts.at)),
        ("of", phrasebook(words.lifts.of)),
        ("next", phrasebook(words.lifts.next)),
    )
    skipped = (phrasebook(words.hedges), phrasebook(words.fillers))
    parts: list[Part] = []
    at = 0
    while at < len(found):
        named = next(((kind, book.at(row, at)) for kind, book in books if book.at(row, at)), None)
        figure = None if named else _load_or_reps(found, at, words)
        if named:
            parts.append(Part(named[0]))
            at += named[1]
        elif figure:
            unit, at = unit_at(row, figure.end, words, ("kg", "lb"))
            if unit in ("kg", "lb"):
                parts.append(Part("figure", figure.values[0], unit))
            else:
                at = figure.end
                parts.append(Part("figure", figure.values[0]))
        elif any(book.at(row, at) for book in skipped):
            at += max(book.at(row, at) for book in skipped)
        else:
            return None
    return parts


def _unglued(found: Sequence[Token], words: Words) -> list[Token]:
    """ "60kgx8" is cut as "60 kg x 8"."""
    split: list[Token] = []
    times = phrasebook(words.lifts.times)
    units = phrasebook((*words.units.get("kg", ()), *words.units.get("lb", ())))
    for token in found:
        stem, last = token.text[:-1], token.text[-1:]
        if (last,) in times and (stem,) in units:
            split += [Token(stem, token.glued), Token(last, True)]
        else:
            split.append(token)
    return split


def _load_or_reps(found: Sequence[Token], at: int, words: Words) -> Figure | None:
    """A number; a comma is decimal only before a unit or a times sign ("22,5x8"), not in "8,8,7"."""
    figure = figure_at(found, at, words)
    if figure is None or not found[at].is_digits:
        return figure
    comma = figure.end > at + 1 and found[at + 1].text == ","
    row = row_of(found)
    if comma:
        after = phrasebook(words.lifts.times).at(row, figure.end)
        unit, _ = unit_at(row, figure.end, words, ("kg", "lb"))
        quarter = found[at + 2].text in ("5", "25", "75")
        if figure.end != at + 3 or not quarter or not (after or unit in ("kg", "lb")):
            return Figure((float(found[at].text),), at + 1) if len(found[at].text) <= SAFE_DIGITS else None
    # Only the last reading: a load of "1.234" is no thousand.
    return Figure(figure.values[-1:], figure.end)


def grouped(parts: Sequence[Part]) -> list[list[Part]] | None:
    """Numbers joined by × or "sets of" stay together; every group is one number or one product."""
    groups: list[list[Part]] = []
    joined = False
    loads = False
    for part in parts:
        if part.kind in ("times", "of"):
            joined = bool(groups)
        elif part.kind == "next":
            joined = loads = False
        elif part.kind == "at":
            joined, loads = False, True
        elif part.kind in ("sets", "reps"):
            if not groups or groups[-1][-1].kind not in ("figure",):
                return None
            last = groups[-1][-1]
            groups[-1][-1] = Part(part.kind, last.value, last.unit)
            if part.kind == "sets":
                joined = True
        elif part.kind == "body":
            groups.append([part])
            joined = False
        elif loads:
            groups.append([Part("at", part.value, part.unit)])
            joined = loads = False
        elif joined and groups[-1][-1].kind != "body":
            groups[-1].append(part)
            joined = False
        else:
            groups.append([part])
            joined = False
    return groups
