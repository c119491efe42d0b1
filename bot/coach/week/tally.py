"""Adds a week of records up to its figures."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from bot.coach.training import best_lift, e1rm, volume
from bot.coach.week.figures import (
    CELLS,
    HABITS,
    BestLift,
    Cell,
    Day,
    Habit,
    HabitFigures,
    TrendPoint,
    WeekFigures,
    WentWell,
)
from bot.coach.week.nights import asleep, regularity
from bot.coach.week.records import Cold, Lifted, Night, Slot, Status, Walk, WeekRecords

_COUNTED: frozenset[Status] = frozenset({"done", "partly", "skipped", "unanswered"})
_MISSED: frozenset[Status] = frozenset({"skipped", "unanswered"})
# Whose slot a person's own word fills first: what nobody answered, then what was not asked or is to come,
# and a skip last, because the later word holds.
_FILLED_FIRST: tuple[Status, ...] = ("unanswered", "uncertain", "not_sent", "planned", "skipped")


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
    spread, spread_of = regularity(week.nights)
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
        sleep_minutes=_mean([minutes for night in week.nights if (minutes := asleep(night)) is not None]),
        regularity_minutes=spread,
        regularity_of=spread_of,
        cold_seconds=sum(cold.seconds for cold in week.colds),
        note=next((walk.note.strip() for walk in reversed(week.walks) if walk.note and walk.note.strip()), None),
        went_well=_went_well(habits),
        hardest=_hardest(week, slots),
        active_days=len(active),
        first=previous is None and (week.started is None or week.started >= days_of(week.ending)[0]),
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


def _this_week(records: WeekRecords) -> WeekRecords:
    dates = frozenset(days_of(records.ending))
    nights = {night.date: night for night in records.nights if night.date in dates}  # a correction replaces
    return replace(
        records,
        slots={habit: [slot for slot in records.slots.get(habit, ()) if slot.date in dates] for habit in HABITS},
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
            slots[index] = replace(slots[index], status=own.status)
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
    shown += [own.status for own in week.own if own.date == date and own.habit == habit]
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
    if it.share is None or not it.last_planned or it.done <= (it.last_done or 0):
        return 0.0
    return it.share - (it.last_done or 0) / it.last_planned


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
