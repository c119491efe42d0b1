"""The words of a language as data, and how a message is cut into words, so that no language stands in code.

A phrase in a word list is words separated by spaces. `a|b` is either word, `a?` a word that may be missing.
Case, accents and apostrophes make no difference: "Can't" and "cant" are one word.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import permutations, product
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

MAX_TEXT = 4096  # Telegram's limit for a message; longer text is cut, which bounds the time of every reader
_MAX_FORMS = 2000  # forms one phrase may spell out
_SHORTEST_RUN = 8  # letters; shorter runs are words of their own
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


class _Tree(dict[str, "_Tree"]):
    """The words that may follow, and whether a phrase ends here."""

    ends = False


class Phrasebook:
    """A list of phrases spelled out, to look for in a row of words."""

    def __init__(self, phrases: Iterable[str]) -> None:
        self.forms = frozenset(form for phrase in phrases for form in _forms(phrase))
        self._index()

    @classmethod
    def of(cls, forms: Iterable[tuple[str, ...]]) -> Phrasebook:
        """A book of phrases that are cut into words already."""
        book = cls(())
        book.forms = frozenset(forms)
        book._index()
        return book

    def _index(self) -> None:
        # A tree of words, so that a thousand forms that begin alike cost no more than one.
        self._tree = _Tree()
        for form in self.forms:
            node = self._tree
            for word in form:
                node = node.setdefault(word, _Tree())
            node.ends = True

    def __contains__(self, row: Sequence[str]) -> bool:
        return tuple(row) in self.forms

    @property
    def firsts(self) -> Collection[str]:
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
        nodes = [self._tree]
        longest, end = 0, start
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
    return str(unicodedata.decimal(char)) if category == "Nd" else char


def _is_accent(char: str) -> bool:
    return "\u0300" <= char <= "\u036f" or "\U0001f3fb" <= char <= "\U0001f3ff"


def _forms(phrase: str) -> list[tuple[str, ...]]:
    places: list[list[tuple[str, ...]]] = []
    for element in phrase.split():
        optional = len(element) > 1 and element.endswith("?")
        spelled = element[:-1] if optional else element
        choices = spelled.split("|") if len(spelled) > 1 else [spelled]
        place = [tuple(token.text for token in tokens(choice)) for choice in choices]
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


def _readable(phrases: tuple[str, ...]) -> tuple[str, ...]:
    phrasebook(phrases)
    seen = set[str]()
    for phrase in phrases:
        if phrase in seen:
            raise ValueError(f"“{phrase}” stands here twice")
        seen.add(phrase)
    return phrases


def _readable_keys(table: Mapping[str, object]) -> Mapping[str, object]:
    _readable(tuple(table))
    return table


def _clock(value: object) -> object:
    if isinstance(value, str) and re.fullmatch(r"\d{1,2}:\d\d", value):
        hours, minutes = value.split(":")
        if int(hours) < 24 and int(minutes) < 60:
            return dt.time(int(hours), int(minutes))
    raise ValueError('write a time in quotes, as "8:00" or "19:30"')


Phrases = Annotated[tuple[str, ...], AfterValidator(_readable)]
Some = Annotated[Phrases, Field(min_length=1)]
Clock = Annotated[dt.time, BeforeValidator(_clock)]
Days = tuple[Annotated[int, Field(ge=0, le=6)], ...]
Numbered = Annotated[dict[str, Annotated[int, Field(ge=0)]], AfterValidator(_readable_keys)]


class Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Numbers(Model):
    """Numbers in words."""

    words: Numbered
    """From zero to ninety: "twenty five" is put together."""
    multipliers: Numbered
    """"hundred": 100."""
    fractions: Annotated[dict[str, float], AfterValidator(_readable_keys)]
    articles: Some
    plus: Some
    """Between the parts of a number: "a hundred AND ten", "one AND a half"."""
    point: Some
    out_of: Some
    """Between a score and its scale: "8 OUT OF 10"."""
    ranges: Some
    """Between two ends: "10 TO 15"."""
    range_starts: Some
    comparisons: Some
    """"more than": the number is not the answer."""


class DayPart(Model):
    """A part of the day: the time its name alone means, and between which times a bare hour belongs to it."""

    words: Some
    at: Clock
    from_: Clock = Field(alias="from")
    until: Clock

    def holds(self, time: dt.time) -> bool:
        """Whether the time of day lies in it; it may run over midnight."""
        if self.from_ < self.until:
            return self.from_ <= time < self.until
        return time >= self.from_ or time < self.until


class Times(Model):
    """Times of day in words."""

    am: Some
    pm: Some
    hour_marks: Some
    """"o'clock", the h of "19h30"."""
    past: Some
    to: Some
    minutes: Numbered
    """"quarter": 15, for "quarter to 8"."""
    moments: Annotated[dict[str, Clock], AfterValidator(_readable_keys)]
    day_parts: tuple[DayPart, ...]
    sleep_marks: Some
    """Words around two times of a night: "bed at 11, UP AT 7"."""


class Choices(Model):
    """Words for picking among options."""

    ordinals: Numbered
    option_marks: Some
    none: Some
    all: Some
    lists: Some
    """Between two things named: "1 AND 3"."""
    negating_prefixes: tuple[str, ...]
    """"un": "comfortable" is never taken for a slip of "uncomfortable"."""


class DaysOfWeek(Model):
    names: Annotated[tuple[Some, ...], Field(min_length=7, max_length=7)]
    """Monday first."""
    groups: Annotated[dict[str, Days], AfterValidator(_readable_keys)]
    except_: Some = Field(alias="except")
    through: Some
    fillers: Some


class Lifts(Model):
    """Words in a lift's sets."""

    times: Some
    sets: Some
    reps: Some
    at: Some
    of: Some
    bodyweight: Some
    next: Some
    """Between two sets."""


