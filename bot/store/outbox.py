"""Messages on their way: written with the turn, drained by the sender."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.orm import Session, aliased

from bot.store.tables import Due, Outbox, Run

REPLY, CHECK_IN, SUMMARY = 0, 50, 80
OPEN = ("waiting", "sending")
EDITS = ("edit", "buttons")
"""Kinds that change a message: its text, or its buttons alone."""


# built once: an alias costs ten milliseconds, and the sender asks all the time
_LATER = aliased(Outbox)
_HEADS = select(func.min(_LATER.id)).where(_LATER.status.in_(OPEN)).group_by(_LATER.chat_id)
_URGENCY = (
    select(func.min(_LATER.priority))
    .where(_LATER.chat_id == Outbox.chat_id, _LATER.status.in_(OPEN))
    .correlate(Outbox)
    .scalar_subquery()
)


def put(
    session: Session,
    *,
    chat_id: int,
    person_id: int | None,
    text: str,
    now: dt.datetime,
    kind: str = "message",
    buttons: Sequence[Any] = (),
    figures: dict[str, Any] | None = None,
    priority: int = REPLY,
    useless_after: dt.datetime | None = None,
    run_id: int | None = None,
    turn: int | None = None,
    due_id: int | None = None,
    edits: int | None = None,
) -> Outbox:
    row = Outbox(
        chat_id=chat_id,
        person_id=person_id,
        kind=kind,
        text=text,
        buttons=list(buttons),
        figures=figures,
        priority=priority,
        useless_after=useless_after,
        run_id=run_id,
        turn=turn,
        due_id=due_id,
        edits=edits,
        at=now,
        not_before=now,
        status="waiting",
        attempts=0,
    )
    session.add(row)
    session.flush()
    return row


def question_of(session: Session, run_id: int, turn: int) -> Outbox | None:
    """The newest message that asks this question."""
    statement = select(Outbox).where(
        Outbox.run_id == run_id, Outbox.turn == turn, Outbox.kind.not_in(EDITS), Outbox.status != "withdrawn"
    )
    return session.scalar(statement.order_by(Outbox.id.desc()).limit(1))


def last_of_run(session: Session, run_id: int) -> Outbox | None:
    """The newest message of a run."""
    statement = select(Outbox).where(Outbox.run_id == run_id, Outbox.kind.not_in(EDITS), Outbox.status != "withdrawn")
    return session.scalar(statement.order_by(Outbox.id.desc()).limit(1))


def by_message(session: Session, chat_id: int, message_id: int) -> Outbox | None:
    statement = select(Outbox).where(
        Outbox.chat_id == chat_id, Outbox.message_id == message_id, Outbox.kind.not_in(EDITS)
    )
    return session.scalar(statement.order_by(Outbox.id.desc()).limit(1))


def edit(session: Session, row: Outbox, text: str, buttons: Sequence[Any], now: dt.datetime) -> None:
    """Changes a message that was sent or will be; two changes that wait become one, no change is none.

    The row shows what the message says now, so that the next change is compared with that.
    """
    if row.text == text and row.buttons == list(buttons):
        return
    kind = "buttons" if row.text == text else "edit"
    row.text, row.buttons = text, list(buttons)
    if row.status == "waiting":
        return
    change = session.scalar(select(Outbox).where(Outbox.edits == row.id, Outbox.status == "waiting").limit(1))
    if change:
        change.text, change.buttons = text, list(buttons)
        change.kind = "edit" if "edit" in (kind, change.kind) else "buttons"
        return
    put(
        session,
        chat_id=row.chat_id,
        person_id=row.person_id,
        text=text,
        buttons=buttons,
        kind=kind,
        edits=row.id,
        now=now,
    )


def withdraw(session: Session, row: Outbox, reason: str) -> None:
    """An unsent message that nobody should get any more."""
    row.status, row.reason = "withdrawn", reason


def withdraw_all(session: Session, person_id: int, reason: str, *, only_unasked: bool = False) -> None:
    """Everything still unsent to a person, or only what they did not ask for."""
    statement = select(Outbox).where(Outbox.person_id == person_id, Outbox.status == "waiting")
    if only_unasked:
        statement = statement.where(Outbox.priority > REPLY)
    for row in session.scalars(statement).all():
        never_sent(session, row, "withdrawn", reason)


def never_sent(session: Session, row: Outbox, status: str, reason: str) -> None:
    """A message that will not go out any more: the check-in that it asks was not asked, and waits for nothing."""
    row.status, row.reason = status, reason
    due = session.get(Due, row.due_id) if row.due_id else None
    if due is None or due.status != "asked" or _partly_sent(session, due.id):
        return
    due.status, due.reason = "not_sent", reason
    run = session.get(Run, row.run_id) if row.run_id else None
    if run is not None and run.status == "open":
        run.status, run.ended_at = "cancelled", row.at


def _partly_sent(session: Session, due_id: int) -> bool:
    statement = select(func.count()).where(Outbox.due_id == due_id, Outbox.status.in_(("sent", "sending", "uncertain")))
    return bool(session.scalar(statement))


def next_to_send(session: Session, now: dt.datetime, busy: set[int], limit: int) -> Sequence[Outbox]:
    """Of each chat that is not busy its oldest open message, if its time has come; most urgent chats first.

    Within a chat strictly in order: a message that waits for a retry holds back those behind it.
    """
    statement = select(Outbox).where(Outbox.id.in_(_HEADS), Outbox.status == "waiting", Outbox.not_before <= now)
    if busy:
        statement = statement.where(Outbox.chat_id.not_in(busy))
    return session.scalars(statement.order_by(_URGENCY, Outbox.id).limit(limit)).all()


def waiting(session: Session) -> int:
    """How many messages are not sent yet."""
    return session.scalar(select(func.count()).where(Outbox.status.in_(OPEN))) or 0


def interrupted(session: Session) -> Sequence[Outbox]:
    """Messages whose sending was cut off by a crash: whether they arrived is not known."""
    return session.scalars(select(Outbox).where(Outbox.status == "sending")).all()


def drop_ownerless(session: Session, before: dt.datetime) -> None:
    """Drops what was said to nobody we keep: the last word after /erase, the line to a group."""
    session.execute(delete(Outbox).where(Outbox.person_id.is_(None), Outbox.status.not_in(OPEN), Outbox.at < before))


def forget(session: Session, before: dt.datetime) -> None:
    """Drops the text of what was sent long ago; the rows stay for message ids of open questions."""
    session.execute(
        update(Outbox)
        .where(Outbox.at < before, or_(Outbox.status == "sent", Outbox.status == "withdrawn"))
        .values(figures=None)
    )
