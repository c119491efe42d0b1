"""A clinician's word is kept and ends; safety answers are looked at yearly; late lows are asked about beforehand."""

from __future__ import annotations

import datetime as dt

import pytest

from bot.knowledge import Knowledge
from bot.store import people
from bot.store.tables import Fact
from tests.turns.chat import COLD, MONDAY, ONE_DATABASE, WALKS, Chat, World

pytestmark = ONE_DATABASE

YEAR = dt.timedelta(days=365)
PILLS = {"medicines": ["pressure_pills"]}
"""With them cold water waits for a doctor's or nurse's word, and walks do not."""


def is_open(robin: Chat, gate: str) -> bool:
    world, person = robin.world, robin.person

    def look(session: object) -> bool:
        found = people.by_id(session, person.id)  # type: ignore[arg-type]
        assert found is not None
        know = Knowledge(world.coach, session, found, world.now)  # type: ignore[arg-type]
        return know.gates(know.facts)[gate].open

    return world.work(look)


def clear_cold(robin: Chat, word: str = "Yes, cleared") -> None:
    robin.say("/safety")
    robin.tap("A doctor's word")
    robin.tap("Cold water")
    robin.tap(word)


def test_what_waits_for_a_word_is_listed_and_has_been_told_since(world: World) -> None:
    robin = world.person(**PILLS)
    shown = robin.say("/safety")
    assert any("A doctor's or nurse's word:" in one.plain and "cold water: please ask" in one.plain for one in shown)
    assert robin.facts["cold_ok"] == "no", "pending, since now"
    world.now += dt.timedelta(days=2)
    shown = robin.say("/safety")
    assert any("cold water: still to come, on your list since 23 November 2026" in one.plain for one in shown)


def test_who_has_nothing_that_waits_is_not_shown_the_list(world: World) -> None:
    robin = world.person()
    shown = robin.say("/safety")
    assert not any("nurse's word" in one.plain for one in shown)
    assert "A doctor's word" not in robin.last.labels


def test_a_yes_is_kept_with_its_date_and_opens_the_gate(world: World) -> None:
    robin = world.person(**PILLS)
    assert not is_open(robin, "cold")
    clear_cold(robin)
    assert is_open(robin, "cold")
    assert "Cold as your doctor or nurse agreed" in robin.last.plain
    exported = world.work(lambda session: people.export(session, robin.person))
    kept = [row for row in exported["fact"] if row["name"] == "cold_ok"]
    assert [row["value"] for row in kept] == ["no", "yes"]
    assert kept[-1]["at"].startswith("2026-11-23")


def test_a_no_or_no_wish_to_ask_is_kept_and_the_gate_stays_held(world: World) -> None:
    for word, value in (("They said no", "declined"), ("I'd rather not ask", "rather_not"), ("Not yet", "no")):
        robin = world.person(7100 + len(word), **PILLS)
        clear_cold(robin, word)
        assert robin.facts["cold_ok"] == value
        assert not is_open(robin, "cold")


def test_a_yes_ends_when_an_answer_it_was_given_for_changes(world: World) -> None:
    robin = world.person(**PILLS)
    clear_cold(robin)
    world.now += dt.timedelta(days=20)
    robin.settle({"medicines": ["pressure_pills", "water_pills"]})
    assert not is_open(robin, "cold")
    shown = robin.say("/safety")
    assert any("cold water: the word of 23 November 2026 has run out" in one.plain for one in shown)


def test_an_answer_taken_back_leaves_the_yes_as_it_was(world: World) -> None:
    robin = world.person(**PILLS)
    clear_cold(robin)
    robin.say("/safety")
    robin.tap("First questions")
    robin.tap("Kidney disease")
    robin.tap("Done ✓")
    assert not is_open(robin, "cold")
    robin.say("back")
    assert is_open(robin, "cold")


def test_the_yes_taken_back_is_no_yes(world: World) -> None:
    robin = world.person(**PILLS)
    robin.say("/safety")
    robin.tap("A doctor's word")
    robin.tap("Cold water")
    message = robin.say("cleared")
    assert message
    assert is_open(robin, "cold")
    robin.edit(robin.said_last, "not yet")
    assert not is_open(robin, "cold")


def test_a_cleared_habit_stops_by_itself_when_the_yes_is_a_year_old(world: World) -> None:
    robin = world.person(**PILLS, **COLD)
    clear_cold(robin)
    world.now = MONDAY + YEAR + dt.timedelta(days=1)
    assert not is_open(robin, "cold")
    assert is_open(robin, "exercise"), "the answers have their grace"


# the yearly look


def asked(robin: Chat) -> list[str]:
    return [due.status for due in robin.dues("rescreen")]


def test_once_a_year_the_safety_answers_are_asked_about_once(world: World) -> None:
    robin = world.person(**WALKS)
    world.sleep_until(MONDAY + YEAR - dt.timedelta(days=2))
    robin.say("/today")
    assert asked(robin) == []
    world.play(MONDAY + YEAR + dt.timedelta(days=4))
    assert any("about a year since your safety answers" in one.plain for one in robin.messages.values())
    world.play(MONDAY + YEAR + dt.timedelta(days=20))
    assert asked(robin) == ["unanswered"], "silence is not chased"


def test_a_yearly_look_that_never_left_is_put_to_them_another_day(world: World) -> None:
    robin = world.person(**WALKS)
    world.sleep_until(MONDAY + YEAR - dt.timedelta(days=2))
    robin.say("/today")
    world.play(MONDAY + YEAR + dt.timedelta(days=1))
    world.play(MONDAY + YEAR + dt.timedelta(days=1, hours=2), deliver=False)
    assert asked(robin) == ["asked"]
    world.now = MONDAY + YEAR + dt.timedelta(days=1, hours=8)
    world.deliver()
    assert asked(robin) == ["not_sent"]
    world.play(MONDAY + YEAR + dt.timedelta(days=2, hours=2))
    assert asked(robin) == ["not_sent", "asked"]
    assert any("about a year since your safety answers" in one.plain for one in robin.messages.values())


