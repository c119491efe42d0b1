"""Turns, the clock and the sender at work on the same people at once, as in several replicas: no deadlock, no loss."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from bot import turns
from bot.chat.fate import Fate
from bot.inputs import Input
from bot.store import dues
from bot.store.tables import Answer, Outbox, UpdateSeen
from tests.turns.chat import LIFTING, SLEEP, WALKS, World, berlin

ROUNDS = 40


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)  # on SQLite there is one process with one writer
def test_replicas_at_work_on_the_same_people_wait_for_each_other_and_never_for_ever(world: World) -> None:
    people = [world.person(7001 + n, **WALKS, **SLEEP, **LIFTING) for n in range(3)]
    world.now = berlin(23, "19:50")
    chats = [robin.id for robin in people]
    failures: list[BaseException] = []
    numbers = iter(range(1, 100_000))
    lock = threading.Lock()

    def number() -> int:
        with lock:
            return next(numbers)

    def write(chance: random.Random) -> None:
        words = chance.choice(
            ["/log", "walk", "12", "done", "/today", "walked 9 min", "stop", "/resume", "/plan", "hm"]
        )
        given = Input(chance.choice(chats), number(), world.now, "text", words, message_id=number())
        world.work(lambda session: turns.turn(session, world.coach, given, world.now))

    def block(chance: random.Random) -> None:
        kind = chance.choice(["blocked", "unblocked"])
        given = Input(chance.choice(chats), number(), world.now, kind)  # type: ignore[arg-type]
        world.work(lambda session: turns.turn(session, world.coach, given, world.now))

    def tick(chance: random.Random) -> None:
        ripe = world.work(lambda session: [*dues.ripe(session, world.now, 9), *dues.late(session, world.now, 9)])
        for due_id, chat_id in ripe:
            world.work(lambda session, d=due_id, c=chat_id: turns.fire(session, world.coach, d, c, world.now))  # type: ignore[misc]

    def send(chance: random.Random) -> None:
        def take(session: Session) -> list[object]:
            return list(world.sender._take(session, set(), 3))

        for letter in world.work(take):
            fate = chance.choice(
                [Fate("sent", number()), Fate("waiting"), Fate("uncertain"), Fate("failed", gone=True)]
            )
            world.work(lambda session, one=letter, f=fate: world.sender._settle(session, one, f))  # type: ignore[misc]

    def at_work(what: Callable[[random.Random], None], seed: int) -> None:
        chance = random.Random(seed)
        try:
            for _ in range(ROUNDS):
                what(chance)
        except BaseException as error:
            failures.append(error)

    threads = [
        threading.Thread(target=at_work, args=(what, seed))
        for seed, what in enumerate([write, write, write, block, tick, send, send])
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert len(world.rows(UpdateSeen)) == 4 * ROUNDS
    assert len({row.id for row in world.rows(Outbox)}) == len(world.rows(Outbox))
    updates = [row.update_id for row in world.rows(Answer)]
    assert len(set(updates)) == len(updates), "no update is recorded twice"
