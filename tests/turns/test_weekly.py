"""The weekly summary: seven local dates that end on its day, stored when it goes out, corrected later."""

from __future__ import annotations

import datetime as dt
from typing import Any

from bot.store.tables import Outbox, Week
from tests.turns.chat import WALKS, Chat, World, berlin

SUNDAY = dt.date(2026, 11, 29)


def walks_of(chat: Chat, ending: dt.date = SUNDAY) -> dict[str, Any]:
    (row,) = chat.rows(Week, ending=ending)
    found: dict[str, Any] = row.figures["habits"]["walk"]
    return found


def a_week(world: World) -> Chat:
    """Monday to Sunday 18:00: walks on Monday and Tuesday, Wednesday skipped, silence since."""
    robin = world.person(**WALKS)
    for day, label in ((23, "5 min"), (24, "5 min"), (25, "Not today")):
        world.play(berlin(day, "19:45"))
        robin.tap(label)
    world.play(berlin(29, "18:00"))
    return robin


def test_figures_are_stored_when_the_summary_goes_out(world: World) -> None:
    robin = a_week(world)
    (row,) = robin.rows(Week)
    assert row.ending == SUNDAY
    assert (walks_of(robin)["done"], walks_of(robin)["planned"], walks_of(robin)["skipped"]) == (2, 6, 1)
    assert [row.kind for row in robin.rows(Outbox) if row.figures] == ["photo"]


def test_the_week_covers_the_seven_dates_that_end_on_the_summarys_day(world: World) -> None:
    robin = a_week(world)
    (picture,) = [row for row in robin.rows(Outbox) if row.figures]
    grid = picture.figures["figures"]["grid"]["walk"]
    assert [day["date"] for day in grid] == [f"2026-11-{day}" for day in range(23, 30)]
    assert [day["cell"] for day in grid] == [
        "done",
        "done",
        "skipped",
        "unanswered",
        "unanswered",
        "unanswered",
        "ahead",
    ]


def test_a_late_entry_corrects_the_stored_figures(world: World) -> None:
    robin = a_week(world)
    robin.tap("5 min", robin.with_button("5 min"))  # Saturday's, still open until Monday
    assert walks_of(robin)["done"] == 3
    world.play(berlin(29, "19:45"))
    robin.tap("5 min", robin.with_button("5 min"))
    assert (walks_of(robin)["done"], walks_of(robin)["planned"]) == (4, 7)


def test_an_entry_taken_back_corrects_them_too(world: World) -> None:
    robin = a_week(world)
    world.play(berlin(29, "19:45"))
    robin.tap("5 min", robin.with_button("5 min"))
    assert walks_of(robin)["done"] == 3
    robin.tap("Undo", robin.with_button("Undo"))
    assert walks_of(robin)["done"] == 2


def test_silence_on_the_summarys_own_day_is_counted_when_it_is_over(world: World) -> None:
    robin = a_week(world)
    robin.tap("Not today", robin.with_button("Not today"))  # Saturday's: three in a row would be asked about instead
    assert walks_of(robin)["planned"] == 6
    world.play(berlin(30, "12:00", month=11) + dt.timedelta(days=1))
    assert (walks_of(robin)["planned"], walks_of(robin)["unanswered"]) == (7, 3)


def test_an_entry_of_another_week_leaves_the_stored_one_alone(world: World) -> None:
    robin = a_week(world)
    before = walks_of(robin)
    world.play(berlin(30, "12:00"))
    robin.say("walked 20 min")
    assert walks_of(robin)["done"] == before["done"]


def test_a_summary_that_comes_a_day_late_is_about_its_own_week(world: World) -> None:
    robin = world.person(**WALKS)
    world.play(berlin(23, "19:45"))
    robin.tap("5 min")
    world.play(berlin(29, "17:00"))
    robin.new()
    world.sleep_until(berlin(30, "16:00"))
    assert robin.dues("weekly")[0].status == "asked"
    (row,) = robin.rows(Week)
    assert row.ending == SUNDAY
    (picture,) = [row for row in robin.rows(Outbox) if row.figures]
    assert picture.figures["figures"]["ending"] == "2026-11-29"
    assert "1 of" in picture.text


def test_a_summary_two_days_late_is_not_sent(world: World) -> None:
    robin = world.person(**WALKS)
    world.play(berlin(29, "17:00"))
    robin.new()
    world.sleep_until(berlin(30, "12:00") + dt.timedelta(days=1))
    first, following = robin.dues("weekly")
    assert (first.status, first.reason) == ("not_sent", "late")
    assert following.local_date == SUNDAY + dt.timedelta(days=7)
    assert robin.rows(Week) == []


def test_the_summary_comes_even_where_a_check_in_stands(world: World) -> None:
    world.now = berlin(28, "12:00")
    robin = world.person(**{**WALKS, "dinner_time": "17:30"})
    world.play(berlin(29, "18:00"))
    assert robin.dues("walk")[-2].status == "asked"
    assert robin.dues("weekly")[0].status == "asked"


def test_asking_for_the_week_stores_nothing(world: World) -> None:
    robin = world.person(**WALKS)
    world.play(berlin(25, "12:00"))
    robin.say("/week")
    assert robin.rows(Week) == []


def test_last_weeks_figures_stand_beside_this_weeks(world: World) -> None:
    robin = a_week(world)
    robin.tap("Not today", robin.with_button("Not today"))
    world.play(berlin(29, "19:45") + dt.timedelta(days=7))
    later = walks_of(robin, SUNDAY + dt.timedelta(days=7))
    assert (later["last_done"], later["last_planned"]) == (2, 7)


def test_a_break_silences_the_summary(world: World) -> None:
    robin = world.person(**WALKS)
    robin.say("stop")
    robin.new()
    world.play(berlin(30, "12:00"))
    assert robin.new() == []
    assert robin.dues("weekly")[0].status == "not_sent"
