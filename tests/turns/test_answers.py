"""Whose answer is it, what is kept of it, and how it is taken back or corrected."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy.orm import Session

from bot.chat.fate import Fate
from bot.chat.letter import Letter
from bot.inputs import Input
from bot.store import outbox
from bot.store.tables import Answer, Due, Fact, Outbox, Retraction, Run, TrainingSet, Walk
from tests.turns.chat import COLD, LIFTING, SLEEP, WALKS, Chat, Shown, World, berlin


def at_dinner(world: World) -> Chat:
    """Someone who was just asked about the walk after dinner."""
    robin = world.person(**WALKS, diet=["none"])
    world.play(berlin(23, "19:45"))
    assert robin.due("walk", status="asked")
    return robin


# what is kept


def test_an_answer_is_kept_as_typed_and_as_understood(world: World) -> None:
    robin = at_dinner(world)
    robin.tap("Done")
    world.now += dt.timedelta(minutes=3)
    robin.say("a quarter of an hour")
    row = robin.rows(Answer)[-1]
    run = robin.rows(Run, script="walk")[0]
    assert (row.typed, row.value, row.words) == ("a quarter of an hour", 15, "15 min")
    assert (row.run_id, row.script, row.step, row.turn) == (run.id, "walk", "minutes", 2)
    assert (row.message_id, row.at, row.handled_at) == (robin.said_last, world.now, world.now)
    assert row.local_date == dt.date(2026, 11, 23)
    assert row.update_id is not None


def test_a_tap_is_kept_as_what_the_button_carried(world: World) -> None:
    robin = at_dinner(world)
    robin.tap("Done")
    row = robin.rows(Answer)[-1]
    assert row.typed is None
    assert row.tapped == f"{row.run_id}.1.done"
    assert row.value == "done"


def test_a_log_entry_belongs_to_its_check_in_and_its_day(world: World) -> None:
    robin = at_dinner(world)
    world.now = berlin(24, "01:30")  # after midnight it is still the person's Monday
    robin.tap("5 min")
    walk = robin.rows(Walk)[0]
    assert (walk.minutes, walk.meal, walk.local_date) == (5, "dinner", dt.date(2026, 11, 23))
    assert walk.due_id == robin.dues("walk")[0].id


@pytest.mark.parametrize(
    ("label", "typed", "status"),
    [
        ("Done", "Done", "done"),
        ("5 min", "5 min", "done"),
        ("Not today", "not today", "skipped"),
        ("Later", "later", "planned"),
    ],
)
def test_what_a_button_says_can_be_typed(world: World, label: str, typed: str, status: str) -> None:
    tapper, typer = world.person(7001, **WALKS), world.person(7002, **WALKS)
    world.play(berlin(23, "19:45"))
    tapper.tap(label)
    typer.say(typed)
    for chat in (tapper, typer):
        assert chat.dues("walk")[0].status == status
    one, other = (chat.rows(Answer)[0] for chat in (tapper, typer))
    assert (one.value, one.words, one.step) == (other.value, other.words, other.step)
    assert tapper.last.plain == typer.last.plain


def test_an_answered_question_shows_its_answer_and_loses_its_buttons(world: World) -> None:
    robin = at_dinner(world)
    question = robin.last
    robin.tap("Not today")
    assert question.plain.endswith("✓ Not today")
    assert not question.buttons


def test_a_typed_skip_is_for_the_question_asked_last(world: World) -> None:
    robin = at_dinner(world)
    robin.tap("Done")  # how many minutes? waits, and can be skipped too
    robin.send("go.nutrition")
    while robin.open_run("nutrition").state["frames"][-1] != ["nutrition", "words"]:
        robin.tap(next(label for label in robin.last.labels if label not in ("‹ Back", "Skip")))
    robin.say("skip")
    assert robin.rows(Answer)[-1].script == "nutrition"
    assert robin.open_run("walk").state["frames"][-1][1] == "minutes"


def test_a_typed_skip_does_not_tap_the_button_of_an_older_question(world: World) -> None:
    robin = world.person(**SLEEP)
    world.play(berlin(24, "09:00"))
    assert "Skip" in robin.last.labels  # a button of the check-in's own
    robin.send("go.nutrition")
    robin.say("skip")
    assert robin.rows(Answer)[-1].script == "nutrition"


# taking back


def test_back_as_a_button_takes_the_answer_back(world: World) -> None:
    robin = world.person()
    robin.say("/settings")
    robin.tap("Bedtime & waking")
    robin.say("23:00")
    assert robin.facts["bedtime"] == "23:00"
    robin.tap("‹ Back")
    assert "bedtime" not in robin.facts
    assert "turn in" in robin.last.plain or "lights out" in robin.last.plain
    assert robin.rows(Fact, name="bedtime"), "the history stays"
    assert [row.typed for row in robin.rows(Answer, step="bed")] == ["23:00"]
    assert len(robin.rows(Retraction)) == 1


def test_back_in_words_does_the_same(world: World) -> None:
    robin = world.person(bedtime="22:30")
    robin.say("/settings")
    robin.tap("Bedtime & waking")
    robin.say("23:00")
    robin.say("back")
    assert robin.facts["bedtime"] == "22:30", "what held before holds again"
    robin.say("23:15")
    assert robin.facts["bedtime"] == "23:15"


def test_what_followed_from_an_answer_falls_with_it(world: World) -> None:
    robin = at_dinner(world)
    robin.tap("5 min")
    assert robin.dues("walk")[0].status == "done"
    robin.tap("Undo")
    assert robin.dues("walk")[0].status == "asked", "Undo opens the check-in again"
    assert robin.rows(Walk), "the row stays"
    world.play(berlin(25, "05:00"))
    assert robin.dues("walk")[0].status == "unanswered"
    robin.say("/week")
    shown = " ".join(message.plain for message in robin.messages.values())
    assert "5 minutes walked" not in shown, "a walk taken back is not counted"


def test_undo_lets_the_same_check_in_be_answered_otherwise(world: World) -> None:
    robin = at_dinner(world)
    robin.tap("5 min")
    robin.tap("Undo")
    robin.tap("Not today")
    assert robin.dues("walk")[0].status == "skipped"
    assert len(robin.dues("walk", local_date=dt.date(2026, 11, 23))) == 1


def test_undo_works_once(world: World) -> None:
    robin = at_dinner(world)
    robin.tap("5 min")
    undo = robin.with_button("Undo")
    data = undo.buttons[0][0]
    robin.tap("Undo")
    before = world.counts()
    robin.send(data, undo.id)
    assert robin.notice == "That one is already answered."
    after = world.counts()
    assert {name for name in after if after[name] != before[name]} == {"update_seen"}


def test_typed_back_after_a_check_in_undoes_it(world: World) -> None:
    robin = at_dinner(world)
    robin.tap("5 min")
    robin.say("undo")
    assert robin.dues("walk")[0].status == "asked"


def test_undoing_stop_these_messages_switches_them_on_again(world: World) -> None:
    robin = at_dinner(world)
    robin.tap("Not today")
    robin.tap("Stop these messages")
    assert robin.facts["walk_on"] is False
    assert not robin.dues("walk", status="planned")
    robin.say("back")
    assert robin.facts["walk_on"] is True
    assert robin.dues("walk", status="planned")


def test_undoing_the_second_lift_leaves_the_first_done(world: World) -> None:
    robin = world.person(**LIFTING)
    world.play(berlin(23, "18:00"))
    robin.tap("Log sets")
    robin.say("3x10")
    robin.say("3x8")
    due = robin.dues("lifting")[0]
    assert due.status == "done"
    robin.tap("Undo")
    assert robin.dues("lifting")[0].status == "done", "the first lift still counts"
    assert robin.open_run("lifting").state["each"] == 1
    robin.say("back")
    assert robin.dues("lifting")[0].status == "asked"


def test_a_snooze_taken_back_asks_at_once_again(world: World) -> None:
    robin = at_dinner(world)
    robin.tap("Later")
    assert robin.dues("walk")[0].status == "planned"
    robin.say("back")
    assert robin.dues("walk")[0].status == "asked"
    robin.tap("5 min")
    world.play(berlin(23, "21:00"))
    assert [due.status for due in robin.dues("walk")] == ["done", "planned"]


def test_back_where_nothing_was_answered_says_so(world: World) -> None:
    robin = world.person()
    robin.say("back")
    assert robin.last.plain == "There is nothing to take back right now."


# correcting


def test_an_edited_message_corrects_its_answer(world: World) -> None:
    robin = at_dinner(world)
    robin.tap("Done")
    robin.say("15")
    mine = robin.said_last
    robin.edit(mine, "25")
    answers = {row.value: row.id for row in robin.rows(Answer, step="minutes")}
    assert set(answers) == {15, 25}, "both stay on record"
    assert [row.answer_id for row in robin.rows(Retraction)] == [answers[15]]
    assert {walk.minutes for walk in robin.rows(Walk) if walk.answer_id == answers[25]} == {25}
    assert robin.dues("walk")[0].status == "done"


def test_an_edit_of_an_older_message_is_kept_as_it_was(world: World) -> None:
    robin = world.person()
    robin.say("/settings")
    robin.tap("Bedtime & waking")
    robin.say("23:00")
    mine = robin.said_last
    robin.say("7:00")
    robin.edit(mine, "22:00")
    assert robin.facts["bedtime"] == "23:00"
    assert "I kept that as it was" in robin.last.plain


def test_an_edit_that_cannot_be_read_changes_nothing(world: World) -> None:
    robin = at_dinner(world)
    robin.tap("Done")
    robin.say("15")
    robin.edit(robin.said_last, "blue")
    assert not robin.rows(Retraction)
    assert [row.value for row in robin.rows(Answer, step="minutes")] == [15]


def test_an_edit_of_what_answered_nothing_is_read_anew(world: World) -> None:
    robin = world.person()
    robin.say("hello")
    before = world.counts()
    robin.edit(robin.said_last, "walked 20 min")
    assert world.counts()["walk"] == before["walk"] + 1


def test_sorry_right_after_an_answer_corrects_it(world: World) -> None:
    robin = world.person(**COLD)
    robin.say("/log")
    robin.tap("Walk")
    robin.say("60", deliver=False)
    robin.say("sorry, 65")  # written before the next question was there
    answers = [(row.step, row.value) for row in robin.rows(Answer) if row.script == "log_walk"]
    assert answers == [("minutes", 60), ("minutes", 65)]
    assert len(robin.rows(Retraction)) == 1
    robin.tap("After lunch")
    assert [walk.minutes for walk in robin.rows(Walk)] == [65]


# whose answer is it


def two_open(world: World) -> Chat:
    """Someone in the middle of /settings who is asked about the night."""
    robin = world.person(**SLEEP)
    robin.say("/areas")
    robin.tap("Sleep & stress")
    world.play(berlin(24, "07:30"))
    return robin


def test_the_newest_question_that_can_read_a_text_gets_it(world: World) -> None:
    robin = two_open(world)
    assert "As usual 22:30–7:00" in robin.last.labels
    robin.say("as usual")
    assert robin.dues("sleep_morning")[0].status == "done"
    assert "Back to where we were" in robin.last.plain or "on we go" in robin.last.plain


def test_a_reply_to_a_message_answers_that_message(world: World) -> None:
    robin = world.person(**WALKS, **SLEEP, quiet_from="23:00", quiet_to="06:00")
    robin.say("/log")
    robin.tap("Walk")
    minutes = robin.last
    world.play(berlin(23, "19:45"))
    robin.tap("Done")
    assert "How many minutes" in robin.last.plain or "About how many" in robin.last.plain
    robin.say("12", reply_to=minutes.id)
    rows = [(row.script, row.value) for row in robin.rows(Answer) if row.step == "minutes"]
    assert rows == [("log_walk", 12)]


def test_a_text_written_before_the_question_does_not_answer_it(world: World) -> None:
    robin = world.person(**WALKS)
    world.play(berlin(23, "19:45"), deliver=False)
    robin.say("done")  # the question is still in the outbox
    assert robin.dues("walk")[0].status == "asked"
    assert not robin.rows(Answer)


def test_a_text_that_crossed_with_the_question_does_not_answer_it(world: World) -> None:
    robin = world.person(**WALKS)
    robin.say("hello")
    world.play(berlin(23, "19:45"))
    assert robin.said_last < robin.last.id
    world.take(Input(robin.id, 1, world.now, "text", "done", message_id=robin.said_last))
    assert robin.dues("walk")[0].status == "asked"
    assert not robin.rows(Answer)


def test_an_interrupted_question_is_asked_again_when_the_check_in_ends(world: World) -> None:
    robin = world.person(**WALKS)
    robin.say("/areas")
    robin.tap("Muscle")
    question = robin.last.plain
    world.play(berlin(23, "19:45"))
    robin.tap("5 min")
    assert robin.last.plain.endswith(question.split("\n\n")[-1]) or question[-40:] in robin.last.plain


# what cannot be read


def test_what_cannot_be_read_repeats_the_question_and_loses_nothing(world: World) -> None:
    robin = at_dinner(world)
    robin.tap("Done")
    asked = len(robin.rows(Answer))
    question = robin.last.plain
    for text in ("purple elephant", "25:00", "…", "\U0001f600", "a" * 5000, "-3", "0", "301", "ten or two"):
        robin.say(text)
        assert robin.last.plain.endswith(question), text
        assert robin.last.buttons, text
        assert len(robin.rows(Answer)) == asked, text
        assert robin.open_run("walk").state["frames"] == [["walk", "minutes"]], text
    assert not robin.rows(Walk)
    robin.say("15")
    assert robin.rows(Walk)[0].minutes == 15


def test_what_a_reply_may_have_meant_lies_within_bounds(world: World) -> None:
    robin = at_dinner(world)
    robin.tap("Done")
    for text in ("25:00", "½ and 2", "400 or 10"):
        robin.say(text)
        offered = [label for label in robin.last.labels if label.endswith("min")]
        assert not {"0 min", "0.5 min", "400 min"} & set(offered), text


def test_a_sticker_repeats_the_question_and_loses_nothing(world: World) -> None:
    robin = at_dinner(world)
    robin.tap("Done")
    robin.other()
    assert "I can only read text" in robin.last.plain
    assert "10 min" in robin.last.labels
    robin.tap("15 min")
    assert robin.rows(Walk)[0].minutes == 15


def test_a_location_where_none_was_asked_for_repeats_the_question(world: World) -> None:
    robin = at_dinner(world)
    robin.location(52.5, 13.4)
    assert "location is kind" in robin.last.plain
    assert "Done" in robin.last.labels
    assert not robin.rows(Answer)


def test_a_shared_location_becomes_a_zone_and_its_coordinates_are_not_kept(world: World) -> None:
    robin = world.person()
    robin.say("/settings")
    robin.tap("Time zone")
    robin.location(35.6897, 139.6922)
    robin.tap("Yes")
    assert robin.facts["zone"] == "Asia/Tokyo"
    kept = [str(vars(row)) for table in (Answer, Fact, Run, Outbox) for row in robin.rows(table)]
    assert not any("35.6" in row or "139.6" in row for row in kept)


def test_a_time_that_is_none_is_asked_again(world: World) -> None:
    robin = world.person(bedtime="22:30")
    robin.say("/settings")
    robin.tap("Bedtime & waking")
    for text in ("25:00", "noonish or so, whenever", "a" * 5000):
        robin.say(text)
        assert robin.facts["bedtime"] == "22:30"
    robin.say("23:00")
    assert robin.facts["bedtime"] == "23:00"


def test_seven_ish_is_taken_as_about_seven_and_kept_as_typed(world: World) -> None:
    robin = world.person()
    robin.say("/settings")
    robin.tap("Bedtime & waking")
    robin.say("23:00")
    robin.say("seven-ish")
    assert robin.facts["waking"] == "07:00"
    assert robin.rows(Answer, step="wake")[0].typed == "seven-ish"


def test_three_unreadable_replies_leave_one_question_open(world: World) -> None:
    robin = at_dinner(world)
    for text in ("blue", "green?", "purple"):
        robin.say(text)
    assert len([m for m in robin.messages.values() if "Done" in m.labels]) == 1, "older copies lose their buttons"


def test_a_text_with_a_null_byte_is_an_answer_like_any_other(world: World) -> None:
    robin = world.person()
    robin.say("/settings")
    robin.tap("Name")
    robin.say("Rob\x00in")
    assert robin.facts["name"] == "Robin"


def test_half_an_emoji_does_not_break_the_turn(world: World) -> None:
    robin = world.person()
    robin.say("/settings")
    robin.tap("Name")
    robin.say("Robin \ud83d")
    assert robin.facts["name"].startswith("Robin")


# log entries in words


def test_a_walk_told_in_words_is_logged(world: World) -> None:
    robin = world.person(**WALKS)
    robin.say("walked 20 min yesterday")
    walk = robin.rows(Walk)[0]
    assert (walk.minutes, walk.local_date, walk.due_id) == (20, dt.date(2026, 11, 22), None)
    assert robin.rows(Answer)[0].typed == "walked 20 min yesterday"


def test_sets_are_kept_as_they_were_done(world: World) -> None:
    robin = world.person(**LIFTING)
    world.play(berlin(23, "18:00"))
    robin.tap("Log sets")
    robin.say("20 kg 10, 8, 8")
    robin.tap("Skip")
    rows = [(row.exercise, row.load_kg, row.reps, row.as_planned) for row in robin.rows(TrainingSet)]
    assert rows == [("chair_squat", 20.0, 10, False), ("chair_squat", 20.0, 8, False), ("chair_squat", 20.0, 8, False)]


def test_as_planned_is_kept_as_such(world: World) -> None:
    robin = world.person(**LIFTING)
    world.play(berlin(23, "18:00"))
    robin.tap("As planned")
    rows = robin.rows(TrainingSet)
    assert {row.exercise for row in rows} == {"chair_squat", "push_up"}
    assert all(row.as_planned for row in rows)


def test_a_late_answer_counts_for_its_own_day(world: World) -> None:
    robin = at_dinner(world)
    world.play(berlin(24, "12:00"))
    robin.tap("Done", robin.with_button("Done"))
    robin.say("15")
    walk = robin.rows(Walk)[0]
    assert walk.local_date == dt.date(2026, 11, 23)
    assert robin.dues("walk")[0].status == "done"
    assert {due.local_date for due in robin.rows(Due, script="walk")} == {dt.date(2026, 11, 23), dt.date(2026, 11, 24)}


# a question whose message was cut off: it may have arrived


def cut_off(world: World, chat: Chat) -> Shown:
    """The coach dies between sending its newest message and writing down that it arrived; the person has it."""

    def take(session: Session) -> Letter:
        [letter] = world.sender._take(session, set(), 5)
        return letter

    letter = world.work(take)
    while letter.kind in outbox.EDITS:
        number, done = chat.receive(letter), letter
        world.work(lambda session, n=number, d=done: world.sender._settle(session, d, Fate("sent", n)))  # type: ignore[misc]
        letter = world.work(take)
    shown = chat.messages[chat.receive(letter)]
    world.crash()
    return shown


def test_a_tap_on_a_question_whose_arrival_is_unknown_is_taken_and_it_is_not_repeated(world: World) -> None:
    robin = world.person()
    robin.say("/log", deliver=False)
    question = cut_off(world, robin)
    robin.tap("Walk", question)
    assert "Walk" in question.plain
    assert question.buttons == []
    assert [answer.step for answer in robin.rows(Answer)] == ["which"]
    assert [row.text for row in robin.rows(Outbox, status="sent")].count("What shall I write down?") <= 1


def test_words_that_answer_a_question_whose_arrival_is_unknown_are_taken(world: World) -> None:
    robin = world.person()
    robin.say("/log", deliver=False)
    cut_off(world, robin)
    before = len(robin.messages)
    robin.say("walk")
    assert [(answer.step, answer.typed) for answer in robin.rows(Answer)] == [("which", "walk")]
    assert len(robin.messages) - before == 1, "the next question, and not the old one again"


def test_words_from_before_a_question_do_not_answer_it_although_its_arrival_is_unknown(world: World) -> None:
    robin = world.person()
    robin.say("/log", deliver=False)
    cut_off(world, robin)
    early = Input(robin.id, 5, world.now - dt.timedelta(seconds=5), "text", "walk", message_id=robin.said_last)
    world.take(early)
    assert robin.rows(Answer) == []


def test_words_that_answer_the_first_copy_of_a_question_that_was_then_repeated_are_taken(world: World) -> None:
    """They were written while the coach was down, and wait until it has repeated the question."""
    robin = world.person()
    robin.say("/log", deliver=False)
    question = cut_off(world, robin)
    world.deliver()
    assert len([one for one in robin.messages.values() if one.plain == question.plain]) == 2
    between = Input(robin.id, 5, world.now, "text", "walk", message_id=question.id)
    world.take(between)
    assert [(answer.step, answer.typed) for answer in robin.rows(Answer)] == [("which", "walk")]


def test_of_two_copies_of_a_question_the_one_in_use_shows_the_ticks(world: World) -> None:
    robin = world.person()
    robin.say("/plan")
    robin.tap("Lifting", deliver=False)
    first = cut_off(world, robin)
    world.deliver()
    second = robin.last
    assert (first.plain, first.id) == (second.plain, second.id - 1)
    option = first.labels[0]
    robin.tap(option, first)
    assert first.labels[0] != option, "a tick stands before it"
    ticked = first.labels
    robin.tap(option, second)
    assert second.labels == ticked, "ticked once, and shown here too"
