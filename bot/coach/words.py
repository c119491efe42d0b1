"""The words of a language as data, so that no language stands in code."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from pydantic import AfterValidator, Field

from bot.coach.signs import RedFlags
from bot.coach.word_list import Clock, Days, Model, Numbered, Phrases, Some, readable_keys


class Numbers(Model):
    """Numbers in words."""

    words: Numbered
    """From zero to ninety: "twenty five" is put together."""
    multipliers: Numbered
    """"hundred": 100."""
    fractions: Annotated[dict[str, float], AfterValidator(readable_keys)]
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
    moments: Annotated[dict[str, Clock], AfterValidator(readable_keys)]
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
    groups: Annotated[dict[str, Days], AfterValidator(readable_keys)]
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
    sitting: Activity
    eaten: Some
    """Says that food was eaten: "had"."""
    fiber_foods: Some
    """Each is a fiber food of its own: "beans"."""
    plate_foods: Some
    """What a plate is looked at for: "veg"."""
    meals: Annotated[dict[str, Phrases], AfterValidator(readable_keys)]
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


class HealthNews(Model):
    """How a person says that their health, pregnancy or medicine has changed."""

    said: Some
    """First person, without numbers: "im weeks pregnant"."""
    taking: Some
    """Before a medicine: "i started"."""
    medicines: Some
    around: Some
    """Change nothing where they stand: "just"."""
    blockers: Some
    """Before it, they make it a no, a wish, a question or an if."""
    past: Some
    """Make it an old fact: "years ago"."""


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
    greeting: Some
    thanks: Some
    help: Some
    delete: Some
    """Asks to be forgotten."""
    no_numbers: Some
    """Asks for no figures."""
    name_leads: Some
    """Before a name, and no part of it: "call me"."""
    why: Some
    """Asks why something was said."""
    health_news: HealthNews
    times: Times
    choices: Choices
    days: DaysOfWeek
    lifts: Lifts
    entries: Entries
    red_flags: RedFlags
