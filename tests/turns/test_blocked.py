"""Blocked and back: sends stop at once, and who comes back is met where they were instead of by a flood."""

from __future__ import annotations

import datetime as dt

from sqlalchemy.orm import Session

from bot.chat.fate import Fate
from bot.store.tables import Answer, Outbox
from tests.turns.chat import WALKS, Chat, World, berlin


def in_an_area(world: World) -> Chat:
    """Someone whose area's next question stands in the outbox as they block the coach."""
    robin = world.person(**WALKS)
    robin.say("/areas")
    robin.tap("Exercise")
    robin.tap(robin.last.labels[0], deliver=False)
    robin.block()
    robin.new()
    return robin


def moments_later(world: World) -> None:
    world.now += dt.timedelta(seconds=11)
    world.deliver()


def test_who_unblocks_gets_one_line_and_the_question_they_never_saw(world: World) -> None:
    robin = in_an_area(world)
    world.play(berlin(26, "12:00"))
    robin.unblock()
    moments_later(world)
    [told] = robin.new()
    assert "good to see you" in told.plain.lower() or "good to have you" in told.plain.lower()
    assert told.labels
    robin.tap(told.labels[0])
    assert len(robin.rows(Answer)) == 3


def test_who_unblocks_without_an_open_question_gets_one_line(world: World) -> None:
    robin = world.person(**WALKS)
    robin.block()
    world.play(berlin(25, "12:00"))
    robin.unblock()
    moments_later(world)
    assert len(robin.new()) == 1
    assert robin.last.labels == []


def test_restart_unblocks_and_says_start_and_is_greeted_once(world: World) -> None:
    robin = world.person(**WALKS)
    robin.block()
    robin.unblock()
    robin.say("/start")
    moments_later(world)
    assert len(robin.messages) == 1


def test_nothing_that_was_withdrawn_comes_later(world: World) -> None:
    robin = world.person(**WALKS)
    world.play(berlin(23, "19:45"), deliver=False)
    robin.say("/today", deliver=False)
    robin.block()
    world.play(berlin(24, "12:00"))
    robin.unblock()
    moments_later(world)
    assert len(robin.new()) == 1
    assert robin.waiting() == []


def test_a_hello_is_not_taken_for_the_answer_to_a_question_that_never_arrived(world: World) -> None:
    robin = in_an_area(world)
    before = len(robin.rows(Answer))
    robin.say("yes")
    assert len(robin.rows(Answer)) == before
    assert robin.last.labels, "the question is asked"
    robin.tap(robin.last.labels[0])
    assert len(robin.rows(Answer)) == before + 1


def test_who_was_held_for_unreachable_is_back_with_a_message(world: World) -> None:
    """Telegram said that the chat was not found, and then they write after all."""
    robin = world.person(**WALKS)
    robin.say("/log", deliver=False)

    def refuse(session: Session) -> None:
        [letter] = world.sender._take(session, set(), 5)
        world.sender._settle(session, letter, Fate("failed", reason="Chat not found", gone=True))

    world.work(refuse)
    assert not robin.person.reachable
    assert robin.rows(Outbox, status="failed")[0].reason == "Chat not found"
    robin.say("hello")
    assert robin.person.reachable
    assert "What shall I write down?" in robin.last.plain


def test_who_paused_is_left_in_peace_after_unblocking(world: World) -> None:
    robin = world.person(**WALKS)
    robin.say("stop")
    robin.block()
    robin.unblock()
    before = len(robin.messages)
    moments_later(world)
    assert len(robin.messages) == before


def test_a_check_in_of_days_ago_is_not_asked_again(world: World) -> None:
    robin = world.person(**WALKS)
    world.play(berlin(23, "19:46"))
    robin.block()
    world.play(berlin(24, "12:00"))
    robin.unblock()
    moments_later(world)
    assert robin.last.labels == []


def test_unblocking_twice_greets_once(world: World) -> None:
    robin = world.person(**WALKS)
    robin.block()
    robin.unblock()
    robin.unblock()
    moments_later(world)
    assert len(robin.messages) == 1