class Activity(Model):
    done: Some
    """Says that it happened: "walked"."""
    named: Phrases = ()
    """Names it: "walk"."""


class Entries(Model):
    """Words for writing something into the log."""

    walk: Activity
    sleep: Activity
    cold: Activity
    meals: Annotated[dict[str, Phrases], AfterValidator(_readable_keys)]
    after: Some
    yesterday: Some
    blockers: Some
    """Words that make it a plan, a question, a habit, a no, or somebody else's."""
    around: Some
    """Words that may stand beside an entry and change nothing."""


class Stop(Model):
    alone: Some
    """The whole message."""
    leading: Some
    """The beginning of a message."""


Kind = Literal["emergency", "self_harm"]
Certainty = Literal["now", "unclear"]
Weight = Literal["now", "unclear", "pass"]


class Sign(Model):
    """One thing that must be answered first: a phrase, or words of every group close together."""

    id: str
    kind: Kind
    phrases: Phrases = ()
    together: tuple[Some, ...] = ()
    closing: Phrases = ()
    """Phrases that count only as the end of a sentence: "I can't go on", but not "… on Tuesday"."""
    within: int = Field(8, ge=2, le=40)
    """How many words `together` may span."""
    certainty: Certainty = "now"
    negated: Weight = "pass"
    """What "no …" makes of it."""
    training: Weight = "now"
    """What words of training or laughter in the message make of it."""

    @model_validator(mode="after")
    def _has_words(self) -> Sign:
        if bool(self.phrases or self.closing) == bool(self.together):
            raise ValueError(f"{self.id}: give it phrases or together, one of the two")
        if len(self.together) == 1:
            raise ValueError(f"{self.id}: one group alone is phrases")
        return self


class RedFlags(Model):
    """What an emergency sounds like, and what only sounds like one."""

    signs: tuple[Sign, ...]
    idioms: Some
    """Taken out before signs are looked for: "chest press", "kill for a pizza"."""
    lookalikes: tuple[str, ...]
    """Real words that are no slip of an emergency word: "cheat" is not "chest"."""
    negators: Some
    not_negating: Some
    """"no idea": begins as a negation and is none."""
    bridges: Some
    """Words that may stand between a negator and a sign: "no history of"."""
    denials: Some
    """"chest pain? none"."""
    but: Some
    past: Some
    present: Some
    others: Some
    mine: Some
    questions: Some
    """How a sentence begins that only asks: "what if"."""
    training: Some
    elsewhere: Some
    """Other places that hurt: "knee pain" is not the chest's."""
    joiners: Some

    @cached_property
    def vocabulary(self) -> frozenset[str]:
        """Every word of every sign."""
        return frozenset(word for group in self._groups for form in phrasebook(group).forms for word in form)

    @cached_property
    def run_together(self) -> Mapping[str, tuple[str, ...]]:
        """Signs typed without a space: "chestpain", "killmyself"."""
        forms = [form for group in self._groups for form in phrasebook(group).forms if 1 < len(form) < 4]
        for sign in self.signs:
            singles = [
                [form for form in phrasebook(group).forms if len(form) == 1] for group in sign.together
            ]
            forms += [first + second for pair in permutations(singles, 2) for first, second in product(*pair)]
        joined = {"".join(form): form for form in forms if sum(map(len, form)) >= _SHORTEST_RUN}
        return {run: form for run, form in joined.items() if run not in self.vocabulary}

    @cached_property
    def _groups(self) -> tuple[tuple[str, ...], ...]:
        return tuple(g for sign in self.signs for g in (sign.phrases, sign.closing, *sign.together) if g)


class Words(Model):
    """The word lists of one language."""

    numbers: Numbers
    units: dict[str, Some]
    """By the ids the readers know: kg, lb, st, g, min, h, s, cm, m, ft, in, km, mi, c, f, mmol_l, mg_dl …"""
    hedges: Some
    """Make a number a rough one: "about"."""
    hedge_endings: tuple[str, ...]
    """"ish", grown onto the number."""
    fillers: Some
    """Mean nothing beside an answer: "sorry"."""
    lab_words: Some
    """Mean nothing beside a blood value: "fasting glucose"."""
    negators: Some
    yes: Some
    no: Some
    not_sure: Some
    back: Some
    skip: Some
    stop: Stop
    times: Times
    choices: Choices
    days: DaysOfWeek
    lifts: Lifts
    entries: Entries
    red_flags: RedFlags
