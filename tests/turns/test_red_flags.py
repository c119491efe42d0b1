"""Emergency words are answered first, in every state; only the person's own tap lets coaching go on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest

from bot.store.tables import Answer, Outbox
from tests.turns.chat import ONE_DATABASE, SLEEP, WALKS, Chat, World, berlin

pytestmark = ONE_DATABASE

HURTS = "I have chest pain"
FINE = "I'm fine now: go on"
MISREAD = "You misread me: go on"
SAFE_NOW = "I'm safe: go on"


def a_stranger(world: World) -> Chat:
    return Chat(world, 7001)


def before_consent(world: World) -> Chat:
    robin = Chat(world, 7001)
    robin.say("/start")
    robin.tap("Yes, 18 or over")
    return robin


def in_free_text(world: World) -> Chat:
    robin = world.person(**WALKS)
    robin.say("/plan")
    robin.tap("Walks")
    robin.tap("My walk")
    return robin


def in_a_check_in(world: World) -> Chat:
    robin = world.person(**WALKS)
    world.play(berlin(23, "19:45"))
    return robin


def while_paused(world: World) -> Chat:
    robin = world.person(**WALKS)
    robin.say("stop")
    return robin


def with_nothing_open(world: World) -> Chat:
    return world.person(**WALKS)


STATES = [a_stranger, before_consent, in_free_text, in_a_check_in, while_paused, with_nothing_open]


@pytest.mark.parametrize("state", STATES)
def test_emergency_words_are_answered_first_and_alone(world: World, state: Callable[[World], Chat]) -> None:
    robin = state(world)
    robin.new()
    answers = world.counts()["answer"]
    first, *more = robin.say(HURTS)
    assert "Call your local emergency number (112, 911 or 999) now" in first.plain + "".join(m.plain for m in more)
    assert robin.last.labels == [FINE, MISREAD]
    assert robin.person.held == "emergency"
    assert world.counts()["answer"] == answers, "these words answer nothing"


@pytest.mark.parametrize("state", [before_consent, in_free_text, in_a_check_in, with_nothing_open])
def test_only_the_tap_lets_coaching_go_on(world: World, state: Callable[[World], Chat]) -> None:
    robin = state(world)
    robin.say(HURTS)
    answers = world.counts()["answer"]
    for text in ("I'm fine now", "yes", "/plan", "/areas", "/resume", "/start", "walked 15 min after dinner", "stop"):
        robin.say(text)
        assert robin.person.held == "emergency", text
        assert robin.last.labels == [FINE, MISREAD], text
    robin.other()
    assert robin.person.held == "emergency"
    assert world.counts()["answer"] == answers
    robin.tap(FINE)
    assert robin.person.held is None


def test_help_privacy_export_and_erase_stay_open(world: World) -> None:
    robin = with_nothing_open(world)
    robin.say(HURTS)
    for command, words in (
        ("/help", "No person watches"),
        ("/privacy", "Who can read it"),
        ("/export", "in this file"),
    ):
        said = " ".join(message.plain for message in robin.say(command))
        assert words in said, command
    robin.say("/erase")
    assert "Yes, erase all" in robin.last.labels


def test_taps_on_earlier_questions_wait_for_the_word(world: World) -> None:
    robin = in_a_check_in(world)
    data = next(data for data, label in robin.last.buttons if label == "5 min")
    robin.say(HURTS)
    robin.send(data)
    assert "on hold" in robin.notice
    assert not robin.rows(Answer)
    robin.tap(FINE)
    robin.send(data)
    assert robin.dues("walk")[0].status == "done", "once safe, the check-in can still be answered"


def test_emergency_words_in_an_edit_count(world: World) -> None:
    robin = in_a_check_in(world)
    robin.tap("Done")
    robin.say("15")
    robin.edit(robin.said_last, "15 and then my chest hurt, I have chest pain")
    assert robin.person.held == "emergency"
    assert robin.last.labels == [FINE, MISREAD]


def test_an_unclear_sign_asks_whether_it_is_now(world: World) -> None:
    robin = with_nothing_open(world)
    robin.say("my father had chest pain last week")
    assert robin.person.held == "emergency"
    assert "Yes, now" in robin.last.labels
    robin.tap("No, or long ago")
    assert robin.person.held == "emergency"
    robin.tap(FINE)
    assert robin.person.held is None


def test_while_held_no_check_in_is_sent_and_it_is_recorded(world: World) -> None:
    robin = world.person(**WALKS, **SLEEP)
    robin.say(HURTS)
    robin.new()
    world.play(berlin(25, "05:00"))
    assert robin.new() == []
    found = {due.reason for due in robin.dues() if due.status != "planned"}
    assert found == {"held"}
    robin.tap(FINE)
    robin.new()
    world.play(berlin(25, "23:30"))
    assert robin.new(), "what is no exercise goes on"
    assert robin.due("walk", local_date=dt.date(2026, 11, 25)).reason == "gate"


def test_a_check_in_on_its_way_is_held_back(world: World) -> None:
    robin = world.person(**WALKS)
    world.play(berlin(23, "19:45"), deliver=False)
    first, *_ = robin.say(HURTS)
    assert "112" in first.plain
    assert not any("Done" in message.labels for message in robin.messages.values())
    (due,) = robin.dues("walk", local_date=dt.date(2026, 11, 23))
    assert (due.status, due.reason) == ("not_sent", "emergency"), "it was never asked, so it is not unanswered"


def test_a_question_interrupted_by_an_emergency_comes_back_after_the_tap(world: World) -> None:
    robin = world.person(**WALKS)
    robin.say("/areas")
    robin.tap("Muscle")
    labels = robin.last.labels
    robin.say(HURTS)
    robin.tap(FINE)
    assert set(labels) <= set(robin.last.labels)


def test_the_end_of_a_pause_does_not_lift_the_hold(world: World) -> None:
    robin = world.person(**WALKS)
    robin.say("/pause")
    robin.tap("Just today")
    robin.say(HURTS)
    world.now = berlin(25, "12:00")
    robin.say("hello")
    assert robin.person.held == "emergency"


def test_the_tap_lifts_the_hold_and_leaves_the_pause(world: World) -> None:
    robin = world.person(**WALKS)
    robin.say("/pause")
    robin.tap("Two weeks")
    robin.say(HURTS)
    robin.tap(FINE)
    person = robin.person
    assert person.held is None
    assert person.paused
    assert person.paused_until is not None


def test_red_flag_words_are_not_kept_as_an_answer_or_quoted(world: World) -> None:
    robin = in_free_text(world)
    robin.say("To the park, but I have chest pain")
    assert not any("park" in row.text for row in robin.rows(Outbox))
    assert not robin.rows(Answer, step="own_walk")


# self-harm


def test_self_harm_words_bring_a_crisis_line(world: World) -> None:
    robin = in_a_check_in(world)
    robin.new()
    said = " ".join(message.plain for message in robin.say("I want to kill myself"))
    assert "988" in said
    assert "findahelpline.com" in said
    assert robin.last.labels == [SAFE_NOW]
    assert robin.person.held == "self_harm"


def test_after_self_harm_words_nothing_comes_unasked_for_72_hours_even_after_the_tap(world: World) -> None:
    robin = world.person(**WALKS, **SLEEP)
    robin.say("I want to kill myself")
    robin.tap(SAFE_NOW)
    robin.new()
    world.play(berlin(26, "08:59"))
    assert robin.new() == []
    assert {due.status for due in robin.dues()} == {"planned", "not_sent"}
    world.play(berlin(26, "19:45"))
    assert robin.new(), "after that the plan goes on"


def test_self_harm_after_an_emergency_holds_longer(world: World) -> None:
    robin = with_nothing_open(world)
    robin.say(HURTS)
    robin.say("I want to kill myself")
    assert robin.person.held == "self_harm"
    assert robin.last.labels == [SAFE_NOW]
    robin.tap(SAFE_NOW)
    assert robin.person.held is None


def test_an_emergency_of_who_did_not_agree_stores_nothing(world: World) -> None:
    robin = before_consent(world)
    robin.say(HURTS)
    robin.tap(FINE)
    counts = world.counts()
    assert counts["answer"] == counts["fact"] == 0
    assert "May I keep them" in robin.last.plain


# whose and when


@pytest.mark.parametrize("label", ["Yes, now", "Not sure"])
def test_who_says_now_or_is_not_sure_is_told_to_call(world: World, label: str) -> None:
    robin = with_nothing_open(world)
    robin.say("I had chest pain last week")
    assert "Is this happening now, to you?" in robin.last.plain
    told = " ".join(message.plain for message in robin.tap(label))
    assert "Call your local emergency number" in told


@pytest.mark.parametrize(
    ("label", "words"),
    [("To someone else", "they need the call"), ("No, or long ago", "once too often"), ("You misread me", "sorry")],
)
def test_who_says_it_is_not_them_or_not_now_may_train_after_the_tap(world: World, label: str, words: str) -> None:
    robin = with_nothing_open(world)
    robin.say("I had chest pain last week")
    assert words in " ".join(message.plain for message in robin.tap(label))
    assert robin.person.held == "emergency", "only the tap lets coaching go on"
    robin.tap(FINE)
    assert robin.person.held is None
    assert robin.facts["chest_state"] == "none"


@pytest.mark.parametrize("words", [HURTS, "I fainted after the squats", "I can't breathe"])
def test_after_an_emergency_exercise_waits_for_the_word_that_a_clinician_checked_it(world: World, words: str) -> None:
    robin = world.person(**WALKS)
    robin.say(words)
    told = " ".join(message.plain for message in robin.tap(FINE))
    assert "call a doctor today" in told
    world.play(berlin(24, "23:00"))
    assert {due.reason for due in robin.dues("walk") if due.status == "not_sent"} == {"gate"}
    robin.say("/settings")
    robin.tap("Health answers")
    robin.tap("None of these")
    robin.tap("Done ✓")
    assert robin.facts["chest_state"] == "lately"
    robin.tap("Checked, told I'm OK")
    assert robin.facts["chest_state"] == "checked"


def test_a_false_alarm_leaves_exercise_as_it_was(world: World) -> None:
    robin = world.person(**WALKS)
    robin.say(HURTS)
    robin.tap(MISREAD)
    assert robin.person.held is None
    world.play(berlin(23, "19:45"))
    assert robin.due("walk", status="asked")


def test_self_harm_of_someone_else_or_unclear_asks_whose_it_is(world: World) -> None:
    robin = with_nothing_open(world)
    robin.say("my son wants to kill himself")
    assert "Is this happening now, to you?" in robin.last.plain
    assert "findahelpline.com" in robin.last.plain
    told = " ".join(message.plain for message in robin.tap("To someone else"))
    assert "Stay with them" in told
    assert robin.person.held == "self_harm"
    robin.tap(SAFE_NOW)
    assert robin.person.held is None


# the body and the wish in one message

BOTH_NOW = ["i took 40 tablets because i want to die", "chest pain and i want to die"]
BOTH_UNCLEAR = "my son wants to kill himself and he took 40 tablets"


@pytest.mark.parametrize("words", BOTH_NOW)
def test_an_emergency_with_words_of_self_harm_has_the_ambulance_first_and_then_a_crisis_line(
    world: World, words: str
) -> None:
    robin = in_a_check_in(world)
    robin.new()
    said = " ".join(message.plain for message in robin.say(words))
    assert -1 < said.index("112") < said.index("988") < said.index("findahelpline.com")
    assert robin.last.labels == [FINE, MISREAD]
    assert robin.person.held == "emergency"


@pytest.mark.parametrize("words", BOTH_NOW)
@pytest.mark.parametrize("label", [FINE, MISREAD])
def test_an_emergency_with_words_of_self_harm_is_followed_by_72_hours_of_quiet(
    world: World, words: str, label: str
) -> None:
    robin = world.person(**WALKS, **SLEEP)
    robin.say(words)
    assert "three days" in " ".join(message.plain for message in robin.tap(label))
    world.play(world.now + dt.timedelta(hours=71, minutes=59))
    assert robin.new() == []
    world.play(world.now + dt.timedelta(days=1))
    assert robin.new(), "after that the plan goes on"


def test_who_is_asked_whose_emergency_it_is_has_the_crisis_line_before_the_question(world: World) -> None:
    robin = with_nothing_open(world)
    robin.new()
    said = " ".join(message.plain for message in robin.say(BOTH_UNCLEAR))
    assert -1 < said.index("112") < said.index("988") < said.index("Is this happening now, to you?")


@pytest.mark.parametrize(("label", "state"), [("Yes, me", "lately"), ("Not sure", "lately"), ("No, or long ago", None)])
def test_words_of_self_harm_beside_an_unclear_emergency_ask_about_the_body_before_moving(
    world: World, label: str, state: str | None
) -> None:
    robin = with_nothing_open(world)
    robin.say("i want to die. last week i had chest pain")
    assert robin.person.held == "self_harm"
    robin.tap(SAFE_NOW)
    assert "for your body" in robin.last.plain
    robin.tap(label)
    said = robin.facts.get("chest_state")
    assert said == (state or "none")
    assert ("call a doctor today" in robin.last.plain) is (state is not None)


def test_the_crisis_line_is_said_again_where_the_question_is_gone(world: World) -> None:
    robin = with_nothing_open(world)
    robin.say(BOTH_NOW[0])
    robin.say("/help")
    said = " ".join(message.plain for message in robin.say("hello"))
    assert "988" in said


def test_an_emergency_without_such_words_names_no_crisis_line(world: World) -> None:
    robin = with_nothing_open(world)
    robin.new()
    assert "988" not in " ".join(message.plain for message in robin.say(HURTS))
    assert robin.person.held_until is None


# after self-harm words nothing is sent unasked

UNWELL = "I want to kill myself"


def asked_and_snoozed(world: World) -> Chat:
    robin = world.person(**WALKS, **SLEEP)
    world.play(berlin(23, "19:45"))
    robin.tap("Later")
    return robin


def asked_and_waiting(world: World) -> Chat:
    robin = world.person(**WALKS, **SLEEP)
    world.play(berlin(23, "19:45"))
    return robin


def before_the_summary(world: World) -> Chat:
    robin = world.person(**WALKS, **SLEEP)
    world.now = berlin(29, "12:00")
    return robin


@pytest.mark.parametrize("state", [asked_and_snoozed, asked_and_waiting, before_the_summary])
def test_without_the_tap_nothing_is_ever_sent_unasked(world: World, state: Callable[[World], Chat]) -> None:
    robin = state(world)
    robin.say(UNWELL)
    robin.new()
    shown = {number: message.text for number, message in robin.messages.items()}
    world.play(world.now + dt.timedelta(days=9))
    assert robin.new() == []
    assert {number: message.text for number, message in robin.messages.items()} == shown


@pytest.mark.parametrize("state", [asked_and_snoozed, asked_and_waiting, before_the_summary])
def test_with_the_tap_nothing_comes_within_72_hours(world: World, state: Callable[[World], Chat]) -> None:
    robin = state(world)
    robin.say(UNWELL)
    robin.tap(SAFE_NOW)
    robin.new()
    world.play(world.now + dt.timedelta(hours=71, minutes=59))
    assert robin.new() == []


def test_who_comes_back_after_blocking_within_72_hours_is_not_greeted(world: World) -> None:
    robin = world.person(**WALKS)
    robin.say(UNWELL)
    robin.tap(SAFE_NOW)
    robin.block()
    robin.new()
    world.now += dt.timedelta(hours=10)
    robin.unblock()
    world.now += dt.timedelta(seconds=11)
    world.deliver()
    assert robin.new() == []
