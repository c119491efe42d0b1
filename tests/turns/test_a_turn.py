"""One update is one turn: handled once, in one transaction, whatever happens around it."""

from __future__ import annotations

import threading

import pytest

from bot.inputs import Input
from bot.store.tables import Answer, Outbox, Run, UpdateSeen
from tests.turns.chat import MONDAY, Chat, World


def test_an_update_that_arrives_twice_is_handled_once(world: World) -> None:
    robin = Chat(world, 7001)
    given = Input(robin.id, 5, MONDAY, "text", "hello", message_id=1)
    assert not world.take(given).repeat
    before = world.counts()
    assert world.take(given).repeat
    assert world.counts() == before


def test_an_answer_that_arrives_twice_is_recorded_once(world: World) -> None:
    robin = world.person(walk_on=True, walk_meals=["dinner"], dinner_time="19:30")
    robin.say("/pause")
    data = next(data for data, label in robin.last.buttons if label == "A week")
    given = Input(robin.id, 6, world.now, "tap", data=data, message_id=robin.last.id)
    world.take(given)
    assert world.take(given).repeat
    assert len(robin.rows(Answer)) == 1


def test_the_same_update_in_two_threads_is_handled_once(world: World) -> None:
    given = Input(7001, 5, MONDAY, "text", "hello", message_id=1)
    repeats: list[bool] = []
    threads = [threading.Thread(target=lambda: repeats.append(world.take(given).repeat)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(repeats) == [False, True]
    assert len(world.rows(Run)) == 1


def test_a_turn_that_fails_leaves_nothing_and_may_be_tried_again(world: World) -> None:
    robin = Chat(world, 7001)
    given = Input(robin.id, 5, MONDAY, "text", "hello", message_id=1)

    def half(session: object) -> None:
        from bot import turns

        turns.turn(session, world.coach, given, world.now)  # type: ignore[arg-type]
        raise OSError("the power failed before the commit")

    with pytest.raises(OSError, match="power"):
        world.work(half)
    assert not world.rows(Run)
    assert not world.rows(Outbox)
    assert not world.rows(UpdateSeen)
    assert not world.take(given).repeat
