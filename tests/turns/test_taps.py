"""Taps: old ones, forged ones, those of a multi-select."""

from __future__ import annotations

import datetime as dt

from bot.store.tables import Answer, Fact, Retraction, Run, Walk
from tests.turns.chat import WALKS, Chat, World, berlin

CLOSED = "That one is already answered."


def changed(before: dict[str, int], after: dict[str, int]) -> set[str]:
    return {name for name in after if after[name] != before[name]}


FORGED = (
    "",
    ".",
    "..",
    "1",
    "{run}.1",
    "{run}.1.",
    "x.y.z",
    "-1.1.done",
    "{run}.-1.done",
    "0.0.done",
    "{run}.5.done",
    "9" * 60,
    "9" * 40 + ".1.done",
    "{run}." + "9" * 40 + ".done",
    "²..done",
    "{run}.².done",
    "١.١.done",
    "{run}.1.\x00",
    "\x00",
    "\x00.1.done",
    "{run}.1.felt_bad",
    "{run}.1.v15",
    "{run}.1.usual",
    "{run}.1.~on",
    "{run}.1.~neither",
    "{run}.1.~skip",
    "{run}.1.~done",
    "{run}.1.~undo",
    "{run}.1.~g0",
    "{run}.1.~same",
    "on.",
    "on.x",
    "on.²",
    "on." + "9" * 40,
    "on.\x00",
    "' or 1=1; drop table person; --",
)
UNKNOWN = ("go.", "go.nothing", "go.\x00", "go." + "x" * 60)


def test_a_forged_tap_changes_nothing_and_is_told_so(world: World) -> None:
    robin = world.person(**WALKS)
    world.play(berlin(23, "19:45"))
    run = robin.open_run("walk").id
    before = world.counts()
    for data in FORGED:
        robin.send(data.format(run=run))
        assert robin.notice == CLOSED, data
        assert changed(before, world.counts()) == {"update_seen"}, data
    assert robin.dues("walk")[0].status == "asked"


def test_a_tap_for_a_script_that_is_none_begins_nothing(world: World) -> None:
    robin = world.person(**WALKS)
    before = world.counts()
    for data in UNKNOWN:
        robin.send(data)
        assert changed(before, world.counts()) == {"update_seen"}, data


def test_consent_cannot_be_skipped_by_a_forged_tap(world: World) -> None:
    robin = Chat(world, 7001)
    robin.say("/start")
    robin.tap("Yes, 18 or over")
    stem = robin.last.buttons[0][0].rsplit(".", 1)[0]
    for option in ("~on", "~skip", "~back", "~same"):
        robin.send(f"{stem}.{option}", robin.last.id)
        assert robin.notice
    assert robin.person.consent is None
    assert robin.open_run("onboarding").state["frames"] == [["onboarding", "consent"]]


def test_a_tap_on_another_persons_question_changes_nothing(world: World) -> None:
    robin, kim = world.person(7001, **WALKS), world.person(7002, **WALKS)
    world.play(berlin(23, "19:45"))
    theirs = {data for data, _ in robin.last.buttons} | {f"on.{robin.open_run('walk').id}"}
    before = world.counts()
    for data in theirs:
        kim.send(data, kim.last.id)
        assert kim.notice == CLOSED
    assert changed(before, world.counts()) == {"update_seen"}
    assert [chat.dues("walk")[0].status for chat in (robin, kim)] == ["asked", "asked"]


def test_a_tap_on_an_answered_question_changes_nothing(world: World) -> None:
    robin = world.person(**WALKS)
    world.play(berlin(23, "19:45"))
    old = {label: data for data, label in robin.last.buttons}
    robin.tap("5 min")
    before = world.counts()
    robin.send(old["Not today"])
    robin.send(old["5 min"])
    assert robin.notice == CLOSED
    assert changed(before, world.counts()) == {"update_seen"}
    assert robin.dues("walk")[0].status == "done"
    assert len(robin.rows(Walk)) == 1


def test_a_double_tap_counts_once(world: World) -> None:
    robin = world.person(**WALKS)
    world.play(berlin(23, "19:45"))
    data = next(data for data, label in robin.last.buttons if label == "5 min")
    robin.send(data, deliver=False)
    robin.send(data)
    assert len(robin.rows(Walk)) == len(robin.rows(Answer)) == 1


