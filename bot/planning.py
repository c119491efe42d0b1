"""Plans a person's check-ins, and moves them by the person's word."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import update
from sqlalchemy.orm import Session

from bot.coach import safety, schedule
from bot.coach.schedule import Occurrence
from bot.knowledge import Knowledge
from bot.store import dues
from bot.store.tables import Due

SNOOZED_FOR = dt.timedelta(minutes=15)
"""How long a snoozed check-in stays useful at least: the person chose the later time."""


def replan(session: Session, know: Knowledge) -> None:
    """Writes the next occurrence of every slot that is wanted; what was planned before and is not due goes."""
    person = know.person
    if person.consent != "agreed" or "zone" not in know.facts:
        dues.unplan(session, person.id)
        return
    dues.unplan(session, person.id, know.now)
    _move_anew(session, know)
    today = know.date(know.now)
    taken = dues.taken(session, person.id, today - dt.timedelta(days=1))
    summaries = [script for script in know.checkins if script.kind == "weekly"]
    others = [script for script in know.checkins if script.kind != "weekly"]
    habits = [script for script in others if script.habit or any(start.date for start in script.starts)]
    yearly = [script for script in others if script not in habits]
    coming = [
        *schedule.next_of_each_slot(habits, know.facts, know.zone, know.now, taken),
        *schedule.next_of_each_slot(summaries, know.facts, know.zone, _first_summary_after(know), taken),
        *[
            one
            for one in schedule.next_of_each_slot(yearly, know.clock_facts, know.zone, know.now, taken)
            if _once(know, one)
        ],
    ]
    for one in coming:
        dues.plan(session, person.id, know.scripts[one.script], one)


def _once(know: Knowledge, one: Occurrence) -> bool:
    """The yearly look at the safety answers is asked once a year, or moved; silence then is for the gates to answer.

    A list that was skipped keeps its old date; that must not make last year's look this year's.
    """
    year = max(know.screened_on or one.local_date, one.local_date - (safety.A_YEAR - safety.GRACE))
    return not dues.put_to(know.session, know.person.id, one.script, year)


def _first_summary_after(know: Knowledge) -> dt.datetime:
    """A summary needs some days to sum up: none before the third of the person's days."""
    begun = know.person.consented_at
    if begun is None:
        return know.now
    return max(know.now, schedule.day_end(know.date(begun) + dt.timedelta(days=1), know.zone))


def _move_anew(session: Session, know: Knowledge) -> None:
    """What was moved to another day keeps its local time there, whatever has changed since."""
    for due in dues.moved_here(session, know.person.id, know.now):
        one = _occurrence(know, due.script, due.slot, due.local_date)
        if one is not None and one.due_at > know.now:
            due.due_at, due.useful_until, due.closes_at = one.due_at, one.useful_until, one.closes_at


def _occurrence(know: Knowledge, script_id: str, slot: str, date: dt.date) -> Occurrence | None:
    """A slot on a date at the person's own local time; None where that is not known."""
    script = know.scripts[script_id]
    start = next((one for one in script.starts if one.slot == slot), None)
    time = schedule.time_of(start, know.facts) if start else None
    return schedule.occurrence(script, start, date, time, know.zone) if start and time else None


def snooze(session: Session, due: Due, wait: dt.timedelta, now: dt.datetime, know: Knowledge) -> None:
    """Asks again later; where that falls into quiet hours the coach keeps silent, and says so in the records."""
    later = now + wait
    if schedule.quiet(later, know.zone, know.facts):
        due.status, due.reason = "not_sent", "quiet"
        release(session, due.person_id, now)
        return
    due.status, due.reason, due.fixed = "planned", "snoozed", True
    due.due_at = later
    due.useful_until = max(due.useful_until, later + SNOOZED_FOR)
    release(session, due.person_id, now)


def move(session: Session, due: Due, days: int, know: Knowledge) -> None:
    """Moves a check-in by so many days, at its own local time."""
    due.status, due.reason = "moved", f"by {days}"
    release(session, due.person_id, know.now)
    date = due.local_date + dt.timedelta(days=days)
    if dues.at(session, due.person_id, due.script, due.slot, date):
        return  # that day has its own already
    one = _occurrence(know, due.script, due.slot, date)
    if one is not None:
        row = dues.plan(session, due.person_id, know.scripts[due.script], one)
        row.fixed, row.reason = True, dues.MOVED_HERE


def reopen(session: Session, due: Due) -> None:
    """The answer that settled a check-in was taken back: it is asked, and nothing more is known."""
    if due.status == "moved" and due.reason:
        date = due.local_date + dt.timedelta(days=int(due.reason.removeprefix("by ")))
        there = dues.at(session, due.person_id, due.script, due.slot, date)
        if there is not None and there.status == "planned" and there.fixed:
            session.delete(there)
    due.status, due.settled_by = "asked", None
    due.reason = dues.OFFER if due.reason == dues.OFFER else None
    due.fixed = False


def release(session: Session, person_id: int, now: dt.datetime) -> None:
    """A check-in that waited behind an unanswered one may go now."""
    session.execute(
        update(Due).where(Due.person_id == person_id, Due.status == "planned", Due.reason == "waits").values(due_at=now)
    )
