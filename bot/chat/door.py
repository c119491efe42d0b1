"""Looks once more, as a message leaves, whether its person may get it now: much may have changed meanwhile."""

from __future__ import annotations

import datetime as dt

from sqlalchemy.orm import Session

from bot.coach import schedule
from bot.knowledge import zone_of
from bot.store import outbox, people
from bot.store.tables import Due, Outbox, Person

FRESH = dt.timedelta(minutes=1)
"""What was asked so lately was measured against the quiet hours when it was asked."""


def unwelcome(person: Person, row: Outbox, now: dt.datetime) -> str | None:
    """Why the person must not get this now, whatever was so when it was written."""
    if row.priority < outbox.CHECK_IN:
        return None if person.reachable else "unreachable"
    return people.silenced(person, now)


def kept_quiet(session: Session, person: Person, row: Outbox, now: dt.datetime) -> bool:
    """Whether quiet hours keep this in (law 6): then what belongs to no habit is asked when they end, all else never.

    A check-in that wants an answer has the time that the person chose, and goes.
    """
    if row.due_id is None or row.priority < outbox.CHECK_IN or now - row.at < FRESH:
        return False
    due = session.get(Due, row.due_id)
    if due is None or due.status != "asked" or (due.habit and due.reply):
        return False
    facts = people.facts(session, person.id)
    zone = zone_of(facts)
    if not schedule.quiet(now, zone, facts) or (due.habit and schedule.quiet(due.due_at, zone, facts)):
        return False
    if outbox.partly_sent(session, due.id):
        return False
    until = schedule.quiet_ends(now, zone, facts)
    if due.habit or until > due.useful_until:
        outbox.never_sent(session, row, "withdrawn", "quiet")
    else:
        outbox.put_off(session, row, due, until)
    return True


def waits_for_return(session: Session, row: Outbox, now: dt.datetime) -> bool:
    """Whether a chat that turns out to be gone only puts off what this asks: what belongs to no habit comes but once.

    It is asked anew a day later, and waits on from there as for anybody known to be gone.
    """
    due, tomorrow = outbox.still_unseen(session, row), now + dt.timedelta(days=1)
    if due is None or due.habit or tomorrow > due.useful_until:
        return False
    outbox.put_off(session, row, due, tomorrow)
    return True
