"""The tables. UTC in the database, aware datetimes in Python, the local date beside what belongs to a day."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Text,
    TypeDecorator,
    UniqueConstraint,
    false,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Utc(TypeDecorator[dt.datetime]):
    """An aware datetime, kept in UTC. SQLite forgets the zone, so it is taken off and put back here."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive datetime must not reach the database")
        value = value.astimezone(dt.UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=dt.UTC) if value.tzinfo is None else value.astimezone(dt.UTC)


BigId = BigInteger().with_variant(Integer, "sqlite")
"""SQLite counts up by itself only for INTEGER keys."""


class Table(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_N_label)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {  # noqa: RUF012 -- SQLAlchemy's own name for it
        dt.datetime: Utc,
        int: BigInteger,
        dict[str, Any]: JSON,
        list[Any]: JSON,
        str: String,
    }


def _key() -> Mapped[int]:
    return mapped_column(BigId, primary_key=True, autoincrement=True)


def _person(index: bool = True) -> Mapped[int]:
    return mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=index)


class Person(Table):
    """One per private chat. Before consent only the chat's id and where onboarding stands."""

    __tablename__ = "person"
    id: Mapped[int] = _key()
    chat_id: Mapped[int] = mapped_column(unique=True)
    created_at: Mapped[dt.datetime]
    consent: Mapped[str | None] = mapped_column(String(16))
    """agreed, declined, or not asked yet."""
    consent_version: Mapped[str | None] = mapped_column(String(32))
    consented_at: Mapped[dt.datetime | None]
    reachable: Mapped[bool] = mapped_column(default=True)
    paused: Mapped[bool] = mapped_column(default=False)
    paused_until: Mapped[dt.datetime | None]
    held: Mapped[str | None] = mapped_column(String(16))
    """Coaching is held after red-flag words: emergency or self_harm. Only the person's tap lifts it."""
    held_until: Mapped[dt.datetime | None]
    """Nothing unasked before then, even after the tap."""


class Group(Table):
    """A group that was told once that the coach works only in private."""

    __tablename__ = "group_chat"
    chat_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)


class UpdateSeen(Table):
    """Which updates were handled, so that one that arrives twice is answered once."""

    __tablename__ = "update_seen"
    bot_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    update_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    seen_at: Mapped[dt.datetime]


class FailedUpdate(Table):
    """An update whose turn failed for good, kept for the operator."""

    __tablename__ = "failed_update"
    id: Mapped[int] = _key()
    update_id: Mapped[int | None]
    chat_id: Mapped[int | None]
    payload: Mapped[dict[str, Any]]
    reason: Mapped[str] = mapped_column(Text)
    at: Mapped[dt.datetime]


class Inbox(Table):
    """An update that waits for its turn on our side, because its chat sent many at once."""

    __tablename__ = "inbox"
    __table_args__ = (Index("ix_inbox_chat", "bot_id", "chat_id", "update_id"),)
    bot_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    update_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    chat_id: Mapped[int]
    payload: Mapped[dict[str, Any]]


class Lease(Table):
    """Which replica runs the clock and drains the outbox, and until when unless it says so again."""

    __tablename__ = "lease"
    name: Mapped[str] = mapped_column(String(16), primary_key=True)
    holder: Mapped[str] = mapped_column(String(255))
    until: Mapped[dt.datetime]


class Run(Table):
    """A script being walked, or that was."""

    __tablename__ = "run"
    __table_args__ = (CheckConstraint("status in ('open','parked','ended','cancelled')", name="status"),)
    id: Mapped[int] = _key()
    person_id: Mapped[int] = _person()
    script: Mapped[str] = mapped_column(String(64))
    status: Mapped[str] = mapped_column(String(16))
    state: Mapped[dict[str, Any]]
    due_id: Mapped[int | None] = mapped_column(ForeignKey("due.id", ondelete="SET NULL"), index=True)
    started_at: Mapped[dt.datetime]
    ended_at: Mapped[dt.datetime | None]
    touched_at: Mapped[dt.datetime]
    """When its question was last asked: the newest open question is tried first."""


