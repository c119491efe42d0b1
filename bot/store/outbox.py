"""Messages on their way: written with the turn, drained by the sender.

What every turn and every look of the sender reads stands as a statement made once: to build it anew takes longer than
to have it answered.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import bindparam, case, delete, func, or_, select, update
from sqlalchemy.orm import Session

from bot.store.tables import Due, Fact, Outbox, Run

REPLY, CHANGE, CHECK_IN, SUMMARY = 0, 1, 50, 80
NEWS = "outbox"
"""The channel on which replicas tell each other that something waits."""
OPEN = ("waiting", "sending")
EDITS = ("edit", "buttons")
"""Kinds that change a message: its text, or its buttons alone."""
ARRIVING = ("waiting", "sending", "sent", "uncertain")
ABOUT = "about"
"""In what a message told: the message that it explains."""
RESTS = "rests"
"""In what a message told: the facts that hold only because it was sent."""
LOOKED_THROUGH = 30
"""So many messages back the last one that explains nothing is looked for."""

_SAID_BY_RUN = (
    select(Outbox)
    .where(Outbox.run_id == bindparam("run"), Outbox.kind.not_in(EDITS), Outbox.status != "withdrawn")
    .order_by(Outbox.id.desc())
    .limit(1)
)
_QUESTION = _SAID_BY_RUN.where(Outbox.turn == bindparam("turn"))
_UNSENT = select(Outbox).where(Outbox.person_id == bindparam("person"), Outbox.status == "waiting")
_CHATS_WAITING = (
    select(Outbox.chat_id)
    .where(
        Outbox.status == "waiting",
        Outbox.not_before <= bindparam("now"),
        Outbox.chat_id.not_in(bindparam("busy", expanding=True)),
    )
    .order_by(Outbox.priority, Outbox.id)
    .limit(bindparam("reach"))
)
_HEADS = select(Outbox).where(
    Outbox.id.in_(
        select(func.coalesce(func.min(case((Outbox.kind.not_in(EDITS), Outbox.id))), func.min(Outbox.id)))
        .where(Outbox.status.in_(OPEN), Outbox.chat_id.in_(bindparam("chats", expanding=True)))
        .group_by(Outbox.chat_id)
        .scalar_subquery()
    )
)
_NEXT_MOMENT = select(func.min(Outbox.not_before)).where(
    Outbox.status == "waiting", Outbox.not_before > bindparam("after")
)
_UNASKED_WAITING = select(func.count()).where(Outbox.status == "waiting", Outbox.priority >= CHECK_IN)


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
    told: dict[str, Any] | None = None,
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
        told=told,
        at=now,
        not_before=now,
        status="waiting",
        attempts=0,
    )
    session.add(row)
    session.flush()
    _tell_the_sender(session)
    return row


def _tell_the_sender(session: Session) -> None:
    """Another replica may drain the outbox: PostgreSQL tells it at the commit, once for all messages of it."""
    if session.get_bind().dialect.name == "postgresql" and not session.info.get(NEWS):
        session.info[NEWS] = True
        session.execute(select(func.pg_notify(NEWS, "")))


def question_of(session: Session, run_id: int, turn: int) -> Outbox | None:
    """The newest message that asks this question."""
    return session.scalar(_QUESTION, {"run": run_id, "turn": turn})


def last_of_run(session: Session, run_id: int) -> Outbox | None:
    """The newest message of a run."""
    return session.scalar(_SAID_BY_RUN, {"run": run_id})


def by_message(session: Session, chat_id: int, message_id: int) -> Outbox | None:
    statement = select(Outbox).where(
        Outbox.chat_id == chat_id, Outbox.message_id == message_id, Outbox.kind.not_in(EDITS)
    )
    return session.scalar(statement.order_by(Outbox.id.desc()).limit(1))


def last_said(session: Session, chat_id: int) -> Outbox | None:
    """The newest message that the chat shows, answers to "why?" left out: they are about another one."""
    statement = select(Outbox).where(
        Outbox.chat_id == chat_id, Outbox.kind.not_in(EDITS), Outbox.status.in_(("sent", "uncertain"))
    )
    newest = session.scalars(statement.order_by(Outbox.id.desc()).limit(LOOKED_THROUGH))
    return next((row for row in newest if ABOUT not in (row.told or {})), None)


def explained_since(session: Session, row: Outbox, since: dt.datetime) -> bool:
    """Whether an answer to "why?" about this message went out, or is about to, since then."""
    statement = select(Outbox.told).where(
        Outbox.chat_id == row.chat_id, Outbox.at >= since, Outbox.id > row.id, Outbox.status.in_(ARRIVING)
    )
    return any(told and told.get(ABOUT) == row.id for told in session.scalars(statement))


def has_said(session: Session, chat_id: int, words: str) -> bool:
    """Whether any message that this chat got, or is about to get, had these words in it."""
    statement = select(Outbox.id).where(
        Outbox.chat_id == chat_id, Outbox.status.in_(ARRIVING), Outbox.text.contains(words, autoescape=True)
    )
    return session.scalar(statement.limit(1)) is not None


def said_with(session: Session, row: Outbox) -> list[Outbox]:
    """This message, after the one that the same turn of its run said before it, if there is one."""
    statement = select(Outbox).where(
        Outbox.run_id == row.run_id, Outbox.at == row.at, Outbox.id < row.id, Outbox.kind.not_in(EDITS)
    )
    before = session.scalar(statement.order_by(Outbox.id.desc()).limit(1))
    return [before, row] if before is not None and before.turn is None else [row]


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
        priority=CHANGE,
        edits=row.id,
        now=now,
    )


def used(session: Session, row: Outbox, message_id: int, now: dt.datetime) -> None:
    """The person used this message: it arrived. Of two copies the one in use is the one to change from now on."""
    if row.message_id == message_id:
        return
    copy = row.message_id is not None
    if row.status in ("waiting", "sending", "uncertain"):
        row.status = "sent"
    row.message_id = message_id
    if copy:  # it shows what the question said at first
        put(
            session,
            chat_id=row.chat_id,
            person_id=row.person_id,
            text=row.text,
            buttons=row.buttons,
            kind="edit",
            priority=CHANGE,
            edits=row.id,
            now=now,
        )


def seen_by(row: Outbox, message_id: int, at: dt.datetime) -> bool:
    """Whether a message of the person, with its id and date, can have been written with this one in view.

    It can when this one stands above it, and also when one try of it may have arrived without our knowing.
    """
    if row.message_id is not None and row.message_id < message_id:
        return True
    unknown = row.attempts - (row.message_id is not None)
    return unknown > 0 and row.status != "failed" and at >= row.at.replace(microsecond=0)  # a date has whole seconds


def withdraw(session: Session, row: Outbox, reason: str) -> None:
    """An unsent message that nobody should get any more."""
    row.status, row.reason = "withdrawn", reason


def withdraw_all(session: Session, person_id: int, reason: str, *, only_unasked: bool = False) -> None:
    """Everything still unsent to a person, or only what they did not ask for."""
    for row in _unsent(session, person_id):
        if row.priority >= CHECK_IN or not only_unasked:
            never_sent(session, row, "withdrawn", reason)


BACK_AGAIN = "back again"
"""Why a message waits that greets someone who came back."""


def hold_back(session: Session, person_id: int, until: dt.datetime) -> None:
    """Everything unsent to a person waits until then, or until they write and it is withdrawn."""
    for row in _unsent(session, person_id):
        row.not_before, row.reason = until, BACK_AGAIN


def withdraw_held_back(session: Session, person_id: int) -> None:
    """The person wrote before the greeting went out: what they wrote is answered, and that is greeting enough."""
    for row in _unsent(session, person_id):
        if row.reason == BACK_AGAIN:
            withdraw(session, row, "superseded")


def withdraw_runs(session: Session, person_id: int, runs: Collection[int]) -> bool:
    """Withdraws what these runs have said and nobody has seen; whether there was anything."""
    rows = [row for row in _unsent(session, person_id) if row.run_id in runs and not row.attempts]
    for row in rows:
        withdraw(session, row, "said again")
    return bool(rows)


def withdraw_after(session: Session, question: Outbox, reason: str) -> None:
    """Withdraws what a run has said since a question of its, as far as nobody has seen it."""
    for row in _unsent(session, question.person_id or 0):
        if row.run_id == question.run_id and row.id > question.id and not row.attempts and row.kind not in EDITS:
            withdraw(session, row, reason)


def next_moment(session: Session, after: dt.datetime) -> dt.datetime | None:
    """When the next message may go that has to wait now."""
    return session.scalar(_NEXT_MOMENT, {"after": after})


def _unsent(session: Session, person_id: int) -> Sequence[Outbox]:
    return session.scalars(_UNSENT, {"person": person_id}).all()


def never_sent(session: Session, row: Outbox, status: str, reason: str) -> None:
    """A message that will not go out any more: its check-in was not asked, waits for nothing and changed nothing."""
    row.status, row.reason = status, reason
    due = still_unseen(session, row)
    if due is None:
        return
    due.status, due.reason = "not_sent", reason
    _unasked(session, row)


def put_off(session: Session, row: Outbox, due: Due, until: dt.datetime) -> None:
    """Nothing of this check-in has gone out, and it is asked anew at that moment; until then it holds up no reply."""
    withdraw(session, row, "put off")
    due.status, due.reason, due.asked_at = "planned", None, None
    due.due_at, due.fixed = until, True
    _unasked(session, row)


def _unasked(session: Session, row: Outbox) -> None:
    """What rested on a check-in's message falls with it, what it says besides is not said, and it is over."""
    for other in session.scalars(select(Outbox).where(Outbox.due_id == row.due_id, Outbox.status == "waiting")).all():
        withdraw(session, other, row.reason or "")
    session.execute(delete(Fact).where(Fact.person_id == row.person_id, Fact.id.in_((row.told or {}).get(RESTS, ()))))
    run = session.get(Run, row.run_id) if row.run_id else None
    if run is not None and run.status == "open":
        run.status, run.ended_at = "cancelled", row.at


