"""Emergency words, found before anything else is read: a missed emergency is worse than a false alarm.

Signs and idioms are data (`RedFlags` in words.yaml). Here is only how words stand for a sign: slips of
spelling, how close they must be, and what makes it somebody else's, long ago, a question or a no.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import accumulate, groupby

from bot.coach.phrasebook import phrasebook
from bot.coach.sign_numbers import has_many_pills, is_low_glucose
from bot.coach.signs import Certainty, Kind, RedFlags, Sign, Weight
from bot.coach.tokens import Word, sentence_words

_SWAP_FROM = 4  # letters a word needs before two swapped letters are forgiven
_SLIP_FROM = 6  # … before one wrong, missing or added letter is forgiven
_SLIP_TO = 20  # longer words are no slip of anything
_ACROSS = 3  # words between two halves of a sign in two sentences: "My chest. It hurts."
_LOOK_BACK = 9  # words a negation may stand before its sign
_FIRST_PERSON = 3  # words before a sign in which "I" makes it the person's own
_SPACED_FROM = 4  # letters typed one by one that make a word
_TORN_FROM = 5  # letters a word needs before one of its letters may stand apart
_RANK: dict[Weight, int] = {"now": 0, "unclear": 1, "pass": 2}

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Flag:
    """A sign in a message. `unclear`: another time, another person, or only a question."""

    kind: Kind
    sign: str
    certainty: Certainty
    also: Kind | None = None
    """The other kind, where the message has both."""


@dataclass(frozen=True, slots=True)
class _Sentence:
    """Where a sentence begins, and what in it makes a sign a question, somebody else's or long ago."""

    start: int
    asks: bool
    others: bool
    past: bool


@dataclass(frozen=True, slots=True)
class _Message:
    """A message's words, what each may stand for, and all that is worked out once for the whole of it."""

    words: tuple[Word, ...]
    row: tuple[str, ...]
    readings: tuple[frozenset[str], ...]
    places: Mapping[str, Sequence[int]]
    """Where each word of the readings stands."""
    number: tuple[int, ...]
    """The sentence each word belongs to."""
    sentences: tuple[_Sentence, ...]
    excused: frozenset[int]
    """Words of "no idea" and its like, which negate nothing."""
    training: bool
    negated: dict[int, Weight] = field(default_factory=dict)
    """What a "no" makes of each place asked about so far: many signs stand at one place."""

    def sentence(self, index: int) -> _Sentence:
        return self.sentences[self.number[index]]


@dataclass(frozen=True, slots=True)
class _Found:
    """A sign's parts, each a span of words."""

    sign: Sign
    parts: tuple[Span, ...]

    @property
    def start(self) -> int:
        return min(start for start, _ in self.parts)

    @property
    def end(self) -> int:
        return max(end for _, end in self.parts)


def find(text: str, table: RedFlags) -> Flag | None:
    """The most certain emergency in a message, or None. Never raises; time grows linearly with the text."""
    message = _read(text, table)
    best: dict[Kind, Flag] = {}
    for sign in table.signs:
        known = best.get(sign.kind)
        if known and _RANK[known.certainty] <= _RANK[sign.certainty]:
            continue
        for found in _found(sign, message, table):
            known = best.get(sign.kind)
            if known and known.certainty == "now":
                break
            weight = _weigh(found, message, table)
            if weight != "pass" and (known is None or weight == "now"):
                best[sign.kind] = Flag(sign.kind, sign.id, weight)
    if "emergency" not in best and is_low_glucose(text, table.low_glucose):
        best["emergency"] = Flag("emergency", table.low_glucose.id, "unclear")
    if has_many_pills(message.row, table.many_pills):
        meant = best.setdefault("self_harm", Flag("self_harm", table.many_pills.id, "unclear"))
        best.setdefault("emergency", Flag("emergency", table.many_pills.id, meant.certainty))
    # The body comes before the wish, where both are as certain.
    flags = sorted(sorted(best.values(), key=lambda flag: flag.kind), key=lambda flag: _RANK[flag.certainty])
    if not flags:
        return None
    first = flags[0]
    return Flag(first.kind, first.sign, first.certainty, flags[1].kind) if len(flags) > 1 else first


# --- from text to words that may stand for a sign


def _read(text: str, table: RedFlags) -> _Message:
    words = tuple(_parted(_mended(sentence_words(text), table), table))
    row = tuple(word.text for word in words)
    readings = [_meanings(word, table) for word in row]
    for start, end in phrasebook(table.idioms).spans(row):
        readings[start:end] = [frozenset[str]()] * (end - start)
    places: dict[str, list[int]] = {}
    for at, reading in enumerate(readings):
        for meaning in reading:
            places.setdefault(meaning, []).append(at)
    number = tuple(accumulate(int(word.after == ".") for word in words))
    return _Message(
        words,
        row,
        tuple(readings),
        places,
        number,
        tuple(_sentences(row, number, table)),
        frozenset(at for start, end in phrasebook(table.not_negating).spans(row) for at in range(start, end)),
        phrasebook(table.training).found_in(row),
    )


