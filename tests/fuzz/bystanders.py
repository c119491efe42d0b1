"""People who do nothing while others attack: their records are full, and some are in the middle of a script."""

from __future__ import annotations

from itertools import count

from sqlalchemy import select

from bot.store.tables import Person, Run
from tests.fuzz.stage import Stage
from tests.fuzz.stream import Stream
from tests.store.rows import fill

CHATS = (7001, 7002, 7003, 7004, 7005)
BEGUN = ("/log", "/settings", "/areas", "/bloodwork", "/today")
"""What each has begun and not ended."""


def settle(stage: Stage) -> list[str]:
    """Makes them; gives taps that are theirs alone."""
    for chat in CHATS:
        stage.work(lambda session, chat=chat: fill(session, chat))  # type: ignore[misc]
    numbers = count(500_000)
    stream = Stream(stage, 0)
    for chat, text in zip(CHATS, BEGUN, strict=True):
        stage.handle({"update_id": next(numbers), **stream.message(chat, text=text)})
        stage.deliver()
    return [tap for chat in CHATS for tap in _taps(stage, chat)]


def _taps(stage: Stage, chat: int) -> list[str]:
    """What the buttons in a chat carry, and more that would fit its runs."""
    shown = [button.data for m in stage.telegram.chat(chat).messages.values() for row in m.buttons for button in row]
    person = select(Person.id).where(Person.chat_id == chat).scalar_subquery()
    runs = stage.work(lambda session: list(session.scalars(select(Run.id).where(Run.person_id == person))))
    ends = ("~undo", "~back", "~skip", "~on", "~done", "yes", "done", "v15")
    return [
        *shown,
        *(f"on.{run}" for run in runs),
        *(f"{run}.{n}.{end}" for run in runs for n in range(5) for end in ends),
    ]
