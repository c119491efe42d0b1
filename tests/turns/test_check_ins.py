"""The laws of a check-in (design, §3): at the person's time, never late, never twice, one at a time."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bot.chat.fate import INTERRUPTED_TRIES, Fate
from bot.coach import schedule
from bot.store import dues
from bot.store.tables import Answer, Due, Outbox, Run
from tests.turns.chat import BERLIN, COLD, LIFTING, SAFE, SLEEP, WALKS, Chat, World, berlin

MON, TUE, WED, THU = (dt.date(2026, 11, day) for day in (23, 24, 25, 26))
ALL_MEALS = {
    "walk_on": True,
    "walk_meals": ["breakfast", "lunch", "dinner"],
    "breakfast_time": "08:00",
    "lunch_time": "12:30",
    "dinner_time": "19:30",
}


def statuses(chat: Chat, script: str) -> list[tuple[dt.date, str, str | None]]:
    return [(due.local_date, due.status, due.reason) for due in chat.dues(script)]


# 1: at the person's time


def test_a_check_in_is_planned_at_the_persons_local_time(world: World) -> None:
    robin, kim = world.person(7001, **WALKS), world.person(7002, **{**WALKS, "zone": "Asia/Tokyo"})
    assert robin.due("walk").due_at == dt.datetime(2026, 11, 23, 18, 45, tzinfo=dt.UTC)
    assert kim.due("walk").due_at == dt.datetime(2026, 11, 23, 10, 45, tzinfo=dt.UTC)
    assert (robin.due("walk").local_date, robin.due("walk").slot) == (MON, "dinner")


def test_without_a_confirmed_zone_there_is_none(world: World) -> None:
    robin = Chat(world, 7001)
    robin.settle({**SAFE, **WALKS})
    assert robin.dues() == []


def test_a_change_of_zone_plans_anew_at_once(world: World) -> None:
    robin = world.person(**WALKS)
    robin.say("/settings")
    robin.tap("Time zone")
    robin.say("Tokyo")
    robin.tap("Yes")
    assert robin.due("walk").due_at.astimezone(ZoneInfo("Asia/Tokyo")).strftime("%H:%M") == "19:45"


def test_a_change_of_zone_takes_along_what_was_moved(world: World) -> None:
    robin = world.person(**LIFTING)
    world.play(berlin(23, "18:00"))
    robin.tap("Move")
    robin.tap("Tomorrow")
    robin.settle({"zone": "Europe/London"})
    moved = robin.due("lifting", local_date=TUE)
    assert moved.due_at == dt.datetime(2026, 11, 24, 18, 0, tzinfo=dt.UTC)


def test_a_change_of_the_plan_plans_anew_at_once(world: World) -> None:
    robin = world.person(**SLEEP, **WALKS)
    robin.say("/plan")
    robin.tap("Sleep routine")
    robin.tap("Times")
    robin.say("23:30")
    robin.say("8:00")
    assert robin.due("sleep_morning").due_at == berlin(24, "08:30")
    assert robin.due("sleep_evening").due_at == berlin(23, "22:45")


def test_what_is_switched_off_is_planned_no_more(world: World) -> None:
    robin = world.person(**WALKS)
    robin.say("/plan")
    robin.tap("Walks")
    robin.tap("Switch them off")
    assert robin.dues("walk") == []


def test_what_was_snoozed_and_then_switched_off_is_not_asked(world: World) -> None:
    robin = world.person(**WALKS)
    world.play(berlin(23, "19:45"))
    robin.tap("Later")
    robin.say("/plan")
    robin.tap("Walks")
    robin.tap("Switch them off")
    robin.new()
    world.play(berlin(23, "21:00"))
    assert robin.new() == []
    assert statuses(robin, "walk") == [(MON, "not_sent", "off")]


def test_the_clock_change_neither_skips_nor_doubles_one(world: World) -> None:
    """In Berlin clocks went from 03:00 to 02:00 on 25 October 2026, and from 02:00 to 03:00 on 28 March 2027."""
    for start, late in (
        (dt.datetime(2026, 10, 23, 12, tzinfo=dt.UTC), 0),
        (dt.datetime(2027, 3, 26, 12, tzinfo=dt.UTC), 1),
    ):
        world.now = start
        robin = world.person(8000 + late, walk_on=True, walk_meals=["dinner"], dinner_time="02:15")
        world.play(start + dt.timedelta(days=4))
        asked = [due.asked_at.astimezone(ZoneInfo("Europe/Berlin")) for due in robin.dues("walk") if due.asked_at]
        assert len({at.date() for at in asked}) == len(asked) == 4
        assert {at.strftime("%H:%M") for at in asked} <= {"02:30", "03:30"}


def test_the_persons_day_begins_at_four(world: World) -> None:
    world.now = berlin(24, "02:00")
    robin = world.person(**{**SLEEP, "bedtime": "02:45"})
    evening = robin.due("sleep_evening")
    assert (evening.local_date, evening.due_at) == (TUE, berlin(25, "02:00"))
    robin.say("walked 12 min")
    assert robin.rows(Answer)[0].local_date == MON


# 2: never late


def test_a_late_check_in_is_not_sent(world: World) -> None:
    robin = world.person(**WALKS)
    world.sleep_until(berlin(23, "20:46"))
    assert robin.messages == {}
    assert statuses(robin, "walk")[0] == (MON, "not_sent", "late")


def test_a_check_in_is_asked_until_its_latest_useful_time(world: World) -> None:
    robin = world.person(**WALKS)
    world.sleep_until(berlin(23, "20:45"))
    assert statuses(robin, "walk")[0] == (MON, "asked", None)


def test_a_check_in_that_grew_late_in_the_outbox_is_not_sent(world: World) -> None:
    robin = world.person(**WALKS)
    world.play(berlin(23, "19:45"), deliver=False)
    assert robin.dues("walk")[0].status == "asked"
    world.now = berlin(23, "20:46")
    world.deliver()
    assert robin.messages == {}
    assert statuses(robin, "walk")[0] == (MON, "not_sent", "late")
    assert [row.status for row in robin.rows(Outbox)] == ["expired"]


def test_what_expired_is_not_asked_by_the_back_door(world: World) -> None:
    robin = world.person(**WALKS)
    world.play(berlin(23, "19:45"), deliver=False)
    world.now = berlin(23, "21:00")
    world.deliver()
    for text in ("hello", "done", "5 min"):
        robin.say(text)
        assert "Done" not in robin.last.labels
    robin.other()
    assert "Done" not in robin.last.labels
    assert robin.rows(Answer) == []


def test_after_two_days_of_downtime_nothing_late_is_asked_and_all_is_recorded(world: World) -> None:
    robin = world.person(**ALL_MEALS, **SLEEP)
    world.sleep_until(berlin(25, "10:00"))
    world.play(berlin(25, "10:01"))
    assert len(robin.messages) == 1, "only the night is still useful"
    assert "As usual 22:30–7:00" in robin.last.labels
    past = {(due.script, due.slot, due.local_date): due.status for due in robin.dues() if due.due_at < world.now}
    walks = {(slot, date): status for (script, slot, date), status in past.items() if script == "walk"}
    missed = [("breakfast", TUE), ("breakfast", WED), ("lunch", MON), ("lunch", TUE), ("dinner", MON), ("dinner", TUE)]
    assert walks == dict.fromkeys(missed, "not_sent")
    coming = {(due.script, due.slot): due.due_at for due in robin.dues(status="planned")}
    assert coming[("walk", "lunch")] == berlin(25, "12:45")
    assert coming[("walk", "dinner")] == berlin(25, "19:45")
    assert coming[("walk", "breakfast")] == berlin(26, "08:15")


def test_a_turn_right_after_a_downtime_does_not_lose_what_is_due(world: World) -> None:
    """The person writes before the clock has looked: what is due is not planned away."""
    robin = world.person(**WALKS, **SLEEP)
    world.now = berlin(23, "19:50")
    robin.say("/settings")
    robin.tap("Name")
    robin.say("Robin")
    world.tick()
    assert statuses(robin, "walk")[0] == (MON, "asked", None)


def test_a_month_of_downtime_makes_no_flood(world: World) -> None:
    robin = world.person(**ALL_MEALS, **SLEEP)
    world.sleep_until(berlin(23, "16:00", month=12))
    for minute in range(1, 4):
        world.play(world.now + dt.timedelta(minutes=minute))
    assert len(robin.messages) <= 1
    assert not [due for due in robin.dues(status="planned") if due.due_at < world.now]


# 3: never twice


def test_the_same_check_in_of_a_day_and_slot_exists_once(world: World) -> None:
    robin = world.person(**WALKS)
    first = robin.due("walk")

    def again(session: Session) -> None:
        script = world.coach.library.scripts["walk"]
        one = schedule.Occurrence("walk", "dinner", first.local_date, first.due_at, first.useful_until, first.closes_at)
        dues.plan(session, first.person_id, script, one)

    with pytest.raises(IntegrityError):
        world.work(again)


def test_two_looks_at_the_clock_ask_once(world: World) -> None:
    robin = world.person(**WALKS)
    world.play(berlin(23, "19:45"))
    for _ in range(3):
        world.tick()
        world.deliver()
    assert len(robin.messages) == 1


def test_replanning_a_hundred_times_asks_once(world: World) -> None:
    robin = world.person(**WALKS)
    world.play(berlin(23, "19:45"))
    robin.tap("5 min")
    for time in ("20:00", "20:15", "20:30"):
        robin.settle({"dinner_time": time})
    world.play(berlin(23, "23:00"))
    assert len(robin.dues("walk", local_date=MON)) == 1
    assert len([m for m in robin.messages.values() if "later" in m.plain.lower()]) <= 1


def test_flying_west_brings_no_second_one_for_the_same_day(world: World) -> None:
    robin = world.person(**WALKS)
    world.play(berlin(23, "19:45"))
    robin.settle({"zone": "America/Los_Angeles"})
    world.play(berlin(24, "06:00"))
    assert len(robin.dues("walk", local_date=MON)) == 1
    assert robin.dues("walk")[-1].local_date == TUE


# 4: not if already done


def test_what_was_logged_by_own_word_is_not_asked(world: World) -> None:
    robin = world.person(**WALKS)
    world.now = berlin(23, "19:40")
    robin.say("walked 15 min after dinner")
    robin.new()
    world.play(berlin(23, "19:50"))
    assert robin.new() == []
    assert statuses(robin, "walk")[0] == (MON, "not_sent", "own_word")


def test_a_walk_after_another_meal_is_not_this_one(world: World) -> None:
    robin = world.person(**WALKS)
    robin.say("walked 15 min after lunch")
    world.play(berlin(23, "19:45"))
    assert statuses(robin, "walk")[0][1] == "asked"


def test_a_night_and_cold_and_lifts_told_before_are_not_asked(world: World) -> None:
    robin = world.person(**SLEEP, **COLD, **LIFTING)
    world.play(berlin(23, "17:00"))
    robin.say("/log")
    robin.tap("Lifting")
    robin.tap("As planned")
    world.play(berlin(24, "07:10"))
    robin.say("slept 23:00-6:45")
    robin.say("cold shower 30 s")
    world.play(berlin(24, "12:00"))
    own = {due.script for due in robin.dues() if due.reason == "own_word"}
    assert own == {"lifting", "sleep_morning", "cold"}


def test_what_was_logged_and_taken_back_is_asked_after_all(world: World) -> None:
    robin = world.person(**LIFTING)
    robin.say("/log")
    robin.tap("Lifting")
    robin.tap("As planned")
    robin.tap("Undo")
    world.play(berlin(23, "18:00"))
    assert statuses(robin, "lifting")[0][1] == "asked"


# 5 and 13: silence, and the statuses


def test_silence_is_unanswered_at_the_end_of_the_next_local_day(world: World) -> None:
    robin = world.person(**WALKS)
    world.play(berlin(23, "19:45"))
    due = robin.dues("walk")[0]
    assert due.closes_at == berlin(25, "04:00")
    world.play(berlin(25, "03:59"))
    assert statuses(robin, "walk")[0][1] == "asked"
    world.play(berlin(25, "04:00"))
    assert statuses(robin, "walk")[0][1] == "unanswered"
    assert robin.rows(Run, due_id=due.id)[0].status == "cancelled"


def test_nobody_is_chased(world: World) -> None:
    robin = world.person(**WALKS)
    world.play(berlin(24, "19:44"))
    assert len(robin.messages) == 1


@pytest.mark.parametrize(
    ("taps", "status"),
    [
        (("Done",), "done"),
        (("Not today",), "skipped"),
        (("5 min",), "done"),
        (("Later",), "planned"),
    ],
)
def test_each_answer_has_its_status(world: World, taps: tuple[str, ...], status: str) -> None:
    robin = world.person(**WALKS)
    world.play(berlin(23, "19:45"))
    for label in taps:
        robin.tap(label)
    assert robin.dues("walk")[0].status == status


def test_a_part_is_partly(world: World) -> None:
    robin = world.person(**LIFTING)
    world.play(berlin(23, "18:00"))
    robin.tap("Part")
    robin.tap("About half")
    assert robin.dues("lifting")[0].status == "partly"


# 6: what is on, and one at a time


def test_only_one_unanswered_check_in_stands_and_the_next_goes_when_it_is_answered(world: World) -> None:
    robin = world.person(**WALKS, **LIFTING)
    world.play(berlin(23, "19:45"))
    assert len(robin.messages) == 1, "lifting was asked at 18:00 and still stands"
    assert robin.dues("walk", local_date=MON)[0].status == "planned"
    world.play(berlin(23, "20:00"))
    robin.tap("As planned")
    world.play(world.now)
    assert statuses(robin, "walk")[0] == (MON, "asked", "waits")
    assert "Not today" in robin.last.labels


@pytest.mark.parametrize("answers", [("Move", "Tomorrow"), ("Not today", "Time")])
def test_any_answer_lets_the_next_one_go(world: World, answers: tuple[str, ...]) -> None:
    robin = world.person(**WALKS, **LIFTING)
    world.play(berlin(23, "20:00"))
    for label in answers:
        robin.tap(label)
    world.play(world.now)
    assert statuses(robin, "walk")[0][1] == "asked"


def test_later_lets_the_next_one_go_and_comes_after_it(world: World) -> None:
    robin = world.person(**{**LIFTING, "training_time": "19:50"}, **WALKS)
    world.play(berlin(23, "19:50"))
    robin.tap("Later", robin.with_button("Later"))
    world.play(world.now)
    assert statuses(robin, "lifting")[0][1] == "asked"
    world.play(berlin(23, "20:10"))
    assert statuses(robin, "walk")[0][1] == "planned", "now lifting stands"
    robin.tap("As planned")
    world.play(world.now)
    assert statuses(robin, "walk")[0][1] == "asked"


def test_one_that_waits_too_long_is_not_sent(world: World) -> None:
    robin = world.person(**WALKS, **LIFTING)
    world.play(berlin(23, "20:46"))
    assert statuses(robin, "walk")[0] == (MON, "not_sent", "another was open")
    assert robin.due("walk", local_date=TUE).status == "planned"


def test_a_standing_one_stops_blocking_at_its_latest_useful_time(world: World) -> None:
    robin = world.person(**WALKS, **{**LIFTING, "training_time": "20:30"})
    world.play(berlin(23, "20:45"))
    assert statuses(robin, "lifting")[0][1] == "planned", "the walk stands"
    world.play(berlin(23, "20:46"))
    assert statuses(robin, "lifting")[0] == (MON, "asked", "waits")


def test_of_two_due_at_once_the_more_important_goes_first(world: World) -> None:
    robin = world.person(**WALKS, **{**LIFTING, "training_time": "19:45"})
    world.play(berlin(23, "19:45"))
    assert statuses(robin, "walk")[0][1] == "asked"
    assert statuses(robin, "lifting")[0][1] == "planned"


def test_a_reminder_that_needs_no_reply_never_blocks_and_never_waits(world: World) -> None:
    robin = world.person(**SLEEP, **{**LIFTING, "training_time": "19:00"}, **{**WALKS, "dinner_time": "21:40"})
    world.play(berlin(23, "21:45"))
    assert statuses(robin, "sleep_evening")[0][1] == "asked", "though lifting stands"
    robin.tap("As planned")
    world.play(berlin(23, "21:56"))
    assert statuses(robin, "walk")[0][1] == "asked", "though the reminder stands unanswered"


def test_five_a_day_is_the_ceiling(world: World) -> None:
    robin = world.person(**ALL_MEALS, **SLEEP, **{**COLD, "cold_days": [1], "cold_time": "15:00"})
    world.play(berlin(24, "04:00"))
    robin.new()
    for hour in ("07:30", "08:15", "12:45", "15:00", "19:45"):
        world.play(berlin(24, hour))
        robin.tap(robin.last.labels[1] if hour == "15:00" else robin.last.labels[0])
        if hour == "15:00":
            robin.say("10")
    world.play(berlin(25, "00:00"))
    asked = [due for due in robin.dues(local_date=TUE) if due.asked_at and due.habit]
    assert len(asked) == 5
    (evening,) = robin.dues("sleep_evening", local_date=TUE)
    assert (evening.status, evening.reason) == ("not_sent", "ceiling")


def test_what_never_left_takes_nobody_s_place_under_the_ceiling(world: World) -> None:
    robin = world.person(**ALL_MEALS, **SLEEP, **{**COLD, "cold_days": [1], "cold_time": "15:00"})
    world.play(berlin(24, "04:00"))
    for hour in ("07:30", "08:15", "12:45", "15:00", "19:45"):
        world.play(berlin(24, hour), deliver=hour != "08:15")
        if hour == "08:15":
            world.now = berlin(24, "11:00")
            world.deliver()
            continue
        robin.tap(robin.last.labels[1] if hour == "15:00" else robin.last.labels[0])
        if hour == "15:00":
            robin.say("10")
    world.play(berlin(25, "00:00"))
    assert [due.reason for due in robin.dues(local_date=TUE) if due.status == "not_sent"] == ["late"]
    assert robin.due("sleep_evening", local_date=TUE).status == "asked"


# 7: later is a button


def test_later_asks_again_in_twenty_minutes(world: World) -> None:
    robin = world.person(**WALKS)
    world.play(berlin(23, "19:45"))
    robin.tap("Later")
    robin.new()
    world.play(berlin(23, "20:04"))
    assert robin.new() == []
    world.play(berlin(23, "20:05"))
    assert "Later" in robin.last.labels
    assert len(robin.dues("walk", local_date=MON)) == 1


def test_later_near_the_end_keeps_it_useful_for_a_while(world: World) -> None:
    robin = world.person(**WALKS)
    world.play(berlin(23, "20:40"))
    robin.tap("Later")
    world.play(berlin(23, "21:00"))
    assert statuses(robin, "walk")[0][1] == "asked"


def test_a_snooze_outlives_a_new_plan(world: World) -> None:
    robin = world.person(**WALKS)
    world.play(berlin(23, "19:45"))
    robin.tap("Later")
    robin.settle({"name": "Robin"})
    world.play(berlin(23, "20:05"))
    assert statuses(robin, "walk")[0][1] == "asked"


def test_move_plans_it_on_another_day_and_undo_brings_it_back(world: World) -> None:
    robin = world.person(**LIFTING)
    world.play(berlin(23, "18:00"))
    robin.tap("Move")
    robin.tap("Tomorrow")
    assert statuses(robin, "lifting") == [
        (MON, "moved", "by 1"),
        (TUE, "planned", "moved here"),
        (THU, "planned", None),
    ]
    assert robin.due("lifting", local_date=TUE).due_at == berlin(24, "18:00")
    robin.tap("Undo")
    assert statuses(robin, "lifting") == [(MON, "asked", None), (THU, "planned", None)]
    robin.tap("In two days")
    world.play(berlin(25, "18:00"))
    assert statuses(robin, "lifting")[1][:2] == (WED, "asked")


def test_a_day_that_has_its_own_gets_no_second_one_by_moving(world: World) -> None:
    robin = world.person(**{**LIFTING, "training_days": [0, 1]})
    world.play(berlin(23, "18:00"))
    robin.tap("Move")
    robin.tap("Tomorrow")
    assert len(robin.dues("lifting", local_date=TUE)) == 1


def test_stop_asking_switches_it_off(world: World) -> None:
    robin = world.person(**WALKS)
    world.play(berlin(23, "19:45"))
    robin.tap("Not today")
    robin.tap("Stop these messages")
    robin.new()
    world.play(berlin(27, "12:00"))
    assert robin.new() == []


# quiet hours

QUIET = {"quiet_from": "20:00", "quiet_to": "07:00"}


def test_a_time_the_person_chose_beats_quiet_hours(world: World) -> None:
    robin = world.person(**{**WALKS, "dinner_time": "20:30"}, **QUIET)
    world.play(berlin(23, "20:45"))
    assert statuses(robin, "walk")[0][1] == "asked"


def test_a_snooze_never_falls_into_quiet_hours(world: World) -> None:
    robin = world.person(**WALKS, **QUIET)
    world.play(berlin(23, "19:45"))
    robin.tap("Later")
    robin.new()
    world.play(berlin(24, "07:00"))
    assert robin.new() == []


def test_the_weekly_summary_waits_for_the_end_of_quiet_hours(world: World) -> None:
    robin = world.person(summary_time="21:00", summary_day=[0], **QUIET)
    world.play(berlin(24, "06:59"))
    assert robin.messages == {}
    world.play(berlin(24, "07:00"))
    assert robin.messages
    assert robin.dues("weekly")[0].local_date == MON


def test_a_summary_that_the_sender_comes_to_in_quiet_hours_is_said_after_them(world: World) -> None:
    robin = world.person(summary_time="18:00", summary_day=[0], **QUIET)
    world.play(berlin(23, "18:00"), deliver=False)
    world.now = berlin(24, "03:30")
    world.deliver()
    assert robin.messages == {}
    assert robin.due("weekly", local_date=MON).status == "planned"
    assert robin.say("/help")  # nothing that waits holds up an answer
    world.play(berlin(24, "06:59"))
    assert robin.new() == []
    world.play(berlin(24, "07:00"))
    assert robin.new()
    assert robin.due("weekly", local_date=MON).status == "asked"
    assert [run.status for run in robin.rows(Run, script="weekly")] == ["cancelled", "open"]


def test_a_chosen_time_that_is_sent_late_still_beats_quiet_hours_where_it_wants_an_answer(world: World) -> None:
    robin = world.person(**WALKS, **QUIET)
    world.play(berlin(23, "19:45"), deliver=False)
    world.now = berlin(23, "20:30")
    world.deliver()
    assert robin.due("walk", local_date=MON).status == "asked"
    assert robin.new()


# the clock as the app asks for it


def test_the_next_instants_are_known(world: World) -> None:
    world.person(**WALKS)

    def look(session: Session) -> tuple[object, ...]:
        return (
            dues.next_due(session, world.now),
            dues.next_due(session, world.now, habit=True),
            dues.next_due(session, world.now, berlin(23, "19:44")),
            dues.next_weekly(session, 7001, world.now, {"weekly"}),
        )

    assert world.work(look) == (berlin(23, "19:45"), berlin(23, "19:45"), None, berlin(29, "18:00"))


def test_what_belongs_to_one_person_leaves_others_alone(world: World) -> None:
    robin, kim = world.person(7001, **WALKS), world.person(7002, **WALKS)
    world.play(berlin(23, "19:45"))
    robin.tap("Not today")
    robin.say("stop")
    assert statuses(kim, "walk")[0][1] == "asked"
    kim.tap("5 min")
    assert [(due.person_id == robin.person.id, due.status) for due in world.rows(Due, local_date=MON)] == [
        (True, "skipped"),
        (False, "done"),
    ]
    assert BERLIN["zone"] == kim.facts["zone"]


# what became of the message


@pytest.mark.parametrize(("fate", "status"), [("uncertain", "uncertain"), ("failed", "not_sent")])
def test_a_message_that_may_or_did_not_arrive_is_kept_apart(world: World, fate: str, status: str) -> None:
    robin = world.person(**WALKS)
    world.play(berlin(23, "19:45"), deliver=False)

    def lose(session: Session) -> None:
        (letter,) = world.sender._take(session, set(), 5)
        world.sender._settle(session, letter, Fate(fate, reason="network"))

    world.work(lose)
    assert robin.dues("walk")[0].status == status
    world.play(berlin(23, "21:00"))
    assert robin.messages == {}, "a check-in is never sent a second time"


def test_a_crash_while_sending_leaves_a_check_in_uncertain_and_each_repeats_a_reply_once(world: World) -> None:
    robin, kim = world.person(7001, **WALKS), world.person(7002)
    world.play(berlin(23, "19:45"), deliver=False)
    kim.say("/plan", deliver=False)
    for _ in range(INTERRUPTED_TRIES + 1):
        world.work(lambda session: world.sender._take(session, set(), 5) and None)
        world.crash()
    assert robin.dues("walk")[0].status == "uncertain"
    assert {(row.chat_id, row.status, row.attempts) for row in world.rows(Outbox)} == {
        (robin.id, "uncertain", 1),
        (kim.id, "uncertain", INTERRUPTED_TRIES),
    }


def test_who_works_shifts_is_told_of_sleep_and_not_of_the_evening(world: World) -> None:
    robin = world.person(**{**SLEEP, "bedtime": "09:00", "waking": "15:30", "sleep_warnings": ["shift"]})
    world.play(berlin(24, "08:20"))
    assert "evening" not in robin.last.plain.lower()
    assert robin.last.labels == ["Skip this time"]
    world.play(berlin(24, "16:05"))
    assert "night" not in robin.last.plain.lower()
    assert "As usual 9:00–15:30" in robin.last.labels