def _sentences(row: Sequence[str], number: Sequence[int], table: RedFlags) -> Iterator[_Sentence]:
    start = 0
    # Numbering may begin at one; the list of sentences begins at zero.
    if number and number[0]:
        yield _Sentence(0, False, False, False)
    for _, group in groupby(number):
        end = start + len(list(group))
        part = row[start:end]
        past = phrasebook(table.past).found_in(part) and not phrasebook(table.present).found_in(part)
        asks = phrasebook(table.questions).at(part, 0) > 0
        yield _Sentence(start, asks, phrasebook(table.others).found_in(part), past)
        start = end


def _mended(words: Sequence[Word], table: RedFlags) -> Iterator[Word]:
    """Words torn by spaces put together again: "c hest", "s u i c i d e"."""
    at = run = 0  # where the run of single letters that holds `at` ends
    while at < len(words):
        if run <= at:
            run = at + 1
            while run < len(words) and len(words[run - 1].text) == len(words[run].text) == 1 and not words[run].after:
                run += 1
        # Longer than a word, it is no torn word, and is not worth the time.
        end = run if _SPACED_FROM <= run - at <= _SLIP_TO else at + 1
        joined = "".join(word.text for word in words[at:end])
        if end == at + 1 or joined not in table.vocabulary:
            end = at + 2
            pair = [word.text for word in words[at:end]]
            joined = "".join(pair)
            torn = len(pair) == 2 and not words[at + 1].after and min(map(len, pair)) == 1 and pair[0] not in table.mine
            if not (torn and pair[0].isalpha() and len(joined) >= _TORN_FROM and joined in table.vocabulary):
                end, joined = at + 1, words[at].text
        yield Word(joined, words[at].after)
        at = end


def _parted(words: Iterable[Word], table: RedFlags) -> Iterator[Word]:
    for word in words:
        text = table.typed.get(word.text, word.text)
        first, *rest = table.run_together.get(text, (text,))
        yield Word(first, word.after)
        yield from (Word(more) for more in rest)


def _meanings(word: str, table: RedFlags) -> frozenset[str]:
    return _slips(word, table.vocabulary, frozenset(table.lookalikes))


@lru_cache(maxsize=8192)
def _slips(word: str, vocabulary: frozenset[str], lookalikes: frozenset[str]) -> frozenset[str]:
    """The words of the vocabulary that this one may be a slip of; a known word only stands for itself."""
    if word in vocabulary or word in lookalikes or len(word) < _SWAP_FROM:
        return frozenset({word})
    short = _squeezed(word)
    stretched = frozenset(known for known in _by_squeeze(vocabulary).get(short, ()) if known)
    if len(word) > _SLIP_TO or stretched:
        return stretched | {word}
    near = _by_gap(vocabulary)
    candidates = {known for gap in _gaps(word) for known in near.get(gap, ())}
    return frozenset(known for known in candidates if _is_slip(word, known)) | {word}


@lru_cache(maxsize=8)
def _by_squeeze(vocabulary: frozenset[str]) -> dict[str, list[str]]:
    table: dict[str, list[str]] = {}
    for known in vocabulary:
        if len(known) >= _SWAP_FROM:
            table.setdefault(_squeezed(known), []).append(known)
    return table


@lru_cache(maxsize=8)
def _by_gap(vocabulary: frozenset[str]) -> dict[str, list[str]]:
    """Each word of the vocabulary under its spellings with one letter left out: slips meet there."""
    table: dict[str, list[str]] = {}
    for known in vocabulary:
        if len(known) >= _SWAP_FROM:
            for gap in _gaps(known):
                table.setdefault(gap, []).append(known)
    return table


def _gaps(word: str) -> set[str]:
    return {word} | {word[:at] + word[at + 1 :] for at in range(len(word))}


def _squeezed(word: str) -> str:
    return "".join(letter for letter, _ in groupby(word))


def _is_slip(typed: str, known: str) -> bool:
    if typed[0] != known[0]:
        return False
    if len(typed) == len(known):
        differ = [at for at in range(len(known)) if typed[at] != known[at]]
        if len(differ) == 2 and differ[1] == differ[0] + 1:
            first, second = differ
            return typed[first] == known[second] and typed[second] == known[first]
        return len(differ) == 1 and len(known) >= _SLIP_FROM
    shorter, longer = sorted((typed, known), key=len)
    return len(known) >= _SLIP_FROM and len(longer) - len(shorter) == 1 and shorter in _gaps(longer)


# --- signs among the words


def _found(sign: Sign, message: _Message, table: RedFlags) -> Iterator[_Found]:
    for span in _spans(message, sign.phrases):
        yield _Found(sign, (span,))
    for start, end in _spans(message, sign.closing):
        if end == len(message.row) or message.words[end].after:
            yield _Found(sign, ((start, end),))
    if sign.together:
        yield from _together(message, sign, table)


