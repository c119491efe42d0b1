"""Plans a person's check-ins and carries them out when they are due, by the laws of a check-in."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from sqlalchemy import update
from sqlalchemy.orm import Session

from bot.coach import schedule
from bot.knowledge import Knowledge
from bot.store import dues, people, records
from bot.store.tables import Due

if TYPE_CHECKING:
    from bot.conversation import Conversation

SNOOZED_FOR = dt.timedelta(minutes=15)
"""How long a snoozed check-in stays useful at least: the person chose the later time."""


def replan(session: Session, know: Knowledge) -> None:
    """Writes the next occurrence of every slot that is wanted; what was planned before and is not due goes."""
    person = know.person
    dues.unplan(session, person.id)
    if person.consent != "agreed" or "zone" not in know.facts:
        return
    today = know.date(know.now)
    taken = dues.taken(session, person.id, today - dt.timedelta(days=1))
    scripts = [script for script in know.checkins if script.habit or know.facts.get("zone")]
    after = know.now
    for one in schedule.next_of_each_slot(scripts, know.facts, know.zone, after, taken):
        dues.plan(session, person.id, know.scripts[one.script], one)


def snooze(session: Session, due: Due, wait: dt.timedelta, now: dt.datetime, know: Knowledge) -> None:
    """Asks again later, unless that falls into quiet hours; then it can still be answered where it stands."""
    later = now + wait
    if schedule.quiet(later, know.zone, know.facts):
        return
    due.status, due.reason, due.fixed = "planned", "snoozed", True
    due.due_at = later
    due.useful_until = max(due.useful_until, later + SNOOZED_FOR)


def move(session: Session, due: Due, days: int, know: Knowledge) -> None:
    """Moves a check-in by so many days, at its own local time."""
    due.status, due.reason = "moved", f"by {days}"
    date = due.local_date + dt.timedelta(days=days)
    if dues.at(session, due.person_id, due.script, due.slot, date):
        return  # that day has its own already
    script = know.scripts[due.script]
    start = next((one for one in script.starts if one.slot == due.slot), None)
    time = schedule.time_of(start, know.facts) if start else None
    if start is None or time is None:
        return
    row = dues.plan(session, due.person_id, script, schedule.occurrence(script, start, date, time, know.zone))
    row.fixed, row.reason = True, "moved here"


def reopen(session: Session, due: Due) -> None:
    """The answer that settled a check-in was taken back: it is asked, and nothing more is known."""
    if due.status == "moved":
        later = [row for row in dues.between(session, due.person_id, due.local_date, dt.date.max) if row.reason == "moved here"]
        for row in later:
            if row.script == due.script and row.status == "planned":
                session.delete(row)
    due.status, due.reason, due.settled_by = "asked", None, None
    due.fixed = False


def release(session: Session, person_id: int, now: dt.datetime) -> None:
    """A check-in that waited behind an unanswered one may go now."""
    session.execute(
        update(Due)
        .where(Due.person_id == person_id, Due.status == "planned", Due.reason == "waits")
        .values(due_at=now)
    )


def fire(talk: Conversation, due: Due) -> None:
    """Asks a check-in that is due, or records why it was not (laws 2, 4, 6, 8 and 12)."""
    know, now = talk.know, talk.now
    reason = _why_not(talk, due)
    if reason:
        due.status, due.reason = "not_sent", reason
    elif not due.habit and schedule.quiet(now, know.zone, know.facts):
        due.due_at, due.fixed = schedule.quiet_ends(now, know.zone, know.facts), True
        return
    elif due.habit and due.reply and (other := dues.blocking(talk.session, know.person.id, now, due.id)):
        _wait(due, other)
        if due.status == "planned":
            return
    else:
        due.status, due.asked_at = "asked", now
        if not due.habit:
            talk.keep_week(due.local_date)
        trigger = {"slot": due.slot, "date": due.local_date.isoformat()}
        talk.begin(due.script, trigger, due)
    talk.replan = True
    talk.finish()


def _why_not(talk: Conversation, due: Due) -> str | None:
    know, now = talk.know, talk.now
    person, script = know.person, know.scripts.get(due.script)
    if script is None:
        return "gone"
    if now > due.useful_until:
        return "late"
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


def _done_already(session: Session, know: Knowledge, due: Due) -> bool:
    """Law 4: what the person logged by their own word is not asked about."""
    if due.habit == "walk":
        return records.walked_after(session, due.person_id, due.local_date, due.slot)
    if due.script == "sleep_evening" or not due.habit:
        return False
    return bool(records.logged_habits(session, due.person_id, due.local_date)[due.habit])


def _wait(due: Due, other: Due) -> None:
    """Law 6: behind a standing one it waits until that stops blocking, if it is still useful then."""
    if other.useful_until >= due.useful_until:
        due.status, due.reason = "not_sent", "another was open"
        return
    due.due_at, due.reason, due.fixed = other.useful_until + dt.timedelta(seconds=1), "waits", True


def close(due: Due) -> None:
    """Silence is its own status."""
    if due.status == "asked":
        due.status = "unanswered"