def still_unseen(session: Session, row: Outbox) -> Due | None:
    """The check-in that a message asks, where nothing of it went out so far."""
    due = session.get(Due, row.due_id) if row.due_id else None
    return due if due is not None and due.status == "asked" and not partly_sent(session, due.id) else None


def partly_sent(session: Session, due_id: int) -> bool:
    """Whether something of a check-in went out, or may have."""
    statement = select(func.count()).where(Outbox.due_id == due_id, Outbox.status.in_(("sent", "sending", "uncertain")))
    return bool(session.scalar(statement))


def next_to_send(session: Session, now: dt.datetime, busy: Collection[int], limit: int) -> list[Outbox]:
    """Of each chat that is not busy its oldest open message, if its time has come; most urgent chats first.

    Within a chat strictly in order: a message that waits for a retry holds back those behind it, and one that stands
    before a reply is as urgent as the reply. Changes of messages already there come after what is new. Looks at the
    most urgent messages only, however many wait.
    """
    reach = 4 * limit
    while True:
        chats = session.scalars(_CHATS_WAITING, {"now": now, "busy": list(busy), "reach": reach}).all()
        if not chats:
            return []
        heads = _heads(session, set(chats))
        ready = [heads[chat] for chat in dict.fromkeys(chats) if chat in heads]
        found = [head for head in ready if head.status == "waiting" and head.not_before <= now]
        if len(found) >= limit or len(chats) < reach:
            return found[:limit]
        reach *= 4  # those in front are all held back by something older in their chats


def _heads(session: Session, chats: set[int]) -> dict[int, Outbox]:
    """Of each of these chats the oldest message that is not settled, or else the oldest change of one."""
    return {row.chat_id: row for row in session.scalars(_HEADS, {"chats": list(chats)})}


def waiting(session: Session) -> int:
    """How many messages are not settled."""
    return session.scalar(select(func.count()).where(Outbox.status.in_(OPEN))) or 0


def unasked_waiting(session: Session) -> int:
    """How many check-ins and summaries stand ready to be sent."""
    return session.scalar(_UNASKED_WAITING) or 0


def interrupted(session: Session) -> list[tuple[int, int]]:
    """Ids and chats of messages whose sending was cut off by a crash: whether they arrived is not known."""
    rows = session.execute(select(Outbox.id, Outbox.chat_id).where(Outbox.status == "sending").order_by(Outbox.id))
    return [(row, chat) for row, chat in rows]


def written_to(session: Session, since: dt.datetime) -> list[int]:
    """The chats of the messages sent since then, of each as often as it got one."""
    statement = select(Outbox.chat_id).where(Outbox.status == "sent", Outbox.sent_at >= since)
    return list(session.scalars(statement.where(Outbox.kind.not_in(EDITS))))


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
