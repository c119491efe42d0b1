"""What an emergency sounds like, and what only sounds like one, as data of a language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property
from itertools import permutations, product
from typing import Literal

from pydantic import Field, model_validator

from bot.coach.phrasebook import phrasebook
from bot.coach.word_list import Model, Numbered, Phrases, Some

_SHORTEST_RUN = 8  # letters; shorter runs are words of their own

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


class LowGlucose(Model):
    """A blood glucose told as a number, low enough to be answered first: "my sugar is 45"."""

    id: str
    named: Some
    links: Some
    """Words and signs that may stand between the name and the number."""
    other_tests: Some
    """Tests whose number is another one: HbA1c."""
    units: dict[Literal["mg_dl", "mmol_l"], Some]
    not_of: Some
    """What follows a number that is no glucose: "sugar 45 g"."""
    number_first: Some
    """What stands between, where the number comes first: "45 is my sugar"."""
    spelled: Numbered
    """Numbers written out: "forty five"."""
    point: Some
    """The decimal point written out: "two point five"."""


class ManyPills(Model):
    """A count of tablets too high to be a day's: "took 40 tablets"."""

    id: str
    least: int = Field(ge=1)
    done: Some
    of: Some
    not_of: Some
    """What stands between number and tablets when the number counts something else."""


class RedFlags(Model):
    """What an emergency sounds like, and what only sounds like one."""

    signs: tuple[Sign, ...]
    low_glucose: LowGlucose
    many_pills: ManyPills
    idioms: Some
    """Taken out before signs are looked for: "chest press", "kill for a pizza"."""
    spellings: dict[str, Some]
    """How a word is often typed where no slip of one letter explains it: "tounge" is "tongue"."""
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
    turns: Some
    """Where a new thought begins that an earlier "no" does not reach: "and my"."""
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
        return _words(group for sign in self.signs for group in _groups(sign))

    @cached_property
    def typed(self) -> Mapping[str, str]:
        """What each of the spellings stands for."""
        return {typed: word for word, spellings in self.spellings.items() for typed in spellings}

    @cached_property
    def listed(self) -> frozenset[str]:
        """The words a "no" may reach over: those of the plain signs, for the wide classes hold everyday words."""
        plain = [group for sign in self.signs if sign.certainty == "now" for group in _groups(sign)]
        return _words(plain)

    @cached_property
    def run_together(self) -> Mapping[str, tuple[str, ...]]:
        """Signs typed without a space: "chestpain", "killmyself"."""
        forms: list[tuple[str, ...]] = []
        for sign in self.signs:
            forms += [form for group in _groups(sign) for form in phrasebook(group).forms if 1 < len(form) < 4]
            singles = [[form for form in phrasebook(group).forms if len(form) == 1] for group in sign.together]
            forms += [first + second for pair in permutations(singles, 2) for first, second in product(*pair)]
        joined = {"".join(form): form for form in forms if sum(map(len, form)) >= _SHORTEST_RUN}
        return {run: form for run, form in joined.items() if run not in self.vocabulary}


def _groups(sign: Sign) -> list[Phrases]:
    return [group for group in (sign.phrases, sign.closing, *sign.together) if group]


def _words(groups: Iterable[Phrases]) -> frozenset[str]:
    return frozenset(word for group in groups for form in phrasebook(group).forms for word in form)