class Answer(Table):
    """A reply as it was typed or tapped, with what it was taken to mean. Append-only."""

    __tablename__ = "answer"
    id: Mapped[int] = _key()
    person_id: Mapped[int] = _person()
    run_id: Mapped[int] = mapped_column(ForeignKey("run.id", ondelete="CASCADE"), index=True)
    script: Mapped[str] = mapped_column(String(64))
    step: Mapped[str] = mapped_column(String(64))
    turn: Mapped[int]
    value: Mapped[Any] = mapped_column(JSON)
    words: Mapped[str] = mapped_column(Text)
    typed: Mapped[str | None] = mapped_column(Text)
    tapped: Mapped[str | None] = mapped_column(String(64))
    at: Mapped[dt.datetime]
    """When the person acted."""
    handled_at: Mapped[dt.datetime]
    local_date: Mapped[dt.date | None]
    update_id: Mapped[int | None]
    message_id: Mapped[int | None]
    """The person's message, so that an edit of it corrects this answer."""
    before: Mapped[dict[str, Any]]
    """The run's state before it, for Back."""


class Retraction(Table):
    """Takes an answer back; what followed from it ceases to hold. The answer itself stays."""

    __tablename__ = "retraction"
    id: Mapped[int] = _key()
    person_id: Mapped[int] = _person()
    answer_id: Mapped[int] = mapped_column(ForeignKey("answer.id", ondelete="CASCADE"), unique=True)
    at: Mapped[dt.datetime]
    update_id: Mapped[int | None]


class _FromAnswer:
    """What rests on an answer, and falls with it."""

    id: Mapped[int] = _key()
    answer_id: Mapped[int | None] = mapped_column(ForeignKey("answer.id", ondelete="CASCADE"), index=True)
    at: Mapped[dt.datetime]


class Fact(_FromAnswer, Table):
    """What holds since then; the newest whose answer was not taken back holds now."""

    __tablename__ = "fact"
    __table_args__ = (Index("ix_fact_person_name", "person_id", "name"),)
    person_id: Mapped[int] = _person(index=False)
    name: Mapped[str] = mapped_column(String(64))
    value: Mapped[Any] = mapped_column(JSON)
    words: Mapped[str] = mapped_column(Text)


class _Entry(_FromAnswer):
    """A log entry: it belongs to a local date, and to a check-in where one asked for it."""

    local_date: Mapped[dt.date]
    due_id: Mapped[int | None] = mapped_column(ForeignKey("due.id", ondelete="SET NULL"))


class Walk(_Entry, Table):
    __tablename__ = "walk"
    person_id: Mapped[int] = _person()
    minutes: Mapped[int]
    meal: Mapped[str | None] = mapped_column(String(16))


class TrainingSet(_Entry, Table):
    __tablename__ = "training_set"
    person_id: Mapped[int] = _person()
    exercise: Mapped[str] = mapped_column(String(32))
    load_kg: Mapped[float | None]
    reps: Mapped[int]
    as_planned: Mapped[bool] = mapped_column(default=False)
    """Taken from the plan by one tap, not counted by the person."""


class Night(_Entry, Table):
    """A night belongs to the date of its morning."""

    __tablename__ = "night"
    person_id: Mapped[int] = _person()
    bed: Mapped[str | None] = mapped_column(String(5))
    wake: Mapped[str | None] = mapped_column(String(5))
    minutes: Mapped[int]


class Cold(_Entry, Table):
    __tablename__ = "cold"
    person_id: Mapped[int] = _person()
    seconds: Mapped[int]


class Plate(_Entry, Table):
    """One plate of a day, by what the person chose to look for; never what or how much was eaten."""

    __tablename__ = "plate"
    person_id: Mapped[int] = _person()
    whole: Mapped[bool]
    """Whether what they looked for was there, or in part."""
    focus: Mapped[str | None] = mapped_column(Text)
    """What they looked for then, in their own words."""
    beside: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Told of another meal or another thing than they look for, so that it answers nothing and counts for nothing."""


class Sitting(_Entry, Table):
    """How the breaks from sitting went on a day."""

    __tablename__ = "sitting"
    person_id: Mapped[int] = _person()
    several: Mapped[bool]
    """Several, or one or two."""


class Fiber(_Entry, Table):
    """A fiber food on a day."""

    __tablename__ = "fiber"
    person_id: Mapped[int] = _person()
    what: Mapped[str] = mapped_column(Text)
    """In the person's own words."""


class BloodDraw(_Entry, Table):
    __tablename__ = "blood_draw"
    person_id: Mapped[int] = _person()
    drawn_on: Mapped[dt.date | None]
    fasting: Mapped[str | None] = mapped_column(String(16))
    glucose: Mapped[float | None]
    glucose_unit: Mapped[str | None] = mapped_column(String(16))
    insulin: Mapped[float | None]
    insulin_unit: Mapped[str | None] = mapped_column(String(16))
    insulin_factor: Mapped[float | None]
    hba1c: Mapped[float | None]
    hba1c_unit: Mapped[str | None] = mapped_column(String(16))
    triglycerides: Mapped[float | None]
    triglycerides_unit: Mapped[str | None] = mapped_column(String(16))
    lab: Mapped[str | None] = mapped_column(String(80))
    against: Mapped[str | None] = mapped_column(String(120))
    """What spoke against its arithmetic, ids with commas; empty where nothing did, NULL where it was not asked."""


