"""A week of records becomes the figures of the weekly summary and its picture.

A week is the seven local dates that end on the summary's day. What a person did not say is *unanswered*,
never "no"; what the coach failed to ask counts against nobody; nothing here knows a streak.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any, Literal, get_args

from pydantic import TypeAdapter

from bot.coach.training import SetDone, best_lift, e1rm, volume

Habit = Literal["walk", "lifting", "sleep", "cold"]
Status = Literal["done", "partly", "skipped", "unanswered", "not_sent", "uncertain", "planned"]
Cell = Literal[
    "done", "partly", "skipped", "unanswered", "ahead", "uncertain", "not_sent", "break", "unplanned"
]

HABITS: tuple[Habit, ...] = get_args(Habit)
# The most a day has to say first: with several slots a day the cell shows the first of these it holds.
CELLS: tuple[Cell, ...] = get_args(Cell)

_COUNTED: frozenset[Status] = frozenset({"done", "partly", "skipped", "unanswered"})
_MISSED: frozenset[Status] = frozenset({"skipped", "unanswered"})
# Whose slot a person's own word fills first: what nobody answered, then what was not asked or is to come,
# and a skip last, because the later word holds.
_FILLED_FIRST: tuple[Status, ...] = ("unanswered", "uncertain", "not_sent", "planned", "skipped")
_ENOUGH_NIGHTS = 3
_DAY_MINUTES = 1440


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


def days_of(ending: dt.date) -> tuple[dt.date, ...]:
    """Return the seven dates of the week that ends on `ending`, in order."""
    return tuple(ending - dt.timedelta(days=back) for back in range(6, -1, -1))


def summarise(records: WeekRecords) -> WeekFigures:
    """Add a week up."""
    week = _this_week(records)
    slots = {habit: _settled(week, habit) for habit in HABITS}
    habits = {habit: _habit_figures(week, habit, slots[habit]) for habit in HABITS}
    grid = {habit: _row(week, habit, slots[habit]) for habit in HABITS}
    moved = volume(lifted.done for lifted in week.sets)
    spread, spread_of = _regularity(week.nights)
    active = _active_dates(week, grid)
    previous = week.previous
    return WeekFigures(
        ending=week.ending,
        habits=habits,
        grid=grid,
        volume_kg=moved.kg,
        previous_volume_kg=previous.volume_kg if previous else None,
        bodyweight_sets=moved.bodyweight_sets,
        best_lift=_best_lift(week.sets),
        walk_minutes=sum(walk.minutes for walk in week.walks),
        previous_walk_minutes=previous.walk_minutes if previous else None,
        sleep_minutes=_mean([minutes for night in week.nights if (minutes := _asleep(night)) is not None]),
        regularity_minutes=spread,
        regularity_of=spread_of,
        cold_seconds=sum(cold.seconds for cold in week.colds),
        note=next(
            (walk.note.strip() for walk in reversed(week.walks) if walk.note and walk.note.strip()), None
        ),
        went_well=_went_well(habits),
        hardest=_hardest(week, slots),
        active_days=len(active),
        first=previous is None,
        partial=week.asof < week.ending or (week.started or dt.date.min) > days_of(week.ending)[0],
        empty=not active and not any(figures.skipped for figures in habits.values()),
    )


def trend(weeks: Iterable[WeekFigures], last: int = 12) -> tuple[TrendPoint, ...]:
    """Return the last weeks, oldest first. A week without figures is absent, not zero."""
    kept = sorted(weeks, key=lambda figures: figures.ending)[-last:]
    return tuple(
        TrendPoint(
            figures.ending,
            {habit: figures.habits[habit].done for habit in figures.habits},
            {habit: figures.habits[habit].planned for habit in figures.habits},
        )
        for figures in kept
    )


@cache
def _adapter() -> TypeAdapter[WeekFigures]:
    return TypeAdapter(WeekFigures)


def _this_week(records: WeekRecords) -> WeekRecords:
    dates = frozenset(days_of(records.ending))
    nights = {night.date: night for night in records.nights if night.date in dates}  # a correction replaces
    return replace(
        records,
        slots={
            habit: [slot for slot in records.slots.get(habit, ()) if slot.date in dates] for habit in HABITS
        },
        own=[own for own in records.own if own.date in dates],
        walks=sorted((walk for walk in records.walks if walk.date in dates), key=lambda walk: walk.date),
        sets=[lifted for lifted in records.sets if lifted.date in dates],
        nights=[nights[date] for date in sorted(nights)],
        colds=[cold for cold in records.colds if cold.date in dates],
    )


def _settled(week: WeekRecords, habit: Habit) -> list[Slot]:
    """The habit's slots after the person's own words; a slot still planned on a past day was never sent."""
    slots = [
        replace(slot, status="not_sent") if slot.status == "planned" and slot.date < week.asof else slot
        for slot in week.slots[habit]
    ]
    for own in week.own:
        if own.habit == habit and (index := _fillable(slots, own.date)) is not None:
            slots[index] = replace(slots[index], status="done")
    return slots


def _fillable(slots: Sequence[Slot], date: dt.date) -> int | None:
    for status in _FILLED_FIRST:
        for index, slot in enumerate(slots):
            if slot.date == date and slot.status == status:
                return index
    return None


def _habit_figures(week: WeekRecords, habit: Habit, slots: Sequence[Slot]) -> HabitFigures:
    counted = [slot.status for slot in slots if slot.status in _COUNTED and slot.date not in week.breaks]
    done_in_breaks = sum(slot.date in week.breaks and slot.status in ("done", "partly") for slot in slots)
    last = week.previous.habits.get(habit) if week.previous else None
    return HabitFigures(
        done=counted.count("done"),
        partly=counted.count("partly"),
        planned=len(counted),
        unanswered=counted.count("unanswered"),
        skipped=counted.count("skipped"),
        extra=_unplanned(week, habit) + done_in_breaks,
        last_done=last.done if last else None,
        last_planned=last.planned if last else None,
    )


def _unplanned(week: WeekRecords, habit: Habit) -> int:
    """How many own words found no slot of their day to fill."""
    spare = 0
    for date in days_of(week.ending):
        said = sum(own.date == date and own.habit == habit for own in week.own)
        room = sum(slot.date == date and slot.status in _FILLED_FIRST for slot in week.slots[habit])
        spare += max(0, said - room)
    return spare


def _row(week: WeekRecords, habit: Habit, slots: Sequence[Slot]) -> tuple[Day, ...]:
    return tuple(_day(week, habit, date, slots) for date in days_of(week.ending))


def _day(week: WeekRecords, habit: Habit, date: dt.date, slots: Sequence[Slot]) -> Day:
    cells = [_cell(slot, resting=date in week.breaks) for slot in slots if slot.date == date]
    shown = list(cells)
    if any(own.date == date and own.habit == habit for own in week.own):
        shown.append("done")
    if date in week.breaks:
        shown.append("break")
    return Day(date, min(shown, key=CELLS.index, default="unplanned"), tuple(cells))


def _cell(slot: Slot, *, resting: bool) -> Cell:
    if resting and slot.status not in ("done", "partly"):
        return "break"
    return "ahead" if slot.status == "planned" else slot.status


def _best_lift(sets: Sequence[Lifted]) -> BestLift | None:
    best = best_lift(lifted.done for lifted in sets)
    return BestLift(best.exercise, best.load_kg, best.reps, e1rm(best)) if best else None


def _asleep(night: Night) -> float | None:
    """Minutes asleep as said, or the time in bed. Counted in UTC: one zone's clock hides a changed hour."""
    if night.minutes is not None:
        return night.minutes
    if night.bed is None or night.wake is None:
        return None
    minutes = (night.wake.astimezone(dt.UTC) - night.bed.astimezone(dt.UTC)).total_seconds() / 60
    return minutes if 0 < minutes < _DAY_MINUTES else None


