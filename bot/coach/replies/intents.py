"""Reads yes and no, the words that stand for a button (back, skip, not sure, stop), and what needs no question:
a greeting, thanks, a call for help, the wish to be forgotten and news about one's health."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from bot.coach.phrasebook import Phrasebook, phrasebook
from bot.coach.replies.messages import answers, rest_of, spoken, squeeze_long
from bot.coach.replies.outcomes import Read, Unread
from bot.coach.tokens import sentence_words
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


def is_greeting(text: str, words: Words) -> bool:
    """Whether the message only greets."""
    return answers(text, words, words.greeting)


def is_thanks(text: str, words: Words) -> bool:
    """Whether the message only thanks."""
    return answers(text, words, words.thanks)


def is_help(text: str, words: Words) -> bool:
    """Whether the message only asks what to do or what the coach can do. Look for red flags first."""
    return answers(text, words, words.help)


def is_no_numbers(text: str, words: Words) -> bool:
    """Whether the message only asks to be spared numbers."""
    return answers(text, words, words.no_numbers)


def is_why(text: str, words: Words) -> bool:
    """Whether the message only asks why something was said, or how sure that is."""
    return answers(text, words, words.why)


def is_delete(text: str, words: Words) -> bool:
    """Whether the message only asks to have everything deleted; not "delete my last entry"."""
    return answers(text, words, words.delete)


def changes_health(text: str, words: Words) -> bool:
    """Whether the person tells something new that safety depends on: "I'm 8 weeks pregnant", "I started insulin".

    A no, a wish, a question and what was years ago are no news.
    """
    news = words.health_news
    blockers, past = phrasebook(news.blockers), phrasebook(news.past)
    return any(
        not blockers.found_in(row[:start]) and not past.found_in(row[start:])
        for row in _sentences(text, words)
        for start in _news(row, words)
    )


def _news(row: tuple[str, ...], words: Words) -> Iterator[int]:
    """Where in a sentence news of health begin."""
    news = words.health_news
    medicines = phrasebook(news.medicines)
    yield from (start for start, _ in phrasebook(news.said).spans(row))
    yield from (start for start, end in phrasebook(news.taking).spans(row) if medicines.at(row, end))


def _sentences(text: str, words: Words) -> list[tuple[str, ...]]:
    """The sentences of a message without numbers and words that change nothing."""
    numbers, around = phrasebook(tuple(words.numbers.words)), phrasebook(words.health_news.around)
    rows: list[list[str]] = [[]]
    for word in sentence_words(text):
        if word.after == ".":
            rows.append([])
        alone = (word.text,)
        if not word.text.isdigit() and alone not in numbers and alone not in around:
            rows[-1].append(word.text)
    return [tuple(row) for row in rows]
