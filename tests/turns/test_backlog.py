"""After a downtime a backlog is recorded at the time each message was sent, and the chat gets no burst."""

from __future__ import annotations

import datetime as dt

from bot.inputs import Input
from bot.store.tables import Answer, Break, Run, Walk
from tests.turns.chat import LIFTING, WALKS, Chat, Shown, World, berlin


def backlog(chat: Chat, *texts: str | tuple[str, dt.datetime]) -> list[Shown]:
    """Handles texts one after the other before anything of the coach's leaves; what the chat then gets."""
    chat.new()
    for text in texts:
        words, at = text if isinstance(text, tuple) else (text, chat.world.now)
        chat._said = next(chat._numbers)
        update = next(chat.world.updates)
        chat.world.take(Input(chat.id, update, at, "text", words, message_id=chat.said_last))
    chat.world.deliver()
    return chat.new()


def walking(world: World) -> Chat:
    """Someone who is asked how many minutes they walked."""
    robin = world.person(**WALKS)
    robin.say("/log")
    robin.tap("Walk")
    assert "How many minutes" in robin.last.plain
    return robin


def test_two_quick_messages_do_not_answer_two_questions(world: World) -> None:
    robin = walking(world)
    told = backlog(robin, "60", "sorry, 65")
    assert [(row.step, row.typed, row.value) for row in robin.rows(Answer)][1:] == [
        ("minutes", "60", 60),
        ("minutes", "sorry, 65", 65),
    ]
    assert len(told) == 1
    assert "after a meal" in told[0].plain


def test_a_chat_gets_the_newest_question_and_not_a_burst_of_old_ones(world: World) -> None:
    robin = walking(world)
    told = backlog(robin, "60", "hello?", "are you there", "well then", "and", "sorry, 65", "hm")
    assert len(told) == 1
    assert "after a meal" in told[0].plain


def test_words_nobody_can_read_are_answered_once(world: World) -> None:
    robin = walking(world)
    told = backlog(robin, "hm", "what", "??", "are you there?")
    assert len(told) == 1
    assert "How many minutes" in told[0].plain


def test_the_same_command_again_is_answered_once(world: World) -> None:
    robin = world.person(**WALKS)
    told = backlog(robin, "/today", "/help", "/today", "/areas", "/help", "/areas", "/areas")
    assert len(told) == 3
    assert len({shown.text for shown in told}) == 3


def test_a_command_whose_answer_was_seen_is_answered_again(world: World) -> None:
    robin = world.person(**WALKS)
    robin.say("/today")
    assert len(backlog(robin, "/today")) == 1


def test_emergency_words_in_a_backlog_are_answered_and_what_came_before_them_is_kept(world: World) -> None:
    robin = walking(world)
    told = backlog(robin, "60", "crushing chest pain", "hello?", "walked 10 min")
    assert "emergency" in told[0].plain
    assert not any("after a meal" in shown.plain for shown in told)
    assert [row.value for row in robin.rows(Answer)] == ["walk", 60]
    assert robin.person.held == "emergency"


def test_each_answer_is_recorded_at_the_time_it_was_sent_and_counts_for_that_day(world: World) -> None:
    robin = world.person(**WALKS)
    world.now = berlin(25, "10:00")
    monday, tuesday_night = berlin(23, "13:00"), berlin(25, "02:00")
    backlog(robin, ("walked 20 min", monday), ("walked 7 min", tuesday_night), "walked 9 min")
    assert [(row.minutes, row.local_date.day, row.at) for row in robin.rows(Walk)] == [
        (20, 23, monday),
        (7, 24, tuesday_night),
        (9, 25, world.now),
    ]
    assert {row.handled_at for row in robin.rows(Answer)} == {world.now}