def _regularity(nights: Sequence[Night]) -> tuple[float | None, Literal["mid_sleep", "bedtime"] | None]:
    middles = [middle for night in nights if (middle := _mid_sleep(night)) is not None]
    if len(middles) >= _ENOUGH_NIGHTS:
        return _clock_spread(middles), "mid_sleep"
    beds = [_clock(night.bed) for night in nights if night.bed is not None]
    if len(beds) >= _ENOUGH_NIGHTS:
        return _clock_spread(beds), "bedtime"
    return None, None


def _mid_sleep(night: Night) -> float | None:
    if night.bed is None or night.wake is None or _asleep(replace(night, minutes=None)) is None:
        return None
    bed = night.bed.astimezone(dt.UTC)
    middle = bed + (night.wake.astimezone(dt.UTC) - bed) / 2
    return _clock(middle.astimezone(night.bed.tzinfo))


def _clock(moment: dt.datetime) -> float:
    return moment.hour * 60 + moment.minute + moment.second / 60


def _clock_spread(minutes: Sequence[float]) -> float:
    """Sample standard deviation of clock times in minutes, on the circle: 23:50 and 00:10 are close."""
    angles = [minute / _DAY_MINUTES * math.tau for minute in minutes]
    mean = math.atan2(sum(map(math.sin, angles)), sum(map(math.cos, angles)))
    away = [(angle - mean + math.pi) % math.tau - math.pi for angle in angles]
    middle = sum(away) / len(away)
    variance = sum((angle - middle) ** 2 for angle in away) / (len(away) - 1)
    return math.sqrt(variance) / math.tau * _DAY_MINUTES


