"""Plans a person's check-ins and carries them out when they are due, by the laws of a check-in."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from sqlalchemy import update
from sqlalchemy.orm import Session

from bot.coach import schedule
from bot.coach.schedule import Occurrence
from bot.coach.script import Script
from bot.knowledge import Knowledge
from bot.store import dues, people, records, runs
from bot.store.tables import Due

if TYPE_CHECKING:
    from bot.conversation import Conversation

SNOOZED_FOR = dt.timedelta(minutes=15)
"""How long a snoozed check-in stays useful at least: the person chose the later time."""
MISSED = 60
"""Days of a downtime whose check-ins are recorded as not sent."""


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
    habits = [script for script in know.checkins if script.habit]
    summaries = [script for script in know.checkins if not script.habit]
    coming = [
        *schedule.next_of_each_slot(habits, know.facts, know.zone, know.now, taken),
        *schedule.next_of_each_slot(summaries, know.facts, know.zone, _first_summary_after(know), taken),
    ]
    for one in coming:
        dues.plan(session, person.id, know.scripts[one.script], one)


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
    """Asks again later, unless that falls into quiet hours; then it can still be answered where it stands."""
    later = now + wait
    if schedule.quiet(later, know.zone, know.facts):
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
    due.status, due.reason, due.settled_by = "asked", None, None
    due.fixed = False


def release(session: Session, person_id: int, now: dt.datetime) -> None:
    """A check-in that waited behind an unanswered one may go now."""
    session.execute(
        update(Due).where(Due.person_id == person_id, Due.status == "planned", Due.reason == "waits").values(due_at=now)
    )


def fire(talk: Conversation, due: Due) -> None:
    """Asks a check-in that is due, or records why it was not (laws 2, 4, 6, 8 and 12)."""
    know, now = talk.know, talk.now
    reason = _why_not(talk, due)
    if reason:
        due.status, due.reason = "not_sent", reason
        if reason == "late":
            _record_missed(talk, due)
    elif not due.habit and schedule.quiet(now, know.zone, know.facts):
        due.due_at, due.fixed = schedule.quiet_ends(now, know.zone, know.facts), True
        return
    elif due.habit and due.reply and (other := dues.blocking(talk.session, know.person.id, now, due.id)):
        _wait(due, other)
        return
    else:
        due.status, due.asked_at = "asked", now
        if not due.habit:
            talk.keep_week(due.local_date)
        trigger = {"slot": due.slot, "date": due.local_date.isoformat()}
        talk.begin(due.script, trigger, due)
    talk.replan = True
    talk.finish()


def _record_missed(talk: Conversation, due: Due) -> None:
    """After a downtime every check-in it swallowed is recorded as not sent; one that is still useful is asked."""
    know, script = talk.know, talk.know.scripts[due.script]
    if not script.habit:
        return
    taken = dues.taken(talk.session, know.person.id, due.local_date)
    for one in schedule.coming(script, know.facts, know.zone, due.due_at, MISSED):
        if one.slot != due.slot or one.due_at > know.now or (one.script, one.slot, one.local_date) in taken:
            continue
        row = dues.plan(talk.session, know.person.id, script, one)
        if one.useful_until < know.now:
            row.status, row.reason = "not_sent", "late"


def _why_not(talk: Conversation, due: Due) -> str | None:
    know, now = talk.know, talk.now
    person, script = know.person, know.scripts.get(due.script)
    if script is None:
        return "gone"
    if not _wanted(know, script, due):
        return "off"
    if now > due.useful_until:
        return "another was open" if due.reason == "waits" else "late"
    if not person.reachable:
        return "unreachable"
    if person.held or (person.held_until and now < person.held_until):
        return "held"
    if person.paused and (person.paused_until is None or now < person.paused_until):
        return "paused"
    if due.local_date in people.break_days(talk.session, person.id, due.local_date, due.local_date):
        return "break"
    if not due.habit:
        return None
    gate = know.gates(know.facts).get(script.gate) if script.gate else None
    if gate and not gate.open:
        return "gate"
    if _done_already(talk.session, know, due):
        return "own_word"
    if dues.asked_today(talk.session, person.id, due.local_date) >= schedule.MOST_A_DAY and due.asked_at is None:
        return "ceiling"
    if due.reason == "snoozed" and schedule.quiet(now, know.zone, know.facts):
        return "quiet"
    return None


def _wanted(know: Knowledge, script: Script, due: Due) -> bool:
    """Law 6: what was switched off since it was planned, snoozed or moved is not asked."""
    return any(one.slot == due.slot and schedule.wanted(script, one, know.facts) for one in script.starts)


def _done_already(session: Session, know: Knowledge, due: Due) -> bool:
    """Law 4: what the person logged by their own word is not asked about."""
    if due.habit == "walk":
        return records.walked_after(session, due.person_id, due.local_date, due.slot)
    if due.script == "sleep_evening" or not due.habit:
        return False
    return bool(records.logged_habits(session, due.person_id, due.local_date)[due.habit])


def _wait(due: Due, other: Due) -> None:
    """Law 6: behind a standing one it waits until that is answered or stops blocking, while it is useful itself."""
    until = min(other.useful_until, due.useful_until)
    due.due_at, due.reason, due.fixed = until + dt.timedelta(seconds=1), "waits", True


def close(talk: Conversation, due: Due) -> None:
    """Silence is its own status; what was asked is over."""
    due.status = "unanswered"
    run = runs.of_due(talk.session, due.id)
    if run is not None and run.status == "open":
        talk.close_question(run, None)
        run.status, run.ended_at = "cancelled", talk.now
    talk.correct_weeks(due.local_date)
