"""Law 9 on real databases: ignored thrice, asked once; then thinned out, and brought back only by the person."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from bot.library import Library
from bot.store.database import Database
from bot.store.tables import Walk
from tests.turns.chat import LIFTING, ONE_DATABASE, SLEEP, WALKS, Chat, World, berlin

OFFER = "Another time, fewer, or a pause?"


def asked(chat: Chat, script: str = "walk") -> list[tuple[int, str, str | None]]:
    return [(due.local_date.day, due.status, due.reason) for due in chat.dues(script) if due.status != "planned"]


def said(chat: Chat, text: str) -> str:
    """What the coach answers."""
    return "\n".join(shown.plain for shown in chat.say(text))


def ignore(world: World, day: int, month: int = 11) -> None:
    world.play(berlin(day, "21:00", month))


def offered(world: World) -> Chat:
    """Someone who left three walks unanswered and stands before the question."""
    robin = world.person(**WALKS)
    ignore(world, 25)
    world.play(berlin(26, "19:46"))
    assert OFFER in robin.last.plain
    return robin


def test_after_three_unanswered_the_fourth_asks_about_the_messages_once(world: World) -> None:
    robin = world.person(**WALKS)
    ignore(world, 25)
    assert OFFER not in "".join(shown.plain for shown in robin.messages.values())
    robin.new()
    world.play(berlin(26, "21:00"))
    [question] = robin.new()
    assert OFFER in question.plain
    assert "walks" in question.plain.lower()
    assert question.labels == ["Another time", "Fewer", "Pause this one", "Keep it as it is"]


def test_an_answer_in_between_keeps_the_question_away(world: World) -> None:
    robin = world.person(**WALKS)
    ignore(world, 24)
    world.play(berlin(25, "19:46"))
    robin.tap("Not today")
    robin.tap("Time")
    ignore(world, 27)
    world.play(berlin(28, "19:46"))
    assert OFFER not in robin.last.plain


def test_a_tap_on_later_is_an_answer_too(world: World) -> None:
    robin = world.person(**WALKS)
    ignore(world, 24)
    world.play(berlin(25, "19:46"))
    robin.tap("Later")
    ignore(world, 25)
    world.play(berlin(26, "19:46"))
    assert OFFER not in robin.last.plain


def test_a_later_that_would_fall_into_quiet_hours_is_an_answer_too(world: World) -> None:
    robin = world.person(**{**WALKS, "dinner_time": "21:30"}, quiet_from="22:00", quiet_to="07:00")
    for day in (23, 24):
        world.play(berlin(day, "23:30"))
    world.play(berlin(25, "21:46"))
    robin.tap("Later")
    assert asked(robin)[-1] == (25, "not_sent", "quiet")
    world.play(berlin(26, "23:30"))
    world.play(berlin(27, "21:46"))
    assert OFFER not in "".join(shown.plain for shown in robin.messages.values())


def test_a_walk_logged_in_words_is_attention(world: World) -> None:
    robin = world.person(**WALKS)
    ignore(world, 24)
    world.play(berlin(25, "12:00"))
    robin.say("walked 20 min")
    world.play(berlin(26, "19:46"))
    assert OFFER not in robin.last.plain


def test_what_was_never_sent_and_days_of_a_break_do_not_count(world: World) -> None:
    robin = world.person(**WALKS)
    ignore(world, 24)
    world.sleep_until(berlin(26, "12:00"))
    world.play(berlin(26, "12:01"))
    robin.say("/pause")
    robin.tap("Just today")
    world.play(berlin(27, "21:00"))
    assert [status for _, status, _ in asked(robin)] == [*["unanswered"] * 2, *["not_sent"] * 2, "asked"]
    world.play(berlin(28, "19:46"))
    assert OFFER in robin.last.plain


@ONE_DATABASE
def test_without_a_script_that_asks_about_the_messages_they_thin_out_all_the_same(
    database: Database, library: Library
) -> None:
    scripts = {name: script for name, script in library.scripts.items() if name != "unanswered"}
    world = World(database, replace(library, scripts=scripts))
    robin = world.person(**WALKS)
    world.play(berlin(23, "12:00", 12))
    days = [(due.local_date.month, due.local_date.day) for due in robin.dues("walk") if due.asked_at]
    assert days == [(11, 23), (11, 24), (11, 25), (11, 30), (12, 7), (12, 14)]
    assert robin.facts["walk_thin"] == "silent"


def test_another_time_is_asked_for_and_holds(world: World) -> None:
    robin = offered(world)
    robin.tap("Another time")
    robin.say("18:30")
    assert robin.facts["dinner_time"] == "18:30"
    assert robin.due("walk", status="planned").due_at == berlin(27, "18:45")


def test_fewer_asks_on_every_second_day_and_plan_shows_it_and_brings_it_back(world: World) -> None:
    robin = offered(world)
    robin.tap("Fewer")
    world.play(berlin(29, "12:00"))
    assert [day for day, _, _ in asked(robin)] == [23, 24, 25, 26, 27]
    robin.say("/plan")
    assert "fewer, for now" in robin.last.plain
    robin.tap("Back to the usual days")
    assert "fewer" not in said(robin, "/plan")
    assert robin.due("walk", status="planned").local_date == dt.date(2026, 11, 29)
    world.play(berlin(30, "19:46"))
    assert [day for day, _, _ in asked(robin)][-2:] == [29, 30]


def test_a_pause_of_a_week_leaves_the_week_and_comes_back_by_itself(world: World) -> None:
    robin = offered(world)
    robin.tap("Pause this one")
    robin.tap("A week")
    assert robin.due("walk", status="planned").local_date == dt.date(2026, 12, 3)


def test_a_pause_without_end_switches_it_off(world: World) -> None:
    robin = offered(world)
    robin.tap("Pause this one")
    robin.tap("Until I say")
    assert robin.facts["walk_on"] is False
    assert robin.dues("walk", status="planned") == []


@ONE_DATABASE
def test_keep_goes_on_as_before_and_the_count_begins_anew(world: World) -> None:
    robin = offered(world)
    robin.tap("Keep it as it is")
    ignore(world, 28)
    assert [row[:2] for row in asked(robin)][-2:] == [(27, "asked"), (28, "asked")]
    world.play(berlin(30, "19:46"))
    assert OFFER in robin.last.plain


@ONE_DATABASE
def test_ignored_once_more_it_is_one_a_week_then_silence_with_the_plan_kept(world: World) -> None:
    robin = offered(world)
    world.play(berlin(23, "12:00", 12))
    days = [(due.local_date.month, due.local_date.day) for due in robin.dues("walk") if due.asked_at]
    assert days == [(11, 23), (11, 24), (11, 25), (11, 26), (11, 30), (12, 7), (12, 14)]
    assert (robin.facts["walk_thin"], robin.facts["walk_on"]) == ("silent", True)
    assert robin.dues("walk", status="planned") == []
    assert "Walks: quiet, since nothing came back. The plan is kept" in said(robin, "/week")
    robin.say("/plan")
    assert "Walks · quiet for now" in robin.last.plain


@ONE_DATABASE
def test_what_thinned_out_by_itself_comes_back_only_by_a_tap(world: World) -> None:
    robin = offered(world)
    world.play(berlin(30, "19:46"))
    robin.tap("5 min")
    assert "Back to the usual days?" in robin.last.plain
    world.play(berlin(2, "12:00", 12))
    assert robin.due("walk", status="planned").local_date == dt.date(2026, 12, 7)
    robin.tap("Back to the usual days")
    assert robin.due("walk", status="planned").local_date == dt.date(2026, 12, 2)


@ONE_DATABASE
def test_a_walk_logged_in_words_after_the_silence_offers_the_usual_days(world: World) -> None:
    robin = offered(world)
    world.play(berlin(23, "12:00", 12))
    robin.say("walked 20 min")
    robin.tap("Once a week is fine")
    assert robin.facts["walk_thin"] == "once"
    assert robin.due("walk", status="planned").local_date == dt.date(2026, 12, 28)


@ONE_DATABASE
@pytest.mark.parametrize("label", ["Back to the usual days", "Once a week is fine"])
@pytest.mark.parametrize("logged", [False, True])
def test_a_question_that_the_offer_of_the_usual_days_came_before_is_asked_again(
    world: World, label: str, logged: bool
) -> None:
    robin = offered(world)
    world.play(berlin(30, "19:00"))
    robin.say("/areas")
    robin.tap("Muscle")
    question = robin.last.labels
    world.play(berlin(30, "19:46"))
    if logged:
        robin.say("walked 20 min after dinner")
    else:
        robin.tap("5 min")
    robin.tap(label)
    assert set(question) <= set(robin.last.labels)


@ONE_DATABASE
def test_the_usual_days_are_offered_once_and_not_with_every_log(world: World) -> None:
    robin = offered(world)
    world.play(berlin(23, "12:00", 12))
    for _ in range(3):
        robin.say("walked 20 min")
    told = [one.plain for one in robin.messages.values()]
    assert sum("Back to the usual days?" in text for text in told) == 1


def test_a_walk_logged_while_the_question_stands_counts_and_closes_it(world: World) -> None:
    robin = offered(world)
    robin.say("walked 20 min after dinner")
    assert [walk.due_id for walk in robin.rows(Walk)] == [None]
    assert asked(robin)[-1] == (26, "skipped", "offer")
    world.play(berlin(27, "19:46"))
    assert OFFER not in robin.last.plain
    assert robin.due("walk", local_date=dt.date(2026, 11, 27)).status == "asked"


def test_the_question_counts_in_no_week(world: World) -> None:
    robin = offered(world)
    robin.tap("Keep it as it is")
    world.play(berlin(27, "19:46"))
    robin.tap("5 min")
    assert "Walks 1 of 4" in said(robin, "/week")


def test_the_question_can_be_answered_late_and_then_holds(world: World) -> None:
    robin = offered(world)
    question = robin.last
    world.play(berlin(27, "20:00"))
    assert robin.facts["walk_thin"] == "weekly"
    robin.tap("Keep it as it is", question)
    assert robin.facts["walk_thin"] == "usual"
    assert robin.due("walk", status="planned").local_date == dt.date(2026, 11, 28)


def test_undo_of_fewer_brings_the_days_back_and_asks_again(world: World) -> None:
    robin = offered(world)
    robin.tap("Fewer")
    robin.tap("Undo")
    assert "walk_thin" not in robin.facts
    assert OFFER in robin.last.plain
    robin.tap("Keep it as it is")
    world.play(berlin(27, "19:46"))
    robin.tap("5 min")
    assert "Walks 1 of 4" in said(robin, "/week")


def test_switched_off_and_on_again_the_count_begins_anew(world: World) -> None:
    robin = world.person(**WALKS, walk_days=[0, 1, 2, 3, 4, 5, 6], walk_plan="round the block")
    ignore(world, 25)
    for button in ("Switch them off", None):
        robin.say("/plan")
        robin.tap("Walks")
        if button:
            robin.tap(button)
    assert robin.facts["walk_on"] is True
    world.play(berlin(26, "19:46"))
    assert OFFER not in robin.last.plain


@ONE_DATABASE
def test_one_habit_is_thinned_and_the_others_stay(world: World) -> None:
    robin = world.person(**WALKS, **LIFTING, **SLEEP)
    world.play(berlin(29, "12:00"))
    reasons = {(due.script, due.reason) for due in robin.dues() if due.reason == "offer"}
    assert reasons == {("walk", "offer"), ("sleep_morning", "offer")}
    assert "lifting_thin" not in robin.facts


def test_it_is_asked_once_however_often_the_clock_looks_and_the_process_dies(world: World) -> None:
    robin = offered(world)
    for minute in range(47, 59):
        world.now = berlin(26, f"19:{minute}")
        world.tick()
        world.crash()
        world.deliver()
    texts = [shown.plain for shown in robin.messages.values()]
    assert sum(OFFER in text for text in texts) == 1