def _mean(values: Sequence[float]) -> float | None:
    return sum(values) / len(values) if values else None


def _went_well(habits: Mapping[Habit, HabitFigures]) -> WentWell | None:
    """The best news of the week, the surest first: all done, better than last week, most, something."""
    full = [habit for habit, it in habits.items() if it.planned >= 2 and it.done == it.planned]
    if full:
        return WentWell("full", max(full, key=lambda habit: habits[habit].planned))
    gains = {habit: gain for habit, it in habits.items() if (gain := _gain(it)) > 0}
    if gains:
        return WentWell("improved", max(gains, key=lambda habit: gains[habit]))
    shares = {habit: share for habit, it in habits.items() if (share := it.share)}
    if shares:
        return WentWell("fullest", max(shares, key=lambda habit: shares[habit]))
    return next((WentWell("some", habit) for habit, it in habits.items() if it.partly or it.extra), None)


def _gain(it: HabitFigures) -> float:
    if it.share is None or it.last_done is None or not it.last_planned:
        return 0.0
    return it.share - it.last_done / it.last_planned


def _hardest(week: WeekRecords, slots: Mapping[Habit, Sequence[Slot]]) -> dt.date | None:
    """The date with the most skipped or unanswered; of equals the larger share, then the first."""
    best: tuple[int, float] = (0, 0.0)
    hardest: dt.date | None = None
    for date in days_of(week.ending):
        day = [slot.status for row in slots.values() for slot in row if slot.date == date]
        counted = [status for status in day if status in _COUNTED and date not in week.breaks]
        missed = sum(status in _MISSED for status in counted)
        if missed and (missed, missed / len(counted)) > best:
            best, hardest = (missed, missed / len(counted)), date
    return hardest


def _active_dates(week: WeekRecords, grid: Mapping[Habit, Sequence[Day]]) -> set[dt.date]:
    done = {day.date for row in grid.values() for day in row if day.cell in ("done", "partly")}
    logged: list[Walk | Lifted | Night | Cold] = [*week.walks, *week.sets, *week.nights, *week.colds]
    return done | {record.date for record in logged}
