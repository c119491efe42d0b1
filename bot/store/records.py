"""The typed logs: of each habit, blood draws and notes; and a week of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, Literal
from zoneinfo import ZoneInfo

from sqlalchemy import Select, bindparam, func, select
from sqlalchemy.orm import Session

from bot.coach import bloodwork, week
from bot.coach.training import Session as Training
from bot.coach.training import SetDone
from bot.store import dues
from bot.store.people import break_days, not_taken_back
from bot.store.tables import BloodDraw, Cold, Due, Fiber, Night, Note, Person, Plate, Sitting, TrainingSet, Walk, Week

OF_HABITS: dict[week.Habit, Any] = {
    "walk": Walk,
    "lifting": TrainingSet,
    "sleep": Night,
    "cold": Cold,
    "food": Plate,
    "sitting": Sitting,
    "fiber": Fiber,
}
"""The log of each habit."""

_TESTS = ("glucose", "insulin", "hba1c", "triglycerides")
"""What a draw may hold, each with its unit."""


def log(
    session: Session,
    kind: str,
    fields: Mapping[str, Any],
    *,
    person_id: int,
    answer_id: int | None,
    due_id: int | None,
    date: dt.date,
    at: dt.datetime,
    script: str,
) -> None:
    """Writes one log entry of a local date. Fields without a value are left out; an entry without any is none."""
    common: dict[str, Any] = {
        "person_id": person_id,
        "answer_id": answer_id,
        "due_id": due_id,
        "local_date": date,
        "at": at,
    }
    match kind:
        case "walk" if fields.get("minutes"):
            session.add(Walk(**common, minutes=round(fields["minutes"]), meal=fields.get("meal")))
        case "training":
            for one in fields.get("sets") or []:
                session.add(
                    TrainingSet(
                        **common,
                        exercise=one.get("exercise") or fields["exercise"],
                        load_kg=one.get("load"),
                        reps=one["reps"],
                        as_planned=bool(fields.get("as_planned")),
                    )
                )
        case "night" if fields.get("night"):
            night = fields["night"]
            session.add(Night(**common, bed=night.get("bed"), wake=night.get("wake"), minutes=night["minutes"]))
        case "cold" if fields.get("seconds"):
            session.add(Cold(**common, seconds=round(fields["seconds"])))
        case "plate" if fields.get("whole") is not None:
            beside = bool(fields.get("beside"))
            session.add(Plate(**common, whole=fields["whole"], focus=fields.get("focus"), beside=beside))
        case "sitting" if fields.get("several") is not None:
            session.add(Sitting(**common, several=fields["several"]))
        case "fiber" if fields.get("what"):
            session.add(Fiber(**common, what=fields["what"]))
        case "draw" if any(fields.get(test) for test in _TESTS):
            session.add(_draw(fields, common))
        case "note" if fields.get("text"):
            session.add(Note(**common, text=fields["text"], script=script))
    session.flush()


def _draw(fields: Mapping[str, Any], common: dict[str, Any]) -> BloodDraw:
    tests = {test: fields.get(test) or {} for test in _TESTS}
    drawn, against = fields.get("date"), fields.get("against")
    return BloodDraw(
        **common,
        drawn_on=dt.date.fromisoformat(drawn) if drawn else None,
        fasting=str(fields["fasting"]) if fields.get("fasting") is not None else None,
        **{test: value.get("value") for test, value in tests.items()},
        **{f"{test}_unit": value.get("unit") for test, value in tests.items()},
        insulin_factor=bloodwork.PMOL_L_PER_UIU_ML if tests["insulin"] else None,
        lab=fields.get("lab"),
        against=None if against is None else ",".join(against),
    )


def draws(session: Session, person_id: int) -> list[bloodwork.Draw]:
    """The blood draws on file that have a date, the oldest first."""
    statement = select(BloodDraw).where(
        BloodDraw.person_id == person_id, BloodDraw.drawn_on.is_not(None), not_taken_back(BloodDraw.answer_id)
    )
    rows = session.scalars(statement.order_by(BloodDraw.drawn_on, BloodDraw.id))
    return [_drawn(row, row.drawn_on) for row in rows if row.drawn_on]


def _drawn(row: BloodDraw, date: dt.date) -> bloodwork.Draw:
    factor = row.insulin_factor or bloodwork.PMOL_L_PER_UIU_ML
    values: dict[str, Any] = {
        "glucose": bloodwork.Glucose(row.glucose, row.glucose_unit) if row.glucose else None,  # type: ignore[arg-type]
        "insulin": bloodwork.Insulin(row.insulin, row.insulin_unit, factor) if row.insulin else None,  # type: ignore[arg-type]
        "hba1c": bloodwork.HbA1c(row.hba1c, row.hba1c_unit) if row.hba1c else None,  # type: ignore[arg-type]
        "triglycerides": bloodwork.Triglycerides(row.triglycerides, row.triglycerides_unit)  # type: ignore[arg-type]
        if row.triglycerides
        else None,
    }
    return bloodwork.Draw(
        date,
        **values,
        lab=row.lab,
        fasted_hours=bloodwork.hours_fasted(row.fasting),
        valid=row.against == "",
    )


def _of(session: Session, table: Any, person_id: int, first: dt.date, last: dt.date) -> Sequence[Any]:
    return session.scalars(_between(table), {"person": person_id, "first": first, "last": last}).all()


@cache
def _between(table: Any) -> Select[Any]:
    """The rows of a log between two local dates; made once, for a week is read from nine tables."""
    return (
        select(table)
        .where(
            table.person_id == bindparam("person"),
            table.local_date >= bindparam("first"),
            table.local_date <= bindparam("last"),
            not_taken_back(table.answer_id),
        )
        .order_by(table.local_date, table.id)
    )


def logged_habits(session: Session, person_id: int, date: dt.date) -> dict[str, int]:
    """How often each habit was logged for a date by the person's own word, outside a check-in."""
    counts: dict[str, int] = {}
    for habit, table in OF_HABITS.items():
        rows = [row for row in _of(session, table, person_id, date, date) if _own_word(row)]
        counts[habit] = len({row.answer_id or -row.id for row in rows})
    return counts


