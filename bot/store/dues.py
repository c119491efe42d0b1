"""Coming and past check-ins."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence

from sqlalchemy import Select, bindparam, delete, func, select
from sqlalchemy.orm import Session

from bot.coach.attention import Asked
from bot.coach.schedule import Occurrence
from bot.coach.script import Script
from bot.store.tables import Due, Person

MOVED_HERE = "moved here"
"""The reason of a check-in that the person moved from another day."""
LATELY = 40
"""Check-ins of a habit looked back at: three days of the fullest plan, and many weeks of a thin one."""
OFFER = "offer"
"""The reason of a check-in in whose place the person was asked about the messages themselves (law 9)."""
FEWER = "fewer"
"""The reason of one that was not sent because its habit was thinned out."""


# what every tick asks, made once: to build a statement anew takes longer than to have it answered
_WITH_CHAT = select(Due.id, Person.chat_id).join(Person, Person.id == Due.person_id)
_DUE = _WITH_CHAT.where(Due.status == "planned", Due.due_at <= bindparam("now")).limit(bindparam("most"))
_RIPE = _DUE.where(Due.useful_until >= bindparam("now")).order_by(Due.due_at, Due.priority.desc(), Due.id)
_LATE = _DUE.where(Due.useful_until < bindparam("now")).order_by(Due.due_at, Due.id)
_CLOSING = _WITH_CHAT.where(Due.status == "asked", Due.closes_at <= bindparam("now")).limit(bindparam("most"))


def plan(session: Session, person_id: int, script: Script, one: Occurrence) -> Due:
    row = Due(
        person_id=person_id,
        script=one.script,
        habit=script.habit,
        slot=one.slot,
        local_date=one.local_date,
        due_at=one.due_at,
        useful_until=one.useful_until,
        closes_at=one.closes_at,
        status="planned",
        priority=script.priority,
        reply=script.reply,
        fixed=False,
    )
    session.add(row)
    return row


def unplan(session: Session, person_id: int, after: dt.datetime | None = None) -> None:
    """Drops what is planned, or what of it is due after an instant; but not what the person snoozed or moved.

    What is due already belongs to the clock, which asks it or records why not.
    """
    statement = delete(Due).where(Due.person_id == person_id, Due.status == "planned", Due.fixed.is_(False))
    session.execute(statement if after is None else statement.where(Due.due_at > after))


def moved_here(session: Session, person_id: int, after: dt.datetime) -> Sequence[Due]:
    """What the person moved from another day and is still to come."""
    statement = select(Due).where(
        Due.person_id == person_id, Due.status == "planned", Due.reason == MOVED_HERE, Due.due_at > after
    )
    return session.scalars(statement).all()


def taken(session: Session, person_id: int, since: dt.date) -> set[tuple[str, str, dt.date]]:
    """Script, slot and date of every row from a date on: each happens once (law 3)."""
    rows = session.execute(
        select(Due.script, Due.slot, Due.local_date).where(Due.person_id == person_id, Due.local_date >= since)
    )
    return {(script, slot, date) for script, slot, date in rows}


def put_to(session: Session, person_id: int, script: str, since: dt.date) -> bool:
    """Whether this was asked since a date, or waits where the person moved it; not what never left, there or here."""
    asked = Due.asked_at.is_not(None) & Due.status.not_in(("not_sent", "moved"))
    statement = select(Due.id).where(
        Due.person_id == person_id,
        Due.script == script,
        Due.local_date >= since,
        asked | (Due.fixed & (Due.status == "planned")),
    )
    return session.scalar(statement.limit(1)) is not None


def at(session: Session, person_id: int, script: str, slot: str, date: dt.date) -> Due | None:
    statement = select(Due).where(
        Due.person_id == person_id, Due.script == script, Due.slot == slot, Due.local_date == date
    )
    return session.scalar(statement)


def ripe(session: Session, now: dt.datetime, limit: int) -> Sequence[tuple[int, int]]:
    """Ids of due rows that are still useful and their chats, in the order they are due, more important ones first."""
    return _ids(session, _RIPE, now, limit)


def late(session: Session, now: dt.datetime, limit: int) -> Sequence[tuple[int, int]]:
    """Those that nobody may be asked any more (law 2)."""
    return _ids(session, _LATE, now, limit)


def waiting(session: Session, now: dt.datetime) -> int:
    """How many are due and not asked yet."""
    return session.scalar(select(func.count()).where(Due.status == "planned", Due.due_at <= now)) or 0


def closing(session: Session, now: dt.datetime, limit: int) -> Sequence[tuple[int, int]]:
    """Asked and unanswered ones whose time for an answer is over."""
    return _ids(session, _CLOSING, now, limit)


def _ids(session: Session, statement: Select[int, int], now: dt.datetime, most: int) -> Sequence[tuple[int, int]]:
    return [(due, chat) for due, chat in session.execute(statement, {"now": now, "most": most})]


def blocking(session: Session, person_id: int, now: dt.datetime, but: int) -> Due | None:
    """A check-in that wants a reply, was asked, is unanswered and still useful (law 6)."""
    statement = select(Due).where(
        Due.person_id == person_id,
        Due.status == "asked",
        Due.reply.is_(True),
        Due.useful_until > now,
        Due.habit.is_not(None),
        Due.id != but,
    )
    return session.scalar(statement.order_by(Due.useful_until.desc()).limit(1))


def asked_lately(
    session: Session, person_id: int, habit: str, after: dt.datetime | None, now: dt.datetime
) -> list[Asked]:
    """A habit's check-ins that were asked and answered, or are past their useful time unanswered; oldest first.

    A tap on "later" answers too, also one that fell into quiet hours. What was not sent, or may not have arrived, is
    left out.
    """
    statement = select(Due).where(
        Due.person_id == person_id,
        Due.habit == habit,
        Due.reply.is_(True),
        Due.asked_at.is_not(None),
        Due.status.in_(("done", "partly", "skipped", "moved"))
        | ((Due.status == "not_sent") & Due.settled_by.is_not(None))
        | (Due.status.in_(("asked", "unanswered")) & (Due.useful_until <= now)),
    )
    if after is not None:
        statement = statement.where(Due.asked_at > after)
    rows = session.scalars(statement.order_by(Due.asked_at.desc()).limit(LATELY)).all()
    return [
        Asked(
            row.local_date,
            row.settled_by is not None or row.status not in ("asked", "unanswered"),
            offer=row.reason == OFFER,
        )
        for row in reversed(rows)
    ]


def asked_today(session: Session, person_id: int, date: dt.date) -> int:
    """How many check-ins of a local date were asked; one that never left was not, one put off into the night was."""
    statement = select(func.count()).where(
        Due.person_id == person_id,
        Due.local_date == date,
        Due.asked_at.is_not(None),
        Due.habit.is_not(None),
        (Due.status != "not_sent") | Due.settled_by.is_not(None),
    )
    return session.scalar(statement) or 0


def between(session: Session, person_id: int, first: dt.date, last: dt.date) -> Sequence[Due]:
    statement = select(Due).where(Due.person_id == person_id, Due.local_date >= first, Due.local_date <= last)
    return session.scalars(statement.order_by(Due.due_at)).all()


def next_due(
    session: Session, after: dt.datetime, until: dt.datetime | None = None, habit: bool = False
) -> dt.datetime | None:
    """The next instant at which something is due to be asked or closed."""
    statement = select(func.min(Due.due_at)).where(Due.status == "planned", Due.due_at > after)
    if habit:
        statement = statement.where(Due.habit.is_not(None))
    found = session.scalar(statement)
    return found if found and (until is None or found <= until) else None


def next_weekly(session: Session, chat_id: int, after: dt.datetime, scripts: Collection[str]) -> dt.datetime | None:
    """When a chat's next weekly summary is due; `scripts` are those that sum up a week."""
    statement = (
        select(func.min(Due.due_at))
        .join(Person, Person.id == Due.person_id)
        .where(Person.chat_id == chat_id, Due.status == "planned", Due.script.in_(scripts), Due.due_at > after)
    )
    return session.scalar(statement)


def asked(session: Session, person_id: int, habit: str, date: dt.date, slot: str | None) -> Due | None:
    """The check-in of a habit and date that waits for an answer, the newest first; of a slot where one is named."""
    statement = select(Due).where(
        Due.person_id == person_id,
        Due.habit == habit,
        Due.local_date == date,
        Due.status == "asked",
        Due.reply.is_(True),
    )
    if slot is not None:
        statement = statement.where(Due.slot == slot)
    return session.scalar(statement.order_by(Due.due_at.desc()).limit(1))
