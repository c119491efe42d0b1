"""The clock: what it takes in one tick, what it does with a check-in that fails, and that it notices jumps."""

from __future__ import annotations

import asyncio
import datetime as dt
from dataclasses import dataclass, field

import pytest
from sqlalchemy import insert, text
from sqlalchemy.orm import Session

from bot import scheduler
from bot.scheduler import AHEAD, TRIES
from bot.store import outbox
from bot.store.tables import Due, FailedUpdate, Outbox
from tests.turns.chat import MONDAY, WALKS, World, berlin


@dataclass
class Jumps:
    """Wall and steady time of a machine whose seconds bring these jumps of its wall clock."""

    world: World
    jumps: list[float]
    steady: float = 500.0
    wall: float = field(default_factory=MONDAY.timestamp)

    async def a_second(self) -> None:
        if not self.jumps:
            raise asyncio.CancelledError
        self.steady += 1
        self.wall += 1 + self.jumps.pop(0)
        self.world.now = dt.datetime.fromtimestamp(self.wall, dt.UTC)


def live(world: World, *jumps: float) -> None:
    """So many seconds with these jumps, with nothing but the watch to look at what is due."""
    machine = Jumps(world, list(jumps), wall=world.now.timestamp())
    watch = world._clock.watch_for_jumps(lambda: machine.wall, lambda: machine.steady, machine.a_second)
    with pytest.raises(asyncio.CancelledError):
        asyncio.run(watch)


def test_a_laptop_that_slept_two_days_finds_out_within_a_second_and_asks_nothing_late(world: World) -> None:
    robin = world.person(**WALKS)
    live(world, 0, 0, 48 * 3600)
    world.deliver()
    assert robin.messages == {}
    assert {(due.local_date.day, due.status) for due in robin.dues("walk")} == {(23, "not_sent")} | {
        (day, status) for day, status in ((24, "not_sent"), (25, "planned"))
    }


def test_a_clock_that_goes_back_is_noticed_too_and_nothing_is_asked_a_second_time(world: World) -> None:
    robin = world.person(**WALKS)
    world.play(berlin(23, "19:46"))
    live(world, 0, -7200, 0, 0)
    assert world.now < berlin(23, "18:00")
    world.play(berlin(23, "21:00"))
    assert len(robin.messages) == 1
    assert [due.local_date.day for due in robin.dues("walk", status="asked")] == [23]


def test_a_jump_while_another_is_being_dealt_with_is_noticed_too(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    machine = Jumps(world, [3600, 0, 0], wall=world.now.timestamp())

    async def a_tick_later() -> None:
        await machine.a_second()
        asyncio.get_running_loop().call_soon(jump)  # runs at the watch's next await: in the tick that follows a jump

    def jump() -> None:
        if len(machine.jumps) == 2:
            machine.wall -= 7200

    watch = world._clock.watch_for_jumps(lambda: machine.wall, lambda: machine.steady, a_tick_later)
    with pytest.raises(asyncio.CancelledError):
        asyncio.run(watch)
    assert "jumped by 3600 seconds" in caplog.text
    assert "jumped by -7200 seconds" in caplog.text


def test_a_clock_that_is_merely_set_right_is_no_jump(world: World, caplog: pytest.LogCaptureFixture) -> None:
    live(world, 0.2, -0.9, 1.2, 0)
    assert "jumped" not in caplog.text
    live(world, 3)
    assert "jumped by 3 seconds" in caplog.text


def test_a_tick_that_fails_does_not_end_the_watch(world: World, caplog: pytest.LogCaptureFixture) -> None:
    robin = world.person(**WALKS)
    world.work(lambda session: session.execute(text("alter table due rename to away")))
    live(world, 10.8 * 3600, 0)
    world.work(lambda session: session.execute(text("alter table away rename to due")))
    assert "could not do its work" in caplog.text
    live(world, 5)
    assert robin.dues("walk")[0].status == "asked"


def test_no_more_check_ins_stand_in_the_outbox_than_the_sender_can_keep_up_with(world: World) -> None:
    """The others wait where they are due: a person who writes is answered before them."""
    people = [world.person(8000 + n, **WALKS) for n in range(3)]

    def crowd(session: Session) -> None:
        rows = [
            {"chat_id": 9000 + n, "kind": "message", "text": "x", "buttons": [], "priority": outbox.CHECK_IN}
            | {"at": MONDAY, "not_before": MONDAY, "status": "waiting", "attempts": 0}
            for n in range(AHEAD - 2)
        ]
        session.execute(insert(Outbox), rows)

    world.work(crowd)
    world.now = berlin(23, "19:46")
    world.tick()
    assert [robin.dues("walk")[0].status for robin in people] == ["asked", "asked", "planned"]
    world.deliver()
    world.tick()
    assert [robin.dues("walk")[0].status for robin in people] == ["asked", "asked", "asked"]


def test_what_is_late_is_recorded_however_full_the_outbox_is(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scheduler, "AHEAD", 0)
    robin = world.person(**WALKS)
    world.now = berlin(23, "21:00")
    world.tick()
    assert robin.dues("walk")[0].status == "not_sent"


def test_a_check_in_that_fails_every_time_is_given_up_and_others_are_asked(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    robin, kim = world.person(7001, **WALKS), world.person(7002, **WALKS)
    world.work(
        lambda session: session.execute(
            text("""update fact set value = '"nonsense"' where name = 'dinner_time' and person_id = :robin"""),
            {"robin": robin.person.id},
        )
    )
    world.now = berlin(23, "19:46")
    for _ in range(TRIES + 2):
        world.tick()
    assert kim.dues("walk")[0].status == "asked"
    first = robin.dues("walk")[0]
    assert (first.status, first.reason) == ("not_sent", "failed")
    [kept] = world.rows(FailedUpdate)
    assert (kept.chat_id, kept.payload["check-in"], kept.reason) == (robin.id, "walk", "ValueError")
    assert caplog.text.count("could not be asked") == TRIES
    assert world.rows(Due, person_id=robin.person.id)