def how_many_draws(session: Session, person_id: int) -> int:
    """How many blood draws are kept."""
    return len(_of(session, BloodDraw, person_id, dt.date.min, dt.date.max))


def last_own_word(session: Session, person_id: int, habit: str) -> dt.date | None:
    """The last local date for which a habit was logged by the person's own word."""
    table = next(table for name, table in OF_HABITS.items() if name == habit)
    statement = select(func.max(table.local_date)).where(
        table.person_id == person_id, table.due_id.is_(None), not_taken_back(table.answer_id)
    )
    return session.scalar(statement)


def walked_after(session: Session, person_id: int, date: dt.date, meal: str) -> bool:
    """Whether a walk after this meal was logged by the person's own word."""
    rows = _of(session, Walk, person_id, date, date)
    return any(row.due_id is None and row.meal == meal for row in rows)


def trainings(session: Session, person_id: int, exercise: str, since: dt.date) -> list[Training]:
    """The sessions of one lift, oldest first."""
    rows = _of(session, TrainingSet, person_id, since, dt.date.max)
    by_date: dict[dt.date, list[SetDone]] = {}
    for row in rows:
        if row.exercise == exercise:
            by_date.setdefault(row.local_date, []).append(SetDone(exercise, row.load_kg, row.reps))
    return [Training(date, tuple(sets)) for date, sets in sorted(by_date.items())]


