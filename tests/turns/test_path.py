"""The twelve-week path, walked turn by turn: it begins by the person's word, and says something new every week."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy.orm import Session

from bot.coach import path
from bot.store.tables import Break, Due, Run
from tests.turns.chat import ONE_DATABASE, WALKS, Chat, Shown, World, berlin

TUESDAY = {
    "path_on": True,
    "path_day": [1],
    "path_time": "18:30",
    "path_began": "2026-11-24",
    "path_order": list(path.AREAS),
}
"""On the path since Tuesday 24 November; lessons on Tuesdays at 18:30."""
WEEK = dt.timedelta(days=7)


def begin(robin: Chat, day: str = "Tue", time: str = "18:30") -> list[Shown]:
    robin.say("/plan")
    robin.tap("The twelve weeks")
    robin.tap("Yes, let's")
    robin.say(day)
    return robin.say(time)


def plain(shown: list[Shown]) -> str:
    return "\n".join(one.plain for one in shown)


def lesson(world: World, robin: Chat, n: int) -> str:
    """What is said at the n-th lesson."""
    world.play(berlin(24, "18:30") + n * WEEK)
    return plain(robin.new())


def test_no_lesson_comes_before_the_person_says_so(world: World) -> None:
    robin = world.person()
    world.play(berlin(24, "23:00") + WEEK)
    assert robin.dues("path") == []


def test_the_path_begins_by_the_persons_word_and_says_when_and_in_which_order(world: World) -> None:
    robin = world.person()
    text = plain(begin(robin))
    assert "first lesson comes on Tuesday" in text
    assert "Exercise, Nutrition, Muscle" in text
    assert "one message a day" in text
    assert robin.facts["path_began"] == "2026-11-24"
    assert robin.due("path").due_at == berlin(24, "18:30")


def test_who_begins_after_the_hour_has_the_first_lesson_a_week_later_and_that_is_week_one(world: World) -> None:
    robin = world.person()
    begin(robin, "Mon", "07:00")
    assert robin.facts["path_began"] == "2026-11-30"
    world.play(berlin(30, "07:00"))
    assert robin.facts["path_now"] == "exercise_1"
    assert "eek 1" in plain(robin.new())


def test_short_nights_bring_sleep_second(world: World) -> None:
    robin = world.person(hours="under_six")
    begin(robin)
    assert robin.facts["path_order"][1] == "sleep_stress"


def test_a_lesson_reflects_what_was_logged_and_its_step_is_called_back(world: World) -> None:
    robin = world.person(**TUESDAY)
    robin.say("walked 20 min")
    robin.say("walked 15 min")
    text = lesson(world, robin, 0)
    assert "2 walks, 35 minutes" in text
    robin.tap("A second meal")
    text = lesson(world, robin, 1)
    assert "five minutes after a second meal" in text


def test_without_a_log_the_lesson_is_kind_and_useful(world: World) -> None:
    robin = world.person(**TUESDAY)
    text = lesson(world, robin, 0)
    assert "next to no walks in my notes" in text
    assert "ten people over 60" in text


@ONE_DATABASE
def test_twelve_weeks_say_twelve_different_things_and_then_end(world: World) -> None:
    robin = world.person(**TUESDAY)
    seen: set[str] = set()
    for n in range(12):
        text = lesson(world, robin, n)
        assert f"eek {n + 1}" in text, n
        seen.add(text.split(". ", 1)[1])
        robin.tap("Not this week")
    assert len(seen) == 12
    assert len(set(robin.facts["path_told"])) == 12
    robin.say("I climb the stairs without stopping")
    robin.tap("The walks")
    text = plain([*robin.messages.values()][-3:])
    assert "“I climb the stairs without stopping”" in text
    assert "“the walks”" in text
    assert robin.facts["path_on"] is False
    world.play(world.now + 3 * WEEK)
    assert len(robin.dues("path")) == 12


def test_a_lesson_that_is_ignored_is_followed_by_a_new_one(world: World) -> None:
    robin = world.person(**TUESDAY)
    lesson(world, robin, 0)
    lesson(world, robin, 1)
    assert robin.facts["path_told"] == ["exercise_1", "exercise_2"]


def test_a_lesson_blocks_no_check_in_and_is_not_counted_in_the_week(world: World) -> None:
    robin = world.person(**TUESDAY, **WALKS)
    lesson(world, robin, 0)
    world.play(berlin(24, "19:45"))
    assert robin.due("walk", local_date=dt.date(2026, 11, 24)).status == "asked"
    world.play(berlin(29, "18:00"))
    assert "Weekly lesson" not in plain(robin.new())


def test_a_lesson_comes_late_on_its_day_but_not_in_quiet_hours(world: World) -> None:
    robin = world.person(**TUESDAY, quiet_from="22:00", quiet_to="07:00")
    world.sleep_until(berlin(24, "21:30"))
    assert robin.due("path", local_date=dt.date(2026, 11, 24)).status == "asked"
    world.sleep_until(berlin(24, "22:30") + WEEK)
    missed = robin.due("path", local_date=dt.date(2026, 12, 1))
    assert (missed.status, missed.reason) == ("not_sent", "quiet")
    assert robin.facts["path_told"] == ["exercise_1"]


def test_a_lesson_that_the_sender_comes_to_in_quiet_hours_is_not_sent(world: World) -> None:
    robin = world.person(**TUESDAY, quiet_from="22:00", quiet_to="07:00")
    world.play(berlin(24, "18:30"), deliver=False)
    world.now = berlin(25, "03:30")
    world.deliver()
    assert robin.new() == []
    missed = robin.due("path", local_date=dt.date(2026, 11, 24))
    assert (missed.status, missed.reason) == ("not_sent", "quiet")
    assert "path_told" not in robin.facts


def test_a_lesson_whose_hour_lies_in_quiet_hours_is_sent_in_them(world: World) -> None:
    robin = world.person(**TUESDAY, quiet_from="18:00", quiet_to="07:00")
    world.play(berlin(24, "18:30"), deliver=False)
    world.now = berlin(24, "20:30")
    world.deliver()
    assert robin.new()


def test_no_lesson_is_sent_past_its_day(world: World) -> None:
    robin = world.person(**TUESDAY)
    world.sleep_until(berlin(25, "05:00"))
    assert robin.due("path", local_date=dt.date(2026, 11, 24)).status == "not_sent"


@ONE_DATABASE
def test_a_lesson_that_a_downtime_swallowed_is_told_after_the_twelfth_week(world: World) -> None:
    robin = world.person(**TUESDAY)
    lesson(world, robin, 0)
    world.sleep_until(berlin(25, "05:00") + WEEK)
    for n in range(2, 12):
        lesson(world, robin, n)
        robin.tap("Not this week")
    assert "exercise_2" not in robin.facts["path_told"]
    assert robin.facts["path_on"] is True
    lesson(world, robin, 12)
    assert robin.facts["path_now"] == "exercise_2"
    robin.tap("Not this week")
    assert len(set(robin.facts["path_told"])) == 12
    assert robin.facts["path_on"] is False


def undelivered(world: World, n: int) -> None:
    """The n-th lesson is put in the outbox, and the sender comes to it only after its day."""
    world.play(berlin(24, "12:00") + n * WEEK)
    world.play(berlin(24, "18:30") + n * WEEK, deliver=False)
    world.now = berlin(25, "09:00") + n * WEEK
    world.deliver()


def test_a_lesson_that_never_left_was_not_told_and_comes_the_next_week(world: World) -> None:
    robin = world.person(**TUESDAY)
    lesson(world, robin, 0)
    robin.tap("A second meal")
    undelivered(world, 1)
    missed = robin.due("path", local_date=dt.date(2026, 12, 1))
    assert (missed.status, missed.reason) == ("not_sent", "late")
    assert robin.facts["path_told"] == ["exercise_1"]
    text = lesson(world, robin, 2)
    assert "five minutes after a second meal" in text
    assert robin.facts["path_told"] == ["exercise_1", "nutrition_1"]


def test_the_last_lesson_ends_the_path_only_when_it_left(world: World) -> None:
    told = [f"{area}_{n}" for area in path.AREAS for n in (1, 2)][:-1]
    robin = world.person(**{**TUESDAY, "path_began": "2026-09-08"}, path_told=told)
    undelivered(world, 0)
    assert robin.facts["path_on"] is True
    assert "path_done" not in robin.facts
    assert robin.due("path", local_date=dt.date(2026, 12, 1)).status == "planned"
    text = lesson(world, robin, 1)
    assert "What keeps people at it?" in text
    robin.tap("Not this week")
    assert "last of the twelve" in robin.last.plain
    assert robin.facts["path_on"] is False


def test_who_ignores_the_last_lesson_gets_nothing_after_it(world: World) -> None:
    told = [f"{area}_{n}" for area in path.AREAS for n in (1, 2)][:-1]
    robin = world.person(**{**TUESDAY, "path_began": "2026-09-08"}, path_told=told)
    lesson(world, robin, 0)
    world.play(berlin(24, "12:00") + WEEK)
    robin.new()
    assert lesson(world, robin, 1) == ""
    assert robin.facts["path_on"] is False
    assert robin.facts["path_done"] is True
    assert [due.status for due in robin.dues("path")][1:] == ["not_sent"]
    world.play(world.now + 3 * WEEK)
    assert len(robin.dues("path")) == 2


def test_a_pause_sends_no_lesson_and_is_no_week(world: World) -> None:
    robin = world.person(**TUESDAY)
    lesson(world, robin, 0)
    person_id = robin.person.id

    def away(session: Session) -> None:
        session.add(Break(person_id=person_id, first=dt.date(2026, 11, 30), last=dt.date(2026, 12, 13)))

    world.work(away)
    world.play(berlin(24, "18:30") + 2 * WEEK)
    assert {due.status for due in robin.rows(Due, script="path") if due.asked_at is None} <= {"not_sent", "planned"}
    text = lesson(world, robin, 3)
    assert "Week 2" in text or "week 2" in text
    assert robin.facts["path_now"] == "exercise_2"


def test_another_area_can_be_picked_in_any_week(world: World) -> None:
    robin = world.person(**TUESDAY)
    lesson(world, robin, 0)
    robin.say("/areas")
    robin.tap("The twelve weeks")
    robin.tap("Another area now")
    text = plain(robin.tap("Sleep & stress"))
    assert "Sleep & stress it is" in text
    lesson(world, robin, 1)
    assert robin.facts["path_now"] == "sleep_stress_1"


def test_areas_and_plan_show_where_the_person_is(world: World) -> None:
    robin = world.person(**TUESDAY)
    world.play(berlin(24, "20:00") + 2 * WEEK)
    robin.new()
    assert "Week 3 of 12 · Nutrition" in plain(robin.say("/areas"))
    assert "Weekly lesson · Tue" in plain(robin.say("/plan"))


@ONE_DATABASE
def test_one_tap_stops_the_lessons_and_they_go_on_where_they_were(world: World) -> None:
    robin = world.person(**TUESDAY)
    lesson(world, robin, 0)
    assert "The lessons are off" in plain(robin.tap("Stop these lessons"))
    world.play(berlin(24, "20:00") + 5 * WEEK)
    assert robin.facts["path_told"] == ["exercise_1"]
    robin.say("/plan")
    robin.tap("The twelve weeks")
    robin.tap("Go on")
    robin.say("Tue")
    robin.say("18:30")
    world.play(berlin(24, "18:30") + 6 * WEEK)
    assert robin.facts["path_now"] == "exercise_2"
    assert "Week 2" in plain(robin.new()) or "week 2" in plain(list(robin.messages.values())[-3:])


def test_moving_held_teaches_and_offers_no_step_of_moving(world: World) -> None:
    robin = world.person(**{**TUESDAY, "body": ["not_sure"]})
    lesson(world, robin, 0)
    assert "Ask what I may do" in robin.last.labels
    assert "A second meal" not in robin.last.labels


def test_after_the_path_begins_one_message_to_forward_is_offered_once(world: World) -> None:
    robin = world.person(walk_plan="After dinner I walk")
    begin(robin)
    robin.tap("Yes, please")
    shown = robin.say("come along on Sundays")
    assert [one.plain for one in shown][-2] == (
        "I'm trying something for the next weeks: “After dinner I walk”. What would help me: “come along on Sundays”."
    )
    robin.tap("Maybe later")
    robin.say("/plan")
    robin.tap("The twelve weeks")
    robin.tap("Another day or time")
    robin.say("Wed")
    assert "one person they trust" not in plain(robin.say("18:30"))


def tapped_twice(world: World, **facts: Any) -> str:
    robin = world.person(**WALKS, **facts)
    for day in (23, 24, 25):
        world.play(berlin(day, "19:45"))
        robin.tap("Not today")
        robin.tap("Time")
    return plain(list(robin.messages.values()))


def test_why_it_matters_is_called_back_when_it_is_hard_and_not_every_time(world: World) -> None:
    text = tapped_twice(world, why="to dance at her wedding")
    assert text.count("Time again") == 2
    assert text.count("“to dance at her wedding”") == 1


def test_why_it_matters_is_not_called_back_where_eating_has_been_hard(world: World) -> None:
    text = tapped_twice(world, life=["eating"], why="to be thin")
    assert text.count("Time again") == 2
    assert "to be thin" not in text


@ONE_DATABASE
def test_the_path_is_offered_once_after_a_finished_area_with_the_weekly_summary(world: World) -> None:
    robin = world.person(**WALKS)

    def finished(session: Session) -> None:
        session.add(
            Run(
                person_id=person_id, script="exercise", state={}, status="ended",
                started_at=world.now, touched_at=world.now, ended_at=world.now,
            )
        )  # fmt: skip

    person_id = robin.person.id
    world.work(finished)
    robin.say("walked 20 min")
    world.play(berlin(29, "18:00"))
    robin.tap("The plan as it is")
    assert "all six areas over twelve weeks" in robin.last.plain
    robin.tap("Not now")
    world.play(berlin(30, "12:00"))
    robin.say("walked 20 min")
    world.play(berlin(29, "18:00") + WEEK)
    robin.tap("The plan as it is")
    assert "all six areas over twelve weeks" not in robin.last.plain