def test_an_answer_sent_in_time_counts_however_late_it_is_handled(world: World) -> None:
    """The coach was down from Tuesday noon on; the walk of Monday could be answered until Wednesday, 04:00."""
    robin = world.person(**WALKS)
    world.play(berlin(23, "19:45"))
    world.now = berlin(25, "12:00")
    backlog(robin, ("done", berlin(24, "20:00")))
    assert robin.dues("walk")[0].status == "done"
    assert robin.rows(Answer)[0].at == berlin(24, "20:00")


def test_an_answer_sent_in_time_counts_although_the_clock_closed_its_check_in_first(world: World) -> None:
    robin = world.person(**WALKS)
    world.play(berlin(23, "19:45"))
    world.now = berlin(25, "12:00")
    world.tick()
    assert robin.dues("walk")[0].status == "unanswered"
    backlog(robin, ("done", berlin(24, "20:00")))
    monday = robin.dues("walk")[0]
    assert (monday.local_date.day, monday.status) == (23, "done")
    assert robin.rows(Answer)[0].local_date == dt.date(2026, 11, 23)
    assert not robin.rows(Run, status="open"), "that day is over: nothing more is asked about it"


def test_an_answer_sent_too_late_does_not_count_for_a_day_that_is_closed(world: World) -> None:
    robin = world.person(**WALKS)
    world.play(berlin(23, "19:45"))
    world.now = berlin(25, "12:00")
    world.tick()
    backlog(robin, ("done", berlin(25, "11:00")))
    assert robin.dues("walk")[0].status == "unanswered"
    assert robin.rows(Answer) == []


def test_an_answer_to_the_check_in_before_does_not_answer_a_later_one(world: World) -> None:
    robin = world.person(**LIFTING, **WALKS)
    world.play(berlin(23, "19:45"), deliver=False)
    asked = robin.rows(Run, status="open")
    before = [(row.run_id, row.typed) for row in robin.rows(Answer)]
    backlog(robin, ("done", berlin(23, "17:00")))
    assert [(row.run_id, row.typed) for row in robin.rows(Answer)] == before, "it came before both questions"
    assert {run.id for run in robin.rows(Run, status="open")} == {run.id for run in asked}


def test_later_counts_from_when_it_was_said(world: World) -> None:
    robin = world.person(**WALKS)
    world.play(berlin(23, "19:45"))
    world.now = berlin(23, "20:10")
    backlog(robin, ("later", berlin(23, "19:55")))
    due = robin.dues("walk")[0]
    assert (due.status, due.reason, due.due_at) == ("planned", "snoozed", berlin(23, "20:15"))


def test_a_break_begins_on_the_day_it_was_asked_for(world: World) -> None:
    robin = world.person(**WALKS)
    world.now = berlin(25, "10:00")
    backlog(robin, ("stop", berlin(23, "18:00")))
    [row] = robin.rows(Break)
    assert row.first == dt.date(2026, 11, 23)


def test_a_walk_of_noon_is_not_the_one_after_dinner(world: World) -> None:
    robin = world.person(**WALKS)
    world.play(berlin(23, "19:46"))
    backlog(robin, ("walked 20 min", berlin(23, "12:30")))
    assert robin.dues("walk")[0].status == "asked"
    backlog(robin, "walked 12 min")
    assert robin.dues("walk")[0].status == "done"


def test_a_corrected_answer_is_what_its_question_shows(world: World) -> None:
    robin = walking(world)
    question = robin.last
    told = backlog(robin, "60", "sorry, 65")
    assert "65" in question.plain
    assert "60" not in question.plain
    assert not any("60" in shown.plain for shown in told), "what followed from 60 is not said"


def test_an_edit_today_of_an_old_message_is_no_answer_in_time(world: World) -> None:
    robin = world.person(**WALKS)
    world.play(berlin(23, "19:45"))
    robin.say("hm")
    old = robin.said_last
    world.now = berlin(25, "12:00")
    world.tick()
    world.take(Input(robin.id, next(world.updates), berlin(23, "19:46"), "edit", "done", message_id=old))
    assert robin.dues("walk")[0].status == "unanswered"