def week_records(
    session: Session,
    person: Person,
    ending: dt.date,
    asof: dt.date,
    zone: ZoneInfo,
    ahead: Mapping[str, Sequence[week.Slot]],
    before: week.WeekFigures | None,
) -> week.WeekRecords:
    """Everything recorded in the seven local dates that end on `ending`; `ahead` is what the plan still holds."""
    days = week.days_of(ending)
    first, last = days[0], days[-1]
    rows = dues.between(session, person.id, first, last)
    slots: dict[Any, list[week.Slot]] = {}
    for row in rows:
        if row.habit and row.status != "moved" and row.reply and row.reason != dues.OFFER:
            slots.setdefault(row.habit, []).append(week.Slot(row.local_date, row.slot, _status(row, asof)))
    for habit, more in ahead.items():
        have = {(slot.date, slot.slot) for slot in slots.get(habit, [])}
        slots.setdefault(habit, []).extend(slot for slot in more if (slot.date, slot.slot) not in have)
    walks = _of(session, Walk, person.id, first, last)
    sets = _of(session, TrainingSet, person.id, first, last)
    nights = _of(session, Night, person.id, first, last)
    colds = _of(session, Cold, person.id, first, last)
    logged = {"walk": walks, "lifting": sets, "sleep": nights, "cold": colds}
    own = {
        (row.local_date, habit, row.answer_id or -row.id): _went(row)
        for habit, table in OF_HABITS.items()
        for row in logged.get(habit) or _of(session, table, person.id, first, last)
        if _own_word(row)
    }
    notes = {row.local_date: row.text for row in _of(session, Note, person.id, first, last)}
    return week.WeekRecords(
        ending=ending,
        asof=asof,
        slots={habit: tuple(sorted(found, key=lambda s: (s.date, s.slot))) for habit, found in slots.items()},
        breaks=frozenset(break_days(session, person.id, first, last)),
        own=tuple(week.OwnWord(date, habit, status) for (date, habit, _), status in sorted(own.items())),
        walks=tuple(week.Walk(row.local_date, row.minutes, notes.get(row.local_date)) for row in walks),
        sets=tuple(week.Lifted(row.local_date, SetDone(row.exercise, row.load_kg, row.reps)) for row in sets),
        nights=tuple(_night(row, zone) for row in nights),
        colds=tuple(week.Cold(row.local_date, row.seconds) for row in colds),
        previous=before,
        started=person.consented_at.astimezone(zone).date() if person.consented_at else None,
    )


def _own_word(row: Any) -> bool:
    """Whether it was logged outside a check-in, and is about what the check-in asks."""
    return row.due_id is None and not (isinstance(row, Plate) and row.beside)


def _went(row: Any) -> Literal["done", "partly"]:
    """What the person's own word makes of it."""
    in_part = (isinstance(row, Plate) and not row.whole) or (isinstance(row, Sitting) and not row.several)
    return "partly" if in_part else "done"


def _status(row: Due, asof: dt.date) -> Any:
    """An asked one whose useful time is over was not answered; today's is still ahead."""
    if row.status == "asked":
        return "planned" if row.local_date >= asof else "unanswered"
    return row.status


def _night(row: Night, zone: ZoneInfo) -> week.Night:
    if row.bed is None or row.wake is None:
        return week.Night(row.local_date, minutes=row.minutes)
    bed, wake = dt.time.fromisoformat(row.bed), dt.time.fromisoformat(row.wake)
    evening = row.local_date - dt.timedelta(days=1) if bed > wake else row.local_date
    return week.Night(
        row.local_date,
        bed=dt.datetime.combine(evening, bed, zone),
        wake=dt.datetime.combine(row.local_date, wake, zone),
        minutes=row.minutes,
    )


def figures(session: Session, person_id: int, ending: dt.date) -> week.WeekFigures | None:
    """The stored figures of a week."""
    row = session.scalar(select(Week).where(Week.person_id == person_id, Week.ending == ending))
    return week.WeekFigures.from_dict(row.figures) if row else None


def keep_figures(session: Session, person_id: int, found: week.WeekFigures, now: dt.datetime) -> None:
    """Stores a week's figures, or corrects those that are stored."""
    row = session.scalar(select(Week).where(Week.person_id == person_id, Week.ending == found.ending))
    if row is None:
        session.add(Week(person_id=person_id, ending=found.ending, figures=found.to_dict(), at=now))
    else:
        row.figures = found.to_dict()
    session.flush()


def weeks_with(session: Session, person_id: int, date: dt.date) -> Sequence[dt.date]:
    """The stored weeks that hold a date, and the one after each, which compares itself with it."""
    statement = select(Week.ending).where(
        Week.person_id == person_id, Week.ending >= date, Week.ending <= date + dt.timedelta(days=13)
    )
    return session.scalars(statement.order_by(Week.ending)).all()


def past_weeks(session: Session, person_id: int, before: dt.date, last: int = 11) -> list[week.WeekFigures]:
    """The stored figures of the weeks before one, oldest first."""
    statement = select(Week.figures).where(Week.person_id == person_id, Week.ending < before)
    rows = session.scalars(statement.order_by(Week.ending.desc()).limit(last)).all()
    return [week.WeekFigures.from_dict(row) for row in reversed(rows)]
