"""The figures of the weekly summary and its picture, and how they are kept as JSON."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal, get_args

from pydantic import TypeAdapter

from bot.coach.script import HABITS as HABITS
from bot.coach.script import Habit as Habit

Cell = Literal["done", "partly", "skipped", "unanswered", "ahead", "uncertain", "not_sent", "break", "unplanned"]

# The most a day has to say first: with several slots a day the cell shows the first of these it holds.
CELLS: tuple[Cell, ...] = get_args(Cell)


@dataclass(frozen=True, slots=True)
class HabitFigures:
    """One habit's week. `planned` is the denominator; `extra` was done unplanned, so done ≤ planned holds.

    `last_done` and `last_planned` are last week's, None when there was none.
    """

    done: int = 0
    partly: int = 0
    planned: int = 0
    unanswered: int = 0
    skipped: int = 0
    extra: int = 0
    last_done: int | None = None
    last_planned: int | None = None

    @property
    def share(self) -> float | None:
        """Done of planned, 0 to 1; None when nothing was planned."""
        return self.done / self.planned if self.planned else None


@dataclass(frozen=True, slots=True)
class Day:
    """One cell of the picture's grid, and the cells of its slots when there are several."""

    date: dt.date
    cell: Cell
    slots: tuple[Cell, ...] = ()


@dataclass(frozen=True, slots=True)
class BestLift:
    """The week's best set in kg, and its estimated one-repetition maximum where one can be given."""

    exercise: str
    load_kg: float | None
    reps: int
    e1rm_kg: float | None


@dataclass(frozen=True, slots=True)
class WentWell:
    """What went well: "full" (all that was planned), "improved" on last week, "fullest" share, or "some"."""

    kind: Literal["full", "improved", "fullest", "some"]
    habit: Habit


@dataclass(frozen=True, slots=True)
class WeekFigures:
    """The figures of one weekly summary. Units are in the names; None means there is nothing to say.

    `regularity_minutes` is the standard deviation of mid-sleep, or of bedtimes when too few nights have both
    ends (`regularity_of` says which). `active_days` are days with something done, in part, or logged.
    `partial` is a week the person began within, or one not over yet.
    """

    ending: dt.date
    habits: dict[Habit, HabitFigures]
    grid: dict[Habit, tuple[Day, ...]]
    volume_kg: float = 0.0
    previous_volume_kg: float | None = None
    bodyweight_sets: int = 0
    best_lift: BestLift | None = None
    walk_minutes: float = 0.0
    previous_walk_minutes: float | None = None
    sleep_minutes: float | None = None
    regularity_minutes: float | None = None
    regularity_of: Literal["mid_sleep", "bedtime"] | None = None
    cold_seconds: float = 0.0
    note: str | None = None
    went_well: WentWell | None = None
    hardest: dt.date | None = None
    active_days: int = 0
    first: bool = False
    partial: bool = False
    empty: bool = True

    def to_dict(self) -> dict[str, Any]:
        """Return plain JSON values, for the outbox."""
        plain: dict[str, Any] = _adapter().dump_python(self, mode="json")
        return plain

    @staticmethod
    def from_dict(plain: Mapping[str, Any]) -> WeekFigures:
        """Read what `to_dict` wrote. Raises pydantic.ValidationError when it is something else."""
        return _adapter().validate_python(dict(plain))


@dataclass(frozen=True, slots=True)
class TrendPoint:
    """One past week: per habit what was done of what was planned."""

    ending: dt.date
    done: dict[Habit, int]
    planned: dict[Habit, int]


@cache
def _adapter() -> TypeAdapter[WeekFigures]:
    return TypeAdapter(WeekFigures)
