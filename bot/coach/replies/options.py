"""Reads which of a question's options are meant, for those who type what they could have tapped."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.coach.phrasebook import Phrasebook, phrasebook, value_at
from bot.coach.replies.cleaning import MOST_TOKENS
from bot.coach.replies.messages import answers, rest_of, spoken, squeeze_long
from bot.coach.replies.outcomes import Read, Unread
from bot.coach.replies.slips import LONGEST_SLIP, alike, changes_sense, is_slip, letters_off
from bot.coach.tokens import row_of, tokens
from bot.coach.words import Words

_PREFIX_FROM = 3  # letters that may stand for a whole label


def choice(text: str, words: Words, options: Mapping[str, Sequence[str]]) -> Read[str] | Unread[str]:
    """The id of the option the message names; options map an id to its label and other words for it.

    Forgives case, punctuation, emoji, fillers, small slips, a beginning that fits one option, and takes its
    number. "not done" is never "Done". What only comes near is offered, at most two.
    """
    row = spoken(text)
    labels = {
        option: [label for label in (spoken(label) for label in names) if label] for option, names in options.items()
    }
    if not row or len(row) > MOST_TOKENS:
        return Unread("no_match")
    short = rest_of(row, phrasebook(words.fillers)) or row
    typed = {row, short, tuple(str(words.numbers.words.get(word, word)) for word in short)}
    for fits in (_same, _in_place, _begins, _slipped):
        found = [o for o, names in labels.items() if any(fits(r, names, labels, words) for r in typed)]
        if len(found) == 1:
            return Read(found[0], guessed=fits is _slipped)
        if found and fits in (_same, _begins):
            return Unread("did_you_mean", tuple(found[:2])) if len(found) == 2 else Unread("no_match")
    near = _nearest(short, labels, words)
    if near:
        return Unread("did_you_mean", near)
    return Unread("negated" if phrasebook(words.negators).found_in(row) else "no_match")


Labels = Mapping[str, Sequence[tuple[str, ...]]]


def _same(row: tuple[str, ...], names: Sequence[tuple[str, ...]], labels: Labels, words: Words) -> bool:
    joined = "".join(squeeze_long(row))
    return any(row == name or joined == "".join(squeeze_long(name)) for name in names)


def _in_place(row: tuple[str, ...], names: Sequence[tuple[str, ...]], labels: Labels, words: Words) -> bool:
    """The option's number or ordinal; not where labels are numbers ("5 min") or hold this one ("Walk 5 min")."""
    if any(word[0].isdigit() for each in labels.values() for name in each for word in name[:1]):
        return False
    place = _place(row, words)
    if _bare_number(row, words) in {word for each in labels.values() for name in each for word in name}:
        return False
    listed = list(labels.values())
    return place is not None and 0 < place <= len(listed) and listed[place - 1] is names


def _bare_number(row: tuple[str, ...], words: Words) -> str | None:
    """The number that is all the message says: "5", "five"; not "option 5" or "the fifth"."""
    number = str(words.numbers.words.get(row[0], row[0]))
    return number if len(row) == 1 and number.isdigit() else None


def _place(row: tuple[str, ...], words: Words) -> int | None:
    rest = rest_of(row, phrasebook(words.choices.option_marks)) or row
    if len(rest) != 1:
        return None
    if rest[0].isdigit() and len(rest[0]) < 3:
        return int(rest[0])
    for table in (words.numbers.words, words.choices.ordinals):
        named = value_at(table, rest, 0)
        if named:
            return named[0]
    return None


def _begins(row: tuple[str, ...], names: Sequence[tuple[str, ...]], labels: Labels, words: Words) -> bool:
    """The beginning of a label, in whole words or at least three letters of its last one."""
    typed, book = " ".join(row), phrasebook(words.negators)
    if book.found_in(row) or (row[-1].isdigit() and len(row) > 1):
        return False
    for name in names:
        whole_words = row == name[: len(row)]
        letters = len(typed) >= _PREFIX_FROM and " ".join(name).startswith(typed) and not row[-1].isdigit()
        # "5 minutes" for "5 min"
        longer = name[0].isdigit() and len(row) == len(name) and typed.startswith(" ".join(name))
        if letters or longer or (whole_words and (len(typed) > 1 or row[-1].isdigit())):
            return True
    return False


