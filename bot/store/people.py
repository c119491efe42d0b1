"""Persons, updates already handled, and what holds of a person."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from sqlalchemy import bindparam, delete, exists, func, select, text
from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session

from bot.coach.dialogue import Said
from bot.store.tables import (
    Answer,
    Break,
    Fact,
    FailedUpdate,
    Group,
    Outbox,
    Person,
    Retraction,
    Run,
    Table,
    UpdateSeen,
)


def not_taken_back(answer_id: Any) -> Any:
    """The condition that an answer, where something rests on one, still holds."""
    return ~exists().where(Retraction.answer_id == answer_id)


# what every turn reads, made once: to build a statement anew takes longer than to have it answered
_LOCK = text("select pg_advisory_xact_lock(:chat)")
_TRY_LOCK = text("select pg_try_advisory_xact_lock(:chat)")
_SEEN: dict[str, Any] = {"bot_id": bindparam("bot"), "update_id": bindparam("update"), "seen_at": bindparam("at")}
_FIRST_TIME = {
    # a row count would be -1, unknown, on PostgreSQL
    name: make(UpdateSeen).values(_SEEN).on_conflict_do_nothing().returning(UpdateSeen.update_id)
    for name, make in (("postgresql", pg_insert), ("sqlite", sqlite_insert))
}
_BY_CHAT = select(Person).where(Person.chat_id == bindparam("chat"))
_FACTS = select(Fact.name, Fact.value, Fact.words).where(
    Fact.id.in_(
        select(func.max(Fact.id))
        .where(Fact.person_id == bindparam("person"), not_taken_back(Fact.answer_id))
        .group_by(Fact.name)
    )
)
_GIVEN = (
    select(Fact.name, Fact.value, Fact.at, Fact.id)
    .where(
        Fact.person_id == bindparam("person"),
        Fact.name.in_(bindparam("names", expanding=True)),
        not_taken_back(Fact.answer_id),
    )
    .order_by(Fact.id)
)
_LAST_ANSWERS = select(Answer.script, Answer.step, Answer.value, Answer.words).where(
    Answer.id.in_(
        select(func.max(Answer.id))
        .where(
            Answer.person_id == bindparam("person"), not_taken_back(Answer.id), Answer.script == bindparam("of_script")
        )
        .group_by(Answer.script, Answer.step)
    )
)


def lock_chat(session: Session, chat_id: int) -> None:
    """Keeps other turns of this chat out until the end of the transaction, also before the person exists."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(_LOCK, {"chat": chat_id})


def try_lock_chat(session: Session, chat_id: int) -> bool:
    """As `lock_chat`, but does not wait: False when a turn of this chat is under way."""
    if session.get_bind().dialect.name == "postgresql":
        return bool(session.scalar(_TRY_LOCK, {"chat": chat_id}))
    return True


def first_time(session: Session, bot_id: int, update_id: int, now: dt.datetime) -> bool:
    """Marks an update as handled; False when it already was."""
    statement = _FIRST_TIME[session.get_bind().dialect.name]
    return session.scalar(statement, {"bot": bot_id, "update": update_id, "at": now}) is not None


def forget_updates(session: Session, before: dt.datetime) -> None:
    """Telegram keeps an update for a day at most; older marks are of no use."""
    session.execute(delete(UpdateSeen).where(UpdateSeen.seen_at < before))


def put_aside(
    session: Session, update_id: int | None, chat_id: int | None, payload: Any, reason: str, now: dt.datetime
) -> None:
    session.add(FailedUpdate(update_id=update_id, chat_id=chat_id, payload=payload, reason=reason, at=now))


def put_aside_since(session: Session, since: dt.datetime) -> int:
    """How many updates were put aside since then."""
    return session.scalar(select(func.count()).select_from(FailedUpdate).where(FailedUpdate.at >= since)) or 0


def by_chat(session: Session, chat_id: int) -> Person | None:
    return session.scalar(_BY_CHAT, {"chat": chat_id})


def by_id(session: Session, person_id: int) -> Person | None:
    return session.get(Person, person_id)


def silenced(person: Person, now: dt.datetime) -> str | None:
    """Why nothing may be said unasked to a person at this moment, if so: unreachable, held or paused."""
    if not person.reachable:
        return "unreachable"
    if person.held or (person.held_until is not None and now < person.held_until):
        return "held"
    if person.paused and (person.paused_until is None or now < person.paused_until):
        return "paused"
    return None


def meet(session: Session, chat_id: int, now: dt.datetime) -> Person:
    """The person of a private chat, made when they first write."""
    person = by_chat(session, chat_id)
    if person is None:
        person = Person(chat_id=chat_id, created_at=now, reachable=True, paused=False)
        session.add(person)
        session.flush()
    return person


