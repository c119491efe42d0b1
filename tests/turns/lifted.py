"""Sets in somebody's log, without the conversation that puts them there."""

from __future__ import annotations

from sqlalchemy.orm import Session

from bot.store.tables import TrainingSet
from tests.turns.chat import Chat


def lifted(chat: Chat, *sets: tuple[str, float | None, int]) -> None:
    """Sets done today: the lift, the load in kilograms, the repetitions."""
    person, now = chat.person, chat.world.now

    def unit(session: Session) -> None:
        for exercise, load, reps in sets:
            session.add(
                TrainingSet(
                    person_id=person.id, exercise=exercise, load_kg=load, reps=reps, local_date=now.date(), at=now
                )
            )

    chat.world.work(unit)
