"""From the first word to the first check-in, and what is kept of whom."""

from __future__ import annotations

import pytest

from bot.consequences import CONSENT_VERSION
from bot.store.tables import Answer, Due, Fact, Outbox, Person, Run
from tests.turns.chat import Chat, World, berlin

ANSWERS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("18 or older", ("Yes, 18 or over",)),
    ("May I keep them", ("Agree",)),
    ("What brought you here", ("Family",)),
    ("What shall I call you", ("=Robin",)),
    ("Body first", ("None of these", "Done ✓")),
    ("medicines", ("None of these", "Done ✓")),
    ("Last list", ("None of these", "Done ✓")),
    ("one idea", ("Go on",)),
    ("Which would be easiest", ("A walk after dinner",)),
    ("How would you put it", ("Plate down, shoes on",)),
    ("How sure", ("8",)),
    ("short message help", ("Yes, please",)),
    ("Which city", ("=Berlin",)),
    ("with you?", ("Yes",)),
    ("Is that where you are", ("Yes",)),
    ("finish dinner", ("=19:30",)),
    ("Skip means every day", ("Skip",)),
)
"""Of each question of onboarding a part of its words, and what this person does: taps, or types after a `=`."""


def answer(chat: Chat, upto: str = "") -> list[str]:
    """Answers question after question, until one has `upto` in it or nothing is asked any more; what was asked."""
    asked: list[str] = []
    for _ in range(60):
        question = chat.last
        if not question.buttons and "?" not in question.plain:
            return asked
        if upto and upto in question.plain:
            return asked
        replies = next((done for part, done in ANSWERS if part in question.plain), None)
        if replies is None:
            return asked
        asked.append(question.plain)
        for one in replies:
            if one.startswith("="):
                chat.say(one[1:])
            else:
                chat.tap(one, question)
    raise AssertionError(f"onboarding does not end: {chat.last.plain}")


def begun(world: World, chat_id: int = 7001) -> Chat:
    chat = Chat(world, chat_id)
    chat.say("/start")
    return chat


def test_onboarding_leads_to_a_plan_and_the_first_check_in(world: World) -> None:
    robin = begun(world)
    asked = answer(robin)
    assert len(asked) == len(ANSWERS)
    assert robin.rows(Run, script="onboarding")[0].status == "ended"
    assert "A missed day changes nothing" in robin.last.plain
    kept = robin.facts
    assert kept["name"] == "Robin"
    assert kept["body"] == ["none"]
    assert kept["zone"] == "Europe/Berlin"
    assert kept["walk_on"] is True
    assert robin.due("walk").due_at == berlin(23, "19:45")
    assert robin.due("walk").status == "planned"
    assert {due.script for due in robin.dues()} == {"walk", "weekly"}


def test_every_answer_of_onboarding_after_consent_is_kept_with_its_words(world: World) -> None:
    robin = begun(world)
    answer(robin)
    kept = {row.step: row for row in robin.rows(Answer)}
    assert set(kept) >= {"why", "name", "body", "medicines", "life", "pick", "plan_walk", "sure", "dinner"}
    assert (kept["name"].typed, kept["name"].tapped, kept["name"].value) == ("Robin", None, "Robin")
    assert kept["pick"].typed is None
    assert kept["pick"].tapped is not None
    assert kept["pick"].tapped.endswith(".walk")
    assert kept["pick"].words == "a walk after dinner"
    assert all(row.update_id for row in kept.values())
    assert not {"adult", "consent"} & set(kept), "what was said before consent is not kept as an answer"


def test_consent_is_stored_with_its_version_and_moment(world: World) -> None:
    robin = begun(world)
    assert robin.person.consent is None
    answer(robin, upto="What brought you here")
    person = robin.person
    assert (person.consent, person.consent_version, person.consented_at) == ("agreed", CONSENT_VERSION, world.now)


def test_before_consent_nothing_of_what_was_said_is_kept(world: World) -> None:
    robin = begun(world)
    robin.say("I am Robin and I have diabetes")
    robin.tap("Yes, 18 or over")
    robin.say("My name is Robin")
    robin.other()
    assert not robin.rows(Answer)
    assert not robin.rows(Fact)
    assert not robin.rows(Due)
    (run,) = robin.rows(Run)
    assert run.state["said"] == {}
    assert run.state["guesses"] == []
    assert not any("diabetes" in row.text or "Robin" in row.text for row in robin.rows(Outbox))


@pytest.mark.parametrize("command", ["/plan", "/log", "/week", "/settings", "/bloodwork", "/pause", "/today"])
def test_before_consent_commands_that_store_lead_to_the_question(world: World, command: str) -> None:
    robin = begun(world)
    robin.say(command)
    assert "18 or older" in robin.last.plain
    assert not robin.rows(Answer)
    assert [run.script for run in robin.rows(Run, status="open")] == ["onboarding"]


def under_age(chat: Chat) -> None:
    chat.tap("No")


def taught_only(chat: Chat) -> None:
    chat.tap("Yes, 18 or over")
    chat.tap("Just teach me")


@pytest.mark.parametrize("declines", [under_age, taught_only])
def test_who_does_not_agree_is_taught_and_nothing_is_stored(world: World, declines: object) -> None:
    robin = begun(world)
    assert callable(declines)
    declines(robin)
    assert robin.person.consent == "declined"
    robin.say("/areas")
    robin.tap("Exercise")
    lessons = 0
    while "Go on" in robin.last.labels:
        robin.tap("Go on")
        lessons += 1
    assert lessons >= 2
    assert "Nothing was stored" in robin.last.plain
    assert not robin.rows(Answer)
    assert not robin.rows(Fact)
    assert not robin.rows(Due)
    assert all(run.state["said"] == {} for run in robin.rows(Run))


@pytest.mark.parametrize("command", ["/plan", "/log", "/week", "/settings", "/bloodwork", "/pause"])
def test_who_declined_is_told_what_needs_consent(world: World, command: str) -> None:
    robin = begun(world)
    taught_only(robin)
    robin.say(command)
    assert "you haven't agreed to that" in robin.last.plain
    assert not robin.rows(Run, status="open")


def test_who_declined_can_still_agree(world: World) -> None:
    robin = begun(world)
    taught_only(robin)
    robin.say("/start")
    robin.tap("Yes, 18 or over")
    robin.tap("Agree")
    assert robin.person.consent == "agreed"


def test_a_log_in_words_is_not_kept_of_who_declined(world: World) -> None:
    robin = begun(world)
    taught_only(robin)
    before = world.counts()
    robin.say("walked 15 min after dinner")
    after = world.counts()
    assert {name for name in after if after[name] != before[name]} <= {"outbox", "update_seen"}


def test_a_skipped_safety_list_closes_what_it_decides(world: World) -> None:
    robin = begun(world)
    answer(robin, upto="Body first")
    robin.tap("Skip")
    assert robin.facts["body"] == ["not_sure"]
    answer(robin, upto="one idea")
    assert "On hold" in robin.last.plain or any("On hold" in m.plain for m in robin.messages.values())
    answer(robin, upto="Which would be easiest")
    assert "A walk after dinner" not in robin.last.labels


def test_start_in_the_middle_offers_to_go_on_or_begin_anew(world: World) -> None:
    robin = begun(world)
    answer(robin, upto="What shall I call you")
    robin.say("/start")
    assert robin.last.labels == ["Go on", "Begin anew"]
    robin.tap("Go on")
    assert "What shall I call you" in robin.last.plain
    robin.say("/start")
    robin.tap("Begin anew")
    assert "18 or older" in robin.last.plain
    assert len(world.rows(Person)) == 1