def test_a_yearly_look_moved_to_a_day_on_which_it_could_not_be_sent_comes_on_another(world: World) -> None:
    robin = world.person(**WALKS)
    world.sleep_until(MONDAY + YEAR - dt.timedelta(days=2))
    robin.say("/today")
    world.play(MONDAY + YEAR + dt.timedelta(days=1, hours=2))
    robin.tap("Later", robin.with_button("Nothing changed"))
    world.play(MONDAY + YEAR + dt.timedelta(days=5))
    world.sleep_until(MONDAY + YEAR + dt.timedelta(days=8, hours=9))
    assert asked(robin)[:2] == ["moved", "not_sent"]
    world.play(MONDAY + YEAR + dt.timedelta(days=9, hours=2))
    assert asked(robin) == ["moved", "not_sent", "asked"]


def test_unanswered_for_a_month_the_gates_close_and_say_why(world: World) -> None:
    robin = world.person(**WALKS)
    world.now = MONDAY + YEAR + dt.timedelta(days=30)
    assert is_open(robin, "exercise")
    world.now += dt.timedelta(days=1)
    assert not is_open(robin, "exercise")
    shown = robin.say("/safety")
    assert any("the safety answers are over a year old" in one.plain for one in shown)


def test_nothing_changed_is_a_short_confirm_that_holds_for_another_year(world: World) -> None:
    robin = world.person(**WALKS)
    world.sleep_until(MONDAY + YEAR - dt.timedelta(days=2))
    robin.say("/today")
    world.play(MONDAY + YEAR + dt.timedelta(days=1, hours=2))
    robin.tap("Nothing changed")
    for _ in range(4):  # body, medicines, life, and the one shorter list that was answered
        robin.tap("Yes, as it was")
    assert "That holds for another year" in robin.last.plain
    assert asked(robin) == ["done"]
    assert {row.value for row in robin.rows(Fact, name="lows")} == {"none"}
    world.now = MONDAY + 2 * YEAR + dt.timedelta(days=20)
    assert is_open(robin, "exercise")
    assert is_open(robin, "cold")


@pytest.mark.parametrize("label", ["Nothing changed", "Yes, or not sure"])
def test_a_yearly_look_that_was_answered_is_done_and_not_unanswered(world: World, label: str) -> None:
    robin = world.person(**WALKS)
    world.sleep_until(MONDAY + YEAR - dt.timedelta(days=2))
    robin.say("/today")
    world.play(MONDAY + YEAR + dt.timedelta(days=1, hours=2))
    robin.tap(label)
    assert asked(robin) == ["done"]
    world.play(MONDAY + YEAR + dt.timedelta(days=4))
    assert asked(robin) == ["done"]


def test_one_skipped_list_does_not_end_the_yearly_look_for_good(world: World) -> None:
    robin = world.person(**WALKS)
    world.sleep_until(MONDAY + YEAR - dt.timedelta(days=2))
    robin.say("/today")
    world.play(MONDAY + YEAR + dt.timedelta(days=1, hours=2))
    robin.tap("Nothing changed")
    for _ in range(3):
        robin.tap("Yes, as it was")
    robin.say("skip")  # the shorter list, about cold: its answer stays a year old
    world.play(MONDAY + YEAR + dt.timedelta(days=40))
    assert len(asked(robin)) == 1, "not asked again within the year"
    world.sleep_until(MONDAY + 2 * YEAR - dt.timedelta(days=1))
    world.play(MONDAY + 2 * YEAR + dt.timedelta(days=3))
    assert len(asked(robin)) == 2
    assert is_open(robin, "exercise")


def test_later_moves_the_yearly_look_by_a_week(world: World) -> None:
    robin = world.person(**WALKS)
    world.sleep_until(MONDAY + YEAR - dt.timedelta(days=2))
    robin.say("/today")
    world.play(MONDAY + YEAR + dt.timedelta(days=1, hours=2))
    robin.tap("Later", robin.with_button("Nothing changed"))
    world.play(MONDAY + YEAR + dt.timedelta(days=8, hours=2))
    assert asked(robin) == ["moved", "asked"]


# lows


def test_with_insulin_late_lows_are_asked_about_before_an_evening_walk_is_planned(world: World) -> None:
    robin = world.person(medicines=["insulin"], lows="rare")
    robin.say("/plan")
    robin.tap("Walks")
    robin.tap("Dinner")
    robin.tap("Done ✓")
    assert "a low can come hours later" in robin.last.plain
    robin.tap("Not yet")
    assert robin.facts["walk_meals"] == ["lunch"]


def test_the_lows_guide_leads_with_the_own_teams_plan_and_names_no_dose(world: World) -> None:
    robin = world.person(medicines=["insulin"], lows="rare")
    first = robin.say("/lows")
    assert "your own team's plan" in first[0].plain
    robin.tap("Yes")
    told = robin.tap("Glucose tablets")
    everything = " ".join(one.plain for one in robin.messages.values())
    assert "15 g of fast carbs" in everything
    assert "Nothing by mouth" in everything
    assert "I never change a medicine" in " ".join(one.plain for one in told)
    assert "units" not in everything


def test_with_metformin_alone_lows_are_said_to_be_rare(world: World) -> None:
    robin = world.person(medicines=["sugar_pills"], sugar_pills=["metformin"])
    robin.say("/lows")
    assert any("rarely brings a low by itself" in one.plain for one in robin.messages.values())
