"""What one person recorded around a week, as the store hands it over."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from bot.coach.training import SetDone
from bot.coach.week.figures import Habit, WeekFigures

Status = Literal["done", "partly", "skipped", "unanswered", "not_sent", "uncertain", "planned"]


@dataclass(frozen=True, slots=True)
class Slot:
    """One planned check-in of a habit on a local date; a walk day may hold breakfast, lunch and dinner."""

    date: dt.date
    slot: str
    status: Status


@dataclass(frozen=True, slots=True)
class OwnWord:
    """Something the person logged by their own word and not as the answer to a check-in."""

    date: dt.date
    habit: Habit
    status: Literal["done", "partly"] = "done"


@dataclass(frozen=True, slots=True)
class Walk:
    """A walk in minutes, with the person's own words about it."""

    date: dt.date
    minutes: float
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Lifted:
    """One set on a local date."""

    date: dt.date
    done: SetDone


@dataclass(frozen=True, slots=True)
class Night:
    """A night: bedtime and waking in the person's own zone (aware), or the minutes asleep, or all of them."""

    date: dt.date
    bed: dt.datetime | None = None
    wake: dt.datetime | None = None
    minutes: float | None = None

    def __post_init__(self) -> None:
        for moment in (self.bed, self.wake):
            if moment is not None and moment.utcoffset() is None:
                raise ValueError("a night needs aware datetimes")


@dataclass(frozen=True, slots=True)
class Cold:
    """One cold exposure in seconds."""

    date: dt.date
    seconds: float


@dataclass(frozen=True, slots=True)
class WeekRecords:
    """Everything one person recorded around one week; records of other dates are ignored.

    `ending` is the week's last local date, `asof` the person's local date now, `started` the date they began.
    Records come oldest first. `previous` are last week's figures, None in the first week.
    """

    ending: dt.date
    asof: dt.date
    slots: Mapping[Habit, Sequence[Slot]] = field(default_factory=dict)
    breaks: frozenset[dt.date] = frozenset()
    own: Sequence[OwnWord] = ()
    walks: Sequence[Walk] = ()
    sets: Sequence[Lifted] = ()
    nights: Sequence[Night] = ()
    colds: Sequence[Cold] = ()
    previous: WeekFigures | None = None
    started: dt.date | None = None