def test_a_tap_a_week_late_is_answered_and_counts_for_nothing(world: World) -> None:
    robin = world.person(**WALKS)
    world.play(berlin(23, "19:45"))
    data = next(data for data, label in robin.last.buttons if label == "5 min")
    world.play(berlin(30, "12:00"))
    robin.send(data)
    assert robin.notice == "That day is closed. /log takes what you did today."
    assert not robin.rows(Walk)
    assert robin.dues("walk")[0].status == "unanswered"


def test_a_question_of_an_area_can_be_answered_a_week_late(world: World) -> None:
    robin = world.person()
    robin.say("/areas")
    robin.tap("Muscle")
    question, label = robin.last, robin.last.labels[0]
    world.now += dt.timedelta(days=7)
    robin.tap(label, question)
    assert not robin.notice
    assert len(robin.rows(Answer)) >= 2


def test_a_multi_select_toggles_in_its_own_message_and_is_recorded_once(world: World) -> None:
    robin = world.person(**WALKS)
    robin.say("/plan")
    robin.tap("Walks")
    robin.tap("Meals and times")
    question = robin.last
    answers = len(robin.rows(Answer))
    robin.tap("Lunch", question)
    assert "✓ Lunch" in question.labels
    robin.tap("Dinner", question)
    robin.tap("✓ Lunch", question)
    assert "Lunch" in question.labels
    assert "✓ Dinner" in question.labels
    robin.tap("Breakfast", question)
    assert robin.last is question, "ticking sends no new message"
    assert len(robin.rows(Answer)) == answers, "a tick is no answer yet"
    robin.tap("Done ✓", question)
    (row,) = robin.rows(Answer, step="which_meals")
    assert row.value == ["dinner", "breakfast"]
    assert row.words == "dinner and breakfast"
    assert not question.buttons


def test_done_without_a_tick_says_so(world: World) -> None:
    robin = world.person(**WALKS)
    robin.say("/plan")
    robin.tap("Walks")
    robin.tap("Meals and times")
    before = len(robin.rows(Answer))
    robin.tap("Done ✓")
    assert "at least one" in robin.notice
    assert len(robin.rows(Answer)) == before


def test_an_answer_that_stands_alone_clears_the_others(world: World) -> None:
    robin = world.person()
    robin.say("/safety")
    robin.tap("First questions")
    question = robin.last
    robin.tap("Kidney disease", question)
    robin.tap("None of these", question)
    assert [label for label in question.labels if label.startswith("✓")] == ["✓ None of these"]
    robin.tap("Joints, balance, falls", question)
    assert [label for label in question.labels if label.startswith("✓")] == ["✓ Joints, balance, falls"]


def test_a_typed_multi_select_equals_the_tapped_one(world: World) -> None:
    tapper, typer = world.person(7001), world.person(7002)
    for chat in (tapper, typer):
        chat.say("/safety")
        chat.tap("First questions")
    for label in ("Kidney disease", "Joints, balance, falls", "Done ✓"):
        tapper.tap(label, tapper.with_button("Done ✓"))
    typer.say("kidney, joints")
    one, other = (chat.rows(Answer, step="body")[0] for chat in (tapper, typer))
    assert (one.value, one.words) == (other.value, other.words) == (["kidney", "joints"], one.words)
    assert tapper.last.plain == typer.last.plain


def test_a_tap_is_tied_to_the_screen_it_was_made_on(world: World) -> None:
    """A tap made before the same question was asked anew answers it: the question is the same."""
    robin = world.person(**WALKS)
    world.play(berlin(23, "19:45"))
    data = next(data for data, label in robin.last.buttons if label == "5 min")
    robin.say("purple elephant")
    robin.send(data)
    assert robin.dues("walk")[0].status == "done"
    assert len(robin.rows(Fact, name="walk_on")) == 1


def test_undo_of_what_was_said_unasked_leaves_no_run_that_waits_for_nothing(world: World) -> None:
    robin = world.person()
    robin.say("walked 20 min")
    [run] = robin.rows(Run)
    robin.send(f"{run.id}.0.~undo")
    assert robin.rows(Run, status="open") == []
    told = robin.say("walked 25 min")
    assert "25" in told[-1].plain
    assert len(robin.rows(Walk)) == 2
    assert len(robin.rows(Retraction)) == 1
