"""Reads yes and no, and the words that stand for a button: back, skip, not sure, stop."""

from __future__ import annotations

from typing import Literal

from bot.coach.phrasebook import Phrasebook, phrasebook
from bot.coach.replies.messages import answers, rest_of, spoken, squeeze_long
from bot.coach.replies.outcomes import Read, Unread
from bot.coach.words import Words

YesNo = Literal["yes", "no", "not_sure"]


def yes_no(text: str, words: Words) -> Read[YesNo] | Unread[YesNo]:
    """Yes, no or not sure, when the message says nothing else; "yes, but …" is offered and not taken."""
    if answers(text, words, words.not_sure):
        return Read("not_sure")
    row = squeeze_long(spoken(text))
    lists: dict[YesNo, tuple[str, ...]] = {"no": words.no, "yes": words.yes}
    covered = {answer: _said(row, phrasebook(phrases), words) for answer, phrases in lists.items()}
    whole = [answer for answer, (_, rest) in covered.items() if not rest]
    said = [answer for answer, (count, _) in covered.items() if count]
    if len(whole) == 1 and (len(said) == 1 or (whole[0] == "no" and row in phrasebook(words.no))):
        return Read(whole[0])
    if len(said) == 1:
        return Unread("did_you_mean", (said[0],))
    return Unread("not_yes_or_no")


def _said(row: tuple[str, ...], book: Phrasebook, words: Words) -> tuple[int, tuple[str, ...]]:
    spans = list(book.spans(row))
    dropped = {at for start, end in spans for at in range(start, end)}
    rest = tuple(word for at, word in enumerate(row) if at not in dropped)
    return len(spans), rest_of(rest, phrasebook(words.fillers)) if spans else row or ("",)


def is_back(text: str, words: Words) -> bool:
    """Whether the message only asks to go back or undo."""
    return answers(text, words, words.back)


def is_skip(text: str, words: Words) -> bool:
    """Whether the message only asks to skip the question."""
    return answers(text, words, words.skip)


def is_not_sure(text: str, words: Words) -> bool:
    """Whether the message only says that the person does not know."""
    return answers(text, words, words.not_sure)


def is_stop(text: str, words: Words) -> bool:
    """Whether it asks the coach to stop writing: "stop", "stop messaging me"; not "stop at the park"."""
    if answers(text, words, words.stop.alone):
        return True
    row = spoken(text)
    start = 0
    fillers = phrasebook(words.fillers)
    while fillers.at(row, start):
        start += fillers.at(row, start)
    return phrasebook(words.stop.leading).at(row, start) > 0
