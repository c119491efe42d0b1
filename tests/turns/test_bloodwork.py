"""What becomes of a blood draw in the records, and when its reminder comes, on both databases."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from bot.chat.fate import Fate
from bot.coach.bloodwork import Draw, Glucose, HbA1c, Insulin, Triglycerides
from bot.store import dues, records
from bot.store.tables import BloodDraw, Due, Week
from tests.turns.chat import ONE_DATABASE, Chat, World, berlin


def drawn(
    robin: Chat,
    *,
    date: str = "2026-11-20",
    glucose: str = "98 mg/dL",
    insulin: str = "72 pmol/L",
    lab: str = "City Lab",
) -> None:
    """Tells a fasting draw up to its lab."""
    robin.say("/bloodwork")
    robin.tap("Yes, both")
    robin.say(date)
    robin.tap("Yes, fasting")
    robin.say("none of these")
    robin.say(glucose)
    robin.say("72 pmol/L")
    robin.say("HbA1c, triglycerides")
    robin.say("5.4 %")
    robin.say("1.4 mmol/L")
    robin.say(lab)


def on_file(world: World, robin: Chat) -> list[Draw]:
    return world.work(lambda session: records.draws(session, robin.person.id))


def test_a_draw_is_kept_as_it_was_typed_and_read_back_whole(world: World) -> None:
    robin = world.person()
    drawn(robin)
    assert on_file(world, robin) == [
        Draw(
            dt.date(2026, 11, 20),
            Glucose(98, "mg_dl"),
            Insulin(72, "pmol_l", 6.0),
            lab="City Lab",
            fasted_hours=8,
            hba1c=HbA1c(5.4, "percent"),
            triglycerides=Triglycerides(1.4, "mmol_l"),
            valid=True,
        )
    ]


def test_a_draw_keeps_the_factor_it_was_converted_with(world: World) -> None:
    robin = world.person()
    drawn(robin)

    world.work(lambda session: session.execute(update(BloodDraw).values(insulin_factor=6.945)))
    (found,) = on_file(world, robin)
    assert found.insulin == Insulin(72, "pmol_l", 6.945)


def test_draws_are_in_the_order_of_their_dates_and_one_taken_back_is_gone(world: World) -> None:
    robin = world.person()
    drawn(robin)
    robin.say("cancel")
    drawn(robin, date="2026-03-02", glucose="5.1 mmol/L")
    assert [one.date for one in on_file(world, robin)] == [dt.date(2026, 3, 2), dt.date(2026, 11, 20)]
    robin.tap("‹ Back")
    assert [one.date for one in on_file(world, robin)] == [dt.date(2026, 11, 20)]


def test_going_back_to_a_number_leaves_one_draw_with_the_right_one(world: World) -> None:
    robin = world.person()
    drawn(robin, glucose="89 mg/dL")
    for _ in range(6):
        robin.tap("‹ Back")
    assert on_file(world, robin) == []
    for text in ("98 mg/dL", "12 µIU/mL", "neither", "City Lab"):
        robin.say(text)
    (found,) = on_file(world, robin)
    assert (found.glucose, found.insulin, found.lab) == (Glucose(98, "mg_dl"), Insulin(12, "uiu_ml"), "City Lab")


@ONE_DATABASE
def test_a_draw_is_compared_only_with_an_earlier_one_and_with_a_comparable_one_first(world: World) -> None:
    robin = world.person()
    for date, lab in (("2026-02-02", "City Lab"), ("2026-06-01", "Other Lab")):
        drawn(robin, date=date, lab=lab)
        robin.tap("No, thanks")
        robin.tap("No, thanks")
    drawn(robin, glucose="95 mg/dL")
    robin.tap("No, thanks")
    said = [shown.text for shown in robin.messages.values()]
    assert any("2 February 2026</b> and <b>20 November 2026" in text and "(−3)" in text for text in said)
    assert not any("1 June 2026</b> and <b>20 November 2026" in text for text in said)


@pytest.mark.parametrize("kind", ["not_sure", ["not_sure"]])
def test_who_skipped_the_kind_of_diabetes_is_shown_no_homa(world: World, kind: object) -> None:
    robin = world.person(body=["diabetes"], diabetes_kind=kind)
    drawn(robin)
    assert not any("HOMA-IR:" in shown.text for shown in robin.messages.values())
    assert [one.valid for one in on_file(world, robin)] == [False]


def test_who_knows_of_no_diabetes_is_shown_the_homa(world: World) -> None:
    robin = world.person()
    drawn(robin)
    assert any("HOMA-IR:" in shown.text for shown in robin.messages.values())


def test_a_reminder_is_planned_for_its_morning_in_the_persons_zone(world: World) -> None:
    robin = world.person(retest_on="2027-02-23", waking="06:30")
    assert robin.due("retest").due_at == dt.datetime(2027, 2, 23, 6, 30, tzinfo=dt.UTC)
    assert (robin.due("retest").reply, robin.due("retest").habit) == (False, None)


def test_a_reminder_is_no_week_and_takes_no_summary_s_place(world: World) -> None:
    robin = world.person(retest_on="2026-11-25")
    assert world.work(lambda session: dues.next_weekly(session, 7001, world.now, {"weekly"})) == berlin(29, "18:00")
    world.play(berlin(25, "09:00"))
    assert robin.due("retest").status == "asked"
    assert world.rows(Week) == []
    assert "remind you" in robin.last.text


@pytest.mark.parametrize(
    ("label", "status"), [("Thanks", "done"), ("In a month again", "skipped"), ("I don't want one", "skipped")]
)
@pytest.mark.parametrize("life", ["none", "pregnant"])
def test_a_reminder_that_was_answered_is_not_unanswered(world: World, label: str, status: str, life: str) -> None:
    robin = world.person(retest_on="2026-11-25", life=[life])
    world.play(berlin(25, "09:00"))
    robin.tap(label)
    assert robin.dues("retest")[0].status == status
    world.play(berlin(28, "09:00"))
    assert robin.dues("retest")[0].status == status


def test_a_reminder_stuck_until_the_quiet_hours_comes_when_they_are_over(world: World) -> None:
    robin = world.person(retest_on="2026-11-25", quiet_from="22:00", quiet_to="07:00")
    world.play(berlin(25, "09:00"), deliver=False)
    world.sleep_until(berlin(25, "23:00"))
    assert robin.messages == {}
    world.play(berlin(26, "07:01"))
    assert "remind you" in robin.last.text
    assert robin.due("retest").status == "asked"


def test_a_reminder_two_weeks_late_is_not_sent(world: World) -> None:
    robin = world.person(retest_on="2026-11-25")
    world.now = berlin(25, "09:00") + dt.timedelta(days=14, minutes=1)
    world.tick()
    assert [(due.status, due.reason) for due in robin.dues("retest")] == [("not_sent", "late")]
    assert not any("remind you" in shown.text for shown in robin.messages.values())


def test_a_reminder_waits_for_who_has_blocked_the_coach_and_comes_the_morning_after(world: World) -> None:
    robin = world.person(retest_on="2026-11-25", waking="07:00")
    robin.block()
    world.play(berlin(26, "12:00"))
    assert robin.due("retest").status == "planned"
    robin.unblock()
    robin.new()
    world.play(berlin(27, "07:59"))
    assert not any("remind you" in shown.text for shown in robin.messages.values())
    world.play(berlin(27, "08:00"))
    assert "remind you" in robin.last.text
    assert robin.due("retest").status == "asked"


def test_a_reminder_that_finds_the_chat_gone_comes_when_the_person_is_back(world: World) -> None:
    robin = world.person(retest_on="2026-11-25", waking="07:00")
    world.play(berlin(25, "08:00"), deliver=False)

    def refuse(session: Session) -> None:
        [letter] = world.sender._take(session, set(), 5)
        world.sender._settle(session, letter, Fate("failed", reason="bot was blocked by the user", gone=True))

    world.work(refuse)
    assert (robin.person.reachable, robin.due("retest").status) == (False, "planned")
    world.play(berlin(27, "12:00"))
    assert robin.messages == {}
    robin.unblock()
    world.play(berlin(28, "08:00"))
    assert "remind you" in robin.last.text
    assert robin.due("retest").status == "asked"


def test_a_reminder_moved_to_another_date_comes_only_there(world: World) -> None:
    robin = world.person(retest_on="2026-11-25")
    robin.settle({"retest_on": "2026-11-27"})
    world.play(berlin(28, "12:00"))
    assert [(due.local_date.day, due.status) for due in robin.rows(Due, script="retest")] == [(27, "asked")]