class Note(_Entry, Table):
    __tablename__ = "note"
    person_id: Mapped[int] = _person()
    text: Mapped[str] = mapped_column(Text)
    script: Mapped[str] = mapped_column(String(64))


class Break(Table):
    """Days of holiday or illness: silent, and outside every denominator."""

    __tablename__ = "break"
    id: Mapped[int] = _key()
    person_id: Mapped[int] = _person()
    first: Mapped[dt.date]
    last: Mapped[dt.date | None]


class Due(Table):
    """One coming or past check-in of one day and slot."""

    __tablename__ = "due"
    __table_args__ = (
        UniqueConstraint("person_id", "script", "local_date", "slot"),
        Index("ix_due_status_due_at", "status", "due_at"),
        Index("ix_due_status_closes_at", "status", "closes_at"),
        CheckConstraint(
            "status in ('planned','asked','done','partly','skipped','unanswered','not_sent','uncertain','moved')",
            name="status",
        ),
    )
    id: Mapped[int] = _key()
    person_id: Mapped[int] = _person()
    script: Mapped[str] = mapped_column(String(64))
    habit: Mapped[str | None] = mapped_column(String(16))
    slot: Mapped[str] = mapped_column(String(32))
    local_date: Mapped[dt.date]
    due_at: Mapped[dt.datetime]
    useful_until: Mapped[dt.datetime]
    closes_at: Mapped[dt.datetime]
    """Until then it can be answered: the end of the next local day."""
    status: Mapped[str] = mapped_column(String(16))
    reason: Mapped[str | None] = mapped_column(String(64))
    priority: Mapped[int] = mapped_column(default=50)
    reply: Mapped[bool] = mapped_column(default=True)
    asked_at: Mapped[dt.datetime | None]
    settled_by: Mapped[int | None]
    """The answer that settled it; when that is taken back, it is open again."""
    fixed: Mapped[bool] = mapped_column(default=False)
    """Snoozed or moved by the person: a new plan leaves it where it is."""


class Outbox(Table):
    """A message on its way: written with the turn that says it, sent after the commit."""

    __tablename__ = "outbox"
    __table_args__ = (
        Index("ix_outbox_status_chat", "status", "chat_id", "id"),
        Index("ix_outbox_status_priority", "status", "priority", "id"),
        CheckConstraint(
            "status in ('waiting','sending','sent','failed','withdrawn','uncertain','expired')", name="status"
        ),
    )
    id: Mapped[int] = _key()
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    chat_id: Mapped[int]
    kind: Mapped[str] = mapped_column(String(16))
    """message, photo, document or edit."""
    text: Mapped[str] = mapped_column(Text)
    buttons: Mapped[list[Any]]
    figures: Mapped[dict[str, Any] | None]
    """What a picture is drawn from, or a document's content."""
    priority: Mapped[int]
    """Lower goes first: replies before check-ins."""
    edits: Mapped[int | None] = mapped_column(ForeignKey("outbox.id", ondelete="SET NULL"))
    run_id: Mapped[int | None] = mapped_column(ForeignKey("run.id", ondelete="SET NULL"), index=True)
    turn: Mapped[int | None]
    due_id: Mapped[int | None] = mapped_column(ForeignKey("due.id", ondelete="SET NULL"), index=True)
    at: Mapped[dt.datetime]
    not_before: Mapped[dt.datetime]
    useless_after: Mapped[dt.datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    status: Mapped[str] = mapped_column(String(16))
    reason: Mapped[str | None] = mapped_column(Text)
    message_id: Mapped[int | None]
    sent_at: Mapped[dt.datetime | None]
    told: Mapped[dict[str, Any] | None]
    """Which steps' words it holds and what led to them, for /why; of an answer to that, which message it is about."""


class Week(Table):
    """The figures of a weekly summary; a late entry corrects them."""

    __tablename__ = "week"
    __table_args__ = (UniqueConstraint("person_id", "ending"),)
    id: Mapped[int] = _key()
    person_id: Mapped[int] = _person()
    ending: Mapped[dt.date]
    figures: Mapped[dict[str, Any]]
    at: Mapped[dt.datetime]
