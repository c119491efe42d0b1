"""A break is a break; a safety answer opens and closes what the coach may ask."""

from __future__ import annotations

import datetime as dt

import pytest

from bot.store.tables import Break, Week
from tests.turns.chat import COLD, LIFTING, SLEEP, WALKS, Chat, World, berlin


def days(robin: Chat) -> list[tuple[dt.date, dt.date | None]]:
    return [(row.first, row.last) for row in robin.rows(Break)]


@pytest.mark.parametrize(
    ("label", "last"),
    [
        ("Just today", dt.date(2026, 11, 23)),
        ("A week", dt.date(2026, 11, 29)),
        ("Two weeks", dt.date(2026, 12, 6)),
        ("Until I say", None),
    ],
)
def test_a_pause_is_a_break_of_so_many_days(world: World, label: str, last: dt.date | None) -> None:
    robin = world.person(**WALKS)
    robin.say("/pause")
    robin.tap(label)
    assert days(robin) == [(dt.date(2026, 11, 23), last)]
    assert robin.person.paused


def test_a_pause_silences_everything_and_ends_by_itself(world: World) -> None:
    robin = world.person(**WALKS, **SLEEP, **LIFTING)
    robin.say("/pause")
    robin.tap("A week")
    robin.new()
    world.play(berlin(30, "03:59"))
    assert robin.new() == []
    past = [due for due in robin.dues() if due.due_at < world.now]
    assert {due.status for due in past} == {"not_sent"}
    assert {due.reason for due in past} <= {"paused", "break"}
    world.play(berlin(30, "08:00"))
    assert robin.new(), "the day after, the first check-in comes again"


def test_the_days_of_a_pause_leave_the_weeks_denominator(world: World) -> None:
    robin = world.person(**WALKS)
    world.play(berlin(24, "03:00"))
    robin.tap("5 min", robin.with_button("Done"))
    world.play(berlin(25, "12:00"))
    robin.say("/pause")
    robin.tap("Until I say")
    world.play(berlin(28, "12:00"))
    robin.say("/resume")
    world.play(berlin(29, "18:00"))
    (stored,) = robin.rows(Week)
    walks = stored.figures["habits"]["walk"]
    assert (walks["done"], walks["planned"]) == (1, 3), "Monday done, Tuesday and Saturday silent, the break outside"
    cells = [day["cell"] for day in stored.figures["grid"]["walk"]]
    assert cells == ["done", "unanswered", "break", "break", "break", "unanswered", "ahead"]


def test_resume_ends_the_pause_and_plans_anew(world: World) -> None:
    robin = world.person(**WALKS)
    robin.say("/pause")
    robin.tap("Two weeks")
    world.play(berlin(25, "12:00"))
    robin.say("/resume")
    assert not robin.person.paused
    assert days(robin) == [(dt.date(2026, 11, 23), dt.date(2026, 11, 24))]
    world.play(berlin(25, "19:45"))
    assert "Done" in robin.last.labels


def test_a_pause_taken_back_the_same_day_never_was(world: World) -> None:
    robin = world.person(**WALKS)
    robin.say("/pause")
    robin.tap("A week")
    robin.say("/resume")
    assert days(robin) == []


def test_stop_in_words_pauses_until_resume(world: World) -> None:
    robin = world.person(**WALKS)
    robin.say("stop")
    assert "I'll be quiet" in robin.last.plain
    assert robin.person.paused
    assert robin.person.paused_until is None
    robin.new()
    world.play(berlin(30, "12:00"))
    assert robin.new() == []


def test_stop_after_a_pause_of_a_day_has_no_end(world: World) -> None:
    robin = world.person(**WALKS)
    robin.say("/pause")
    robin.tap("Just today")
    world.play(berlin(25, "12:00"))
    robin.say("stop")
    assert robin.person.paused_until is None
    assert days(robin)[-1] == (dt.date(2026, 11, 25), None)


def test_a_check_in_on_its_way_is_withdrawn_by_stop(world: World) -> None:
    robin = world.person(**WALKS)
    world.play(berlin(23, "19:45"), deliver=False)
    robin.say("stop")
    assert not any("Done" in message.labels for message in robin.messages.values())
    due = robin.dues("walk")[0]
    assert (due.status, due.reason) == ("not_sent", "paused")
    robin.say("walked 12 min after dinner")
    assert "12 min" in robin.last.plain, "no question that was never seen stands in the way"


def test_while_paused_the_person_may_still_log(world: World) -> None:
    robin = world.person(**WALKS)
    robin.say("stop")
    robin.say("walked 12 min after dinner")
    assert "a walk of 12 min" in robin.last.plain


# safety


def test_a_later_unsafe_answer_closes_a_running_check_in(world: World) -> None:
    robin = world.person(**WALKS)
    robin.say("/safety")
    robin.tap("First questions")
    robin.tap("Chest pain, faint, dizzy")
    robin.tap("Done ✓")
    robin.tap("Not checked yet")
    world.play(berlin(23, "19:45"))
    due = robin.dues("walk")[0]
    assert (due.status, due.reason) == ("not_sent", "gate")
    assert "Done" not in robin.last.labels
    assert robin.facts["walk_on"] is True, "the switch is the person's; the gate is what holds it"


@pytest.mark.parametrize("how", ["Skip", "Not sure"])
def test_a_safety_answer_skipped_or_unsure_closes_its_gates(world: World, how: str) -> None:
    robin = world.person(**WALKS, **COLD)
    robin.say("/safety")
    robin.tap("First questions")
    if how == "Skip":
        robin.tap("Skip")
    else:
        robin.tap(how)
        robin.tap("Done ✓")
    assert robin.facts["body"] == ["not_sure"]
    world.play(berlin(24, "08:00"))
    reasons = {(due.script, due.reason) for due in robin.dues() if due.status == "not_sent"}
    assert reasons == {("walk", "gate"), ("cold", "gate")}


def test_a_list_of_its_own_closes_only_its_gate(world: World) -> None:
    robin = world.person(**WALKS, **COLD)
    robin.say("/safety")
    robin.tap("Cold")
    robin.tap("White fingers (Raynaud)")
    robin.tap("Done ✓")
    world.play(berlin(24, "08:00"))
    assert robin.dues("walk")[0].status == "asked"
    cold = robin.dues("cold")[0]
    assert (cold.status, cold.reason) == ("not_sent", "gate")


def test_an_unsafe_answer_taken_back_opens_the_gate_again(world: World) -> None:
    robin = world.person(**WALKS)
    robin.say("/safety")
    robin.tap("First questions")
    robin.tap("Skip")
    assert robin.facts["body"] == ["not_sure"]
    robin.say("back")
    assert robin.facts["body"] == ["none"]
    world.play(berlin(23, "19:45"))
    assert robin.dues("walk")[0].status == "asked"


def test_who_has_not_answered_the_screen_gets_no_check_in(world: World) -> None:
    robin = Chat(world, 7001)
    robin.settle({"zone": "Europe/Berlin", **WALKS})
    world.play(berlin(23, "20:00"))
    assert (robin.dues("walk")[0].status, robin.dues("walk")[0].reason) == ("not_sent", "gate")


def test_feeling_bad_in_a_check_in_stops_the_coaching(world: World) -> None:
    robin = world.person(**WALKS)
    world.play(berlin(23, "19:45"))
    robin.tap("Not today")
    robin.tap("Felt unwell")
    robin.tap("Chest pain or pressure")
    assert robin.person.held == "emergency"
    assert robin.facts["chest_state"] == "lately"
    world.play(berlin(24, "20:00"))
    assert robin.dues("walk")[1].status == "not_sent"
