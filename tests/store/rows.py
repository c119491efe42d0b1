"""One row in every table, all of one person, as their records look after some weeks."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy.orm import Session

from bot.store.tables import (
    Answer,
    BloodDraw,
    Break,
    Cold,
    Due,
    Fact,
    FailedUpdate,
    Fiber,
    Group,
    Inbox,
    Lease,
    Night,
    Note,
    Outbox,
    Person,
    Plate,
    Retraction,
    Run,
    Sitting,
    Table,
    TrainingSet,
    UpdateSeen,
    Walk,
    Week,
)

NOW = dt.datetime(2026, 11, 23, 8, 0, tzinfo=dt.UTC)
TODAY = NOW.date()
OF_NOBODY = (Group, UpdateSeen, Inbox, Lease)
"""Tables whose rows belong to no person."""


def fill(session: Session, chat_id: int = 7001) -> Person:
    """A row in each table; those of a person belong to the one of this chat."""
    person = Person(chat_id=chat_id, created_at=NOW, consent="agreed", consent_version="1", consented_at=NOW)
    session.add(person)
    session.flush()
    due = Due(
        person_id=person.id,
        script="walk",
        habit="walk",
        slot="dinner",
        local_date=TODAY,
        due_at=NOW,
        useful_until=NOW,
        closes_at=NOW,
        status="done",
    )
    session.add(due)
    session.flush()
    run = Run(
        person_id=person.id,
        script="walk",
        status="ended",
        state={"frames": [], "said": {}},
        due_id=due.id,
        started_at=NOW,
        touched_at=NOW,
    )
    session.add(run)
    session.flush()
    answer = Answer(
        person_id=person.id,
        run_id=run.id,
        script="walk",
        step="minutes",
        turn=2,
        value=15,
        words="15 min",
        typed="15",
        at=NOW,
        handled_at=NOW,
        local_date=TODAY,
        update_id=chat_id,
        message_id=3,
        before={"frames": [["walk", "minutes"]]},
    )
    session.add(answer)
    session.flush()
    entry: dict[str, Any] = {
        "person_id": person.id,
        "answer_id": answer.id,
        "at": NOW,
        "local_date": TODAY,
        "due_id": due.id,
    }
    sent = Outbox(
        person_id=person.id,
        chat_id=chat_id,
        kind="message",
        text="Dinner done?",
        buttons=[],
        priority=50,
        run_id=run.id,
        turn=1,
        due_id=due.id,
        at=NOW,
        not_before=NOW,
        status="sent",
        message_id=2,
    )
    session.add_all(
        [
            Fact(person_id=person.id, answer_id=answer.id, at=NOW, name="name", value="Robin", words="Robin"),
            Walk(**entry, minutes=15, meal="dinner"),
            TrainingSet(**entry, exercise="squat", load_kg=20.0, reps=8),
            Night(**entry, bed="23:00", wake="06:45", minutes=465),
            Cold(**entry, seconds=20),
            Plate(**entry, whole=True, focus="half of it green"),
            Sitting(**entry, several=False),
            Fiber(**entry, what="beans"),
            BloodDraw(**entry, drawn_on=TODAY, glucose=95.0, glucose_unit="mg_dl"),
            Note(**entry, text="good air", script="walk"),
            Retraction(person_id=person.id, answer_id=answer.id, at=NOW, update_id=chat_id + 1),
            Break(person_id=person.id, first=TODAY, last=None),
            Week(person_id=person.id, ending=TODAY, figures={"empty": True}, at=NOW),
            FailedUpdate(update_id=9, chat_id=chat_id, payload={"text": "hello"}, reason="OSError", at=NOW),
            Group(chat_id=-chat_id),
            UpdateSeen(bot_id=1, update_id=chat_id, seen_at=NOW),
            Inbox(bot_id=1, update_id=chat_id + 2, chat_id=chat_id, payload={"text": "and one more"}),
            Lease(name=f"lead {chat_id}", holder="here", until=NOW),
            sent,
        ]
    )
    session.flush()
    session.add(
        Outbox(
            person_id=person.id,
            chat_id=chat_id,
            kind="edit",
            text="Dinner done? ✓ Done",
            buttons=[],
            priority=0,
            edits=sent.id,
            at=NOW,
            not_before=NOW,
            status="withdrawn",
        )
    )
    session.flush()
    return person


def tables() -> list[type[Any]]:
    """Every table's class."""
    return [mapper.class_ for mapper in Table.registry.mappers]
