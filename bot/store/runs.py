"""Runs and the answers given in them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from bot.coach.dialogue import Frame, Said, State
from bot.store.people import not_taken_back
from bot.store.tables import Answer, Due, Retraction, Run

# what every turn reads, made once: to build a statement anew takes longer than to have it answered
_LATEST_FIRST = (Run.touched_at.desc(), Run.id.desc())
_OPEN = select(Run).where(Run.person_id == bindparam("person"), Run.status == "open").order_by(*_LATEST_FIRST)
_CLOSED_SINCE = (
    select(Run)
    .join(Due, Due.id == Run.due_id)
    .where(Run.person_id == bindparam("person"), Run.status == "cancelled", Run.ended_at > bindparam("at"))
    .where(Due.status == "unanswered", Due.closes_at >= bindparam("at"))
    .order_by(*_LATEST_FIRST)
)
_LAST_ANSWER = (
    select(Answer)
    .where(Answer.run_id == bindparam("run"), not_taken_back(Answer.id))
    .order_by(Answer.id.desc())
    .limit(1)
)


def to_json(state: State) -> dict[str, Any]:
    return {
        "frames": [[frame.script, frame.step] for frame in state.frames],
        "said": {name: [said.value, said.words] for name, said in state.said.items()},
        "turn": state.turn,
        "picked": list(state.picked),
        "each": state.each,
        "guesses": [[said.value, said.words] for said in state.guesses],
        "trigger": dict(state.trigger),
    }


def from_json(value: Mapping[str, Any]) -> State:
    return State(
        frames=tuple(Frame(script, step) for script, step in value["frames"]),
        said={name: Said(v, words) for name, (v, words) in value["said"].items()},
        turn=value["turn"],
        picked=tuple(value["picked"]),
        each=value["each"],
        guesses=tuple(Said(v, words) for v, words in value["guesses"]),
        trigger=value["trigger"],
    )


def begin(
    session: Session, person_id: int, script: str, state: State, now: dt.datetime, due_id: int | None = None
) -> Run:
    run = Run(
        person_id=person_id,
        script=script,
        status="open",
        state=to_json(state),
        due_id=due_id,
        started_at=now,
        touched_at=now,
    )
    session.add(run)
    session.flush()
    return run


def get(session: Session, person_id: int, run_id: int) -> Run | None:
    """A run of this person; nobody else's."""
    run = session.get(Run, run_id)
    return run if run and run.person_id == person_id else None


def open_runs(session: Session, person_id: int) -> Sequence[Run]:
    """The runs that wait for an answer, the one asked last first."""
    return session.scalars(_OPEN, {"person": person_id}).all()


def latest(session: Session, person_id: int, script: str, *statuses: str) -> Run | None:
    """The newest run of a script with one of these statuses."""
    statement = select(Run).where(Run.person_id == person_id, Run.script == script, Run.status.in_(statuses))
    return session.scalar(statement.order_by(Run.id.desc()).limit(1))


def closed_since(session: Session, person_id: int, at: dt.datetime) -> Sequence[Run]:
    """The check-ins that were closed unanswered after an instant in which they could still be answered."""
    return session.scalars(_CLOSED_SINCE, {"person": person_id, "at": at}).all()


def recent(session: Session, person_id: int, script: str, most: int = 5) -> Sequence[Run]:
    """The newest runs of a script, whatever became of them."""
    statement = select(Run).where(Run.person_id == person_id, Run.script == script)
    return session.scalars(statement.order_by(Run.id.desc()).limit(most)).all()


def of_due(session: Session, due_id: int) -> Run | None:
    return session.scalar(select(Run).where(Run.due_id == due_id).order_by(Run.id.desc()).limit(1))


def scripts_by_status(session: Session, person_id: int) -> dict[str, set[str]]:
    """Which statuses the runs of each script have had."""
    rows = session.execute(select(Run.script, Run.status).where(Run.person_id == person_id).distinct())
    found: dict[str, set[str]] = {}
    for script, status in rows:
        found.setdefault(script, set()).add(status)
    return found


def last_answer(session: Session, run_id: int) -> Answer | None:
    """The newest answer of a run that was not taken back."""
    return session.scalar(_LAST_ANSWER, {"run": run_id})


def newest_answer(session: Session, person_id: int) -> Answer | None:
    """The person's newest answer that was not taken back."""
    statement = select(Answer).where(Answer.person_id == person_id, not_taken_back(Answer.id))
    return session.scalar(statement.order_by(Answer.id.desc()).limit(1))


def answer_of_message(session: Session, person_id: int, message_id: int) -> Answer | None:
    """What a message of the person answered, if it still holds."""
    statement = select(Answer).where(
        Answer.person_id == person_id, Answer.message_id == message_id, not_taken_back(Answer.id)
    )
    return session.scalar(statement.order_by(Answer.id.desc()).limit(1))


def take_back(session: Session, answer: Answer, update_id: int | None, now: dt.datetime) -> None:
    session.add(Retraction(person_id=answer.person_id, answer_id=answer.id, at=now, update_id=update_id))
    session.flush()


def recent_values(session: Session, person_id: int, script: str, step: str, since: dt.datetime) -> list[Any]:
    """The values lately answered to a step, newest first."""
    statement = select(Answer.value).where(
        Answer.person_id == person_id,
        Answer.script == script,
        Answer.step == step,
        Answer.at >= since,
        not_taken_back(Answer.id),
    )
    return list(session.scalars(statement.order_by(Answer.id.desc())))