def _slipped(row: tuple[str, ...], names: Sequence[tuple[str, ...]], labels: Labels, words: Words) -> bool:
    return any(is_slip(row, name, words) for name in names)


def _nearest(row: tuple[str, ...], labels: Labels, words: Words) -> tuple[str, ...]:
    """Up to two options that share a meaning word or come within a third of their letters."""
    scores: dict[str, float] = {}
    for option, names in labels.items():
        score = max((_likeness(row, name, words) for name in names), default=0.0)
        if score > 0:
            scores[option] = score
    ranked = sorted(scores, key=lambda option: -scores[option])
    if len(ranked) > 2 and scores[ranked[1]] == scores[ranked[2]]:
        ranked = ranked[:1] if scores[ranked[0]] > scores[ranked[1]] else []
    return tuple(ranked[:2])


def _likeness(row: tuple[str, ...], name: tuple[str, ...], words: Words) -> float:
    if changes_sense(row, name, words):
        return 0.0
    if Phrasebook.of([name]).found_in(row):
        return 2.0 + len(name)
    if _bare_number(row, words) in name:
        return 1.0
    telling = [word for word in name if len(word) > 3]
    shared = [word for word in telling if any(alike(word, other) for other in row)]
    if shared:
        return len(shared) / len(telling)
    typed, label = " ".join(row), " ".join(name)
    third = min(len(typed), len(label), 24) // 3
    if len(typed) > LONGEST_SLIP or not third or any(word.isdigit() for word in (*row, *name)):
        return 0.0
    distance = letters_off(typed, label, limit=third)
    return 0.0 if distance is None else 0.5 - distance / 100


def several(text: str, words: Words, options: Mapping[str, Sequence[str]]) -> Read[tuple[str, ...]] | Unread[str]:
    """The ids of all options the message names, in their order; () for "none", every id for "all".

    One part that cannot be read leaves the whole unread, with what that part may have meant.
    """
    whole = choice(text, words, options)
    if isinstance(whole, Read) and not whole.guessed:
        return Read((whole.value,))
    if answers(text, words, words.choices.none):
        return Read(())
    if answers(text, words, words.choices.all):
        return Read(tuple(options))
    chosen: set[str] = set()
    guessed = False
    parts = _parts(text, words, options)
    if len(parts) > 2 * len(options) + 2:
        return Unread("no_match")
    for part in parts:
        read = choice(part, words, options)
        if isinstance(read, Unread):
            return read
        chosen.add(read.value)
        guessed = guessed or read.guessed
    if not chosen:
        return Unread("no_match")
    return Read(tuple(option for option in options if option in chosen), guessed=guessed)


def _parts(text: str, words: Words, options: Mapping[str, Sequence[str]]) -> list[str]:
    """The message cut at commas, and at "and" where that is not inside a label ("sleep and stress")."""
    row = row_of(tokens(text.replace("\n", ",")))
    lists = phrasebook(words.choices.lists)
    labels = [spoken(label) for names in options.values() for label in names]
    joined = Phrasebook.of(label for label in labels if label and lists.found_in(label))
    parts: list[list[str]] = [[]]
    at = 0
    while at < len(row):
        length = joined.at(row, at)
        if length:
            parts[-1] += row[at : at + length]
        elif row[at] in (",", ";", "+", "&", "/", "|") or lists.at(row, at):
            length = lists.at(row, at)
            parts.append([])
        else:
            digit_after_digit = row[at].isdigit() and parts[-1][-1:] and parts[-1][-1].isdigit()
            if digit_after_digit:
                parts.append([])
            parts[-1].append(row[at])
        at += length or 1
    return [" ".join(part) for part in parts if part]