def _spans(message: _Message, phrases: tuple[str, ...]) -> list[Span]:
    book = phrasebook(phrases)
    starts = sorted({at for first in message.places.keys() & book.firsts for at in message.places[first]})
    if not starts:
        return []
    lengths = ((at, book.at_any(message.readings, at)) for at in starts)
    return [(at, at + length) for at, length in lengths if length]


def _together(message: _Message, sign: Sign, table: RedFlags) -> Iterator[_Found]:
    anchors, *others = [_spans(message, group) for group in sign.together]
    elsewhere = {span for spans in others for span in spans if _elsewhere(message, span, table)}
    for anchor in anchors:
        near = [
            [
                span
                for span in _around(spans, anchor, sign.within)
                if _near(message, anchor, span, sign.within) and (span not in elsewhere or span[0] == anchor[1])
            ]
            for spans in others
        ]
        if not all(near):
            continue
        # With two groups every pair is a reading of its own: "no pain but my chest is tight".
        for span in near[0]:
            yield _Found(sign, (anchor, span, *(spans[0] for spans in near[1:])))


def _around(spans: Sequence[Span], anchor: Span, within: int) -> Sequence[Span]:
    first = bisect_left(spans, (anchor[0] - within, 0))
    return spans[first : bisect_left(spans, (anchor[1] + within, 0))]


def _near(message: _Message, one: Span, other: Span, within: int) -> bool:
    first, second = sorted((one, other))
    if second[0] < first[1] or second[1] - first[0] > within:
        return False
    sentences = message.number[second[0]] - message.number[first[0]]
    # A long reach (vomiting … fruity breath) is a list of complaints, whatever its full stops.
    return sentences == 0 or within > 2 * _LOOK_BACK or second[0] - first[1] < _ACROSS


def _elsewhere(message: _Message, span: Span, table: RedFlags) -> bool:
    """Whether it is another place that hurts: "knee pain", but not "chest and back pain"."""
    book, row = phrasebook(table.elsewhere), message.row
    before = span[0] - 1
    if before < 0 or not book.at(row, before):
        return False
    return before == 0 or not phrasebook(table.joiners).at(row, before - 1)


# --- what a sign is worth


def _weigh(found: _Found, message: _Message, table: RedFlags) -> Weight:
    weights = [_negation(found, message, table), _situation(found, message, table)]
    if message.training:
        weights.append(found.sign.training)
    weights.append(found.sign.certainty)
    return max(weights, key=_RANK.__getitem__)


def _situation(found: _Found, message: _Message, table: RedFlags) -> Weight:
    sentence = message.sentence(found.start)
    # "What's the point of living?" is no question.
    if sentence.asks and found.start > sentence.start and found.sign.kind == "emergency":
        return "unclear"
    if sentence.others and not _is_mine(found, message, table):
        return "unclear"
    return "unclear" if sentence.past else "now"


def _is_mine(found: _Found, message: _Message, table: RedFlags) -> bool:
    mine = phrasebook(table.mine)
    first = max(message.sentence(found.start).start, found.start - _FIRST_PERSON)
    return any(
        mine.at(message.row, at) and not phrasebook(table.others).at(message.row, at + 1)
        for at in range(first, found.end)
    )


def _negation(found: _Found, message: _Message, table: RedFlags) -> Weight:
    for start, _ in found.parts:
        if start not in message.negated:
            message.negated[start] = _negated_before(start, message, table)
    outcomes = [message.negated[start] for start, _ in found.parts]
    if "pass" in outcomes or _denied_after(found.end, message, table):
        return found.sign.negated
    return "unclear" if "unclear" in outcomes else "now"


def _negated_before(start: int, message: _Message, table: RedFlags) -> Weight:
    """ "pass" when a negator reaches the word, "unclear" when only a list with commas lies between."""
    negators, bridges = phrasebook(table.negators), phrasebook(table.bridges)
    but, turns = phrasebook(table.but), phrasebook(table.turns)
    listed = False
    for at in range(start - 1, max(-1, start - 1 - _LOOK_BACK), -1):
        mark = message.words[at + 1].after
        if mark == "." or but.at(message.row, at) or turns.at(message.row, at):
            return "now"
        if at in message.excused:
            return "now"
        if negators.ending(message.row, at + 1):
            # "No, chest pain" answers something else.
            return "now" if mark == "," else "unclear" if listed else "pass"
        listed = listed or mark == ","
        if not bridges.at(message.row, at) and not _is_sign_word(message.readings[at], table):
            return "now"
    return "now"


def _is_sign_word(reading: Collection[str], table: RedFlags) -> bool:
    return not table.listed.isdisjoint(reading)


def _denied_after(end: int, message: _Message, table: RedFlags) -> bool:
    length = phrasebook(table.denials).at(message.row, end)
    after = end + length
    return length > 0 and (after == len(message.row) or message.words[after].after != "")