def first_in_group(session: Session, chat_id: int) -> bool:
    """Whether this group has not been told yet."""
    if session.get(Group, chat_id):
        return False
    session.add(Group(chat_id=chat_id))
    return True


def facts(session: Session, person_id: int) -> dict[str, Said]:
    """What holds now: of each fact the newest whose answer was not taken back."""
    rows = session.execute(_FACTS, {"person": person_id})
    return {name: Said(value, words) for name, value, words in rows if value is not None}


def since(session: Session, person_id: int, name: str) -> dt.datetime | None:
    """Since when a fact holds as it does."""
    statement = select(Fact.at).where(Fact.person_id == person_id, Fact.name == name, not_taken_back(Fact.answer_id))
    return session.scalar(statement.order_by(Fact.id.desc()).limit(1))


def given(session: Session, person_id: int, names: Iterable[str]) -> list[tuple[str, Any, dt.datetime, int]]:
    """Every answer to these facts that was not taken back, oldest first: name, value, when, and its rank among all."""
    rows = session.execute(_GIVEN, {"person": person_id, "names": list(names)})
    return [(name, value, at, rank) for name, value, at, rank in rows]


def remember(session: Session, person_id: int, name: str, said: Said, answer_id: int | None, at: dt.datetime) -> Fact:
    fact = Fact(person_id=person_id, name=name, value=said.value, words=said.words, answer_id=answer_id, at=at)
    session.add(fact)
    return fact


def begin_break(session: Session, person_id: int, first: dt.date, last: dt.date | None) -> None:
    """Days without check-ins; a break still open is replaced."""
    end_break(session, person_id, first)
    session.add(Break(person_id=person_id, first=first, last=last))


def end_break(session: Session, person_id: int, today: dt.date) -> None:
    """Ends a break so that today counts again; one that began today never was."""
    rows = session.scalars(
        select(Break).where(Break.person_id == person_id, (Break.last.is_(None)) | (Break.last >= today))
    )
    for row in rows:
        if row.first >= today:
            session.delete(row)
        else:
            row.last = today - dt.timedelta(days=1)


def break_days(session: Session, person_id: int, first: dt.date, last: dt.date) -> set[dt.date]:
    """The dates of a span that lie in a break."""
    rows = session.scalars(select(Break).where(Break.person_id == person_id, Break.first <= last)).all()
    days = ((first + dt.timedelta(days=n)) for n in range((last - first).days + 1))
    return {day for day in days if any(row.first <= day and (row.last is None or day <= row.last) for row in rows)}


def erase(session: Session, person: Person) -> None:
    """Deletes the person and everything that belongs to them, at once."""
    session.flush()
    session.execute(delete(FailedUpdate).where(FailedUpdate.chat_id == person.chat_id))
    session.execute(delete(Outbox).where(Outbox.chat_id == person.chat_id))
    session.execute(delete(Person).where(Person.id == person.id))
    session.expire_all()


def export(session: Session, person: Person) -> dict[str, Any]:
    """Everything kept of a person, table by table, as plain values."""
    found: dict[str, Any] = {"person": _plain(person)}
    for mapper in Table.registry.mappers:
        table = mapper.class_
        if "person_id" in mapper.columns:
            rows = session.scalars(select(table).where(table.person_id == person.id).order_by(table.id))
            found[table.__tablename__] = [_plain(row) for row in rows]
    for message in found["outbox"]:
        del message["figures"]  # drawn from the week's, or an export like this one
    failed = session.scalars(select(FailedUpdate).where(FailedUpdate.chat_id == person.chat_id))
    return {**found, "failed_update": [_plain(row) for row in failed]}


def _plain(row: Any) -> dict[str, Any]:
    values = {column.key: getattr(row, column.key) for column in row.__table__.columns}
    return {k: v.isoformat() if isinstance(v, (dt.date, dt.datetime)) else v for k, v in values.items()}


def last_answers(session: Session, person_id: int, script: str) -> dict[str, Said]:
    """What was last answered to each step of a script, by `script.step`; parts it uses come along."""
    rows = session.execute(_LAST_ANSWERS, {"person": person_id, "of_script": script})
    return {f"{s}.{step}": Said(value, words) for s, step, value, words in rows if value is not None}


def visits(session: Session, person_id: int, script: str) -> int:
    """How often a script was begun."""
    statement = select(func.count()).where(Run.person_id == person_id, Run.script == script)
    return session.scalar(statement) or 0
