"""The real process on a machine whose wall clock jumps: noticed in seconds, nothing late, nothing twice."""

from __future__ import annotations

import asyncio
import datetime as dt
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.orm import Session

from bot import planning
from bot.knowledge import Coach, Knowledge
from bot.store.database import Database, migrate
from bot.store.tables import Due
from tests.chaos.stage import Stage
from tests.conftest import shipped
from tests.turns.chat import SAFE, agreed

FAKETIME = next(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"), None)
HOUR = dt.timedelta(hours=1)


class Wall:
    """The coach's wall clock: the real one, and an offset in a file that its process looks at."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "offset"
        self.offset = dt.timedelta()
        self.jump(dt.timedelta())

    def jump(self, by: dt.timedelta) -> None:
        self.offset += by
        beside = self._file.with_suffix(".new")
        beside.write_text(f"{self.offset.total_seconds():+.0f}")
        beside.rename(self._file)

    def now(self) -> dt.datetime:
        return dt.datetime.now(dt.UTC) + self.offset

    @property
    def environment(self) -> dict[str, str]:
        return {
            "LD_PRELOAD": str(FAKETIME),
            "FAKETIME_TIMESTAMP_FILE": str(self._file),
            "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        }


async def soon(what: Callable[[], bool], seconds: float = 120.0) -> float:
    """Waits until it is so; how long that took. Fails when it does not become so at all."""
    began = time.monotonic()
    while not what():
        assert time.monotonic() - began < seconds
        await asyncio.sleep(0.05)
    return time.monotonic() - began


def plan(database: Database, chat_id: int, now: dt.datetime, meal: dt.datetime) -> int:
    """Someone with a walk after a lunch at this time of each day, in UTC; their number."""
    facts = {**SAFE, "zone": "UTC", "walk_on": True, "walk_meals": ["lunch"], "lunch_time": f"{meal:%H:%M}"}
    coach = Coach(library=shipped(), operator="Ada", contact="ada@example.org", bot_id=1)

    def unit(session: Session) -> int:
        person = agreed(session, chat_id, now, 24 * HOUR, facts)
        planning.replan(session, Knowledge(coach, session, person, now))
        return person.id

    return database.work(unit)


def statuses(engine: Engine) -> list[str]:
    with engine.connect() as connection:
        return list(connection.execute(text("select status from due where habit = 'walk' order by due_at")).scalars())


@pytest.mark.skipif(
    FAKETIME is None and not os.environ.get("CI"), reason="libfaketime is missing: apt-get install faketime"
)
async def test_the_process_notices_when_its_clock_jumps(tmp_path: Path) -> None:
    assert FAKETIME is not None
    url = f"sqlite:///{tmp_path}/coach.db"
    migrate(url)
    database, beside = Database(url), create_engine(url)
    stage, wall = Stage(tmp_path, url, "polling"), Wall(tmp_path)
    stage.environment = wall.environment
    async with stage.open():
        robin = stage.server.add_person("Robin")
        lunch = wall.now() + HOUR
        number = plan(database, robin, wall.now(), lunch)
        await stage.start()
        assert statuses(beside) == ["planned"]

        wall.jump(48 * HOUR)  # a laptop that slept two days
        forward = await soon(lambda: statuses(beside) == ["not_sent", "not_sent", "planned"])
        assert not any(message.from_bot for message in stage.server.messages(robin))

        wall.jump(-2 * HOUR)  # and a clock that was set back
        at = wall.now() + dt.timedelta(seconds=1)
        database.work(lambda session: session.add(_due(number, at)))
        back = await soon(lambda: "asked" in statuses(beside))
        await soon(lambda: any(message.from_bot for message in stage.server.messages(robin)))

        wall.jump(24 * HOUR)  # over the check-in of the third day
        again = await soon(lambda: statuses(beside).count("not_sent") == 3)
        assert len([message for message in stage.server.messages(robin) if message.from_bot]) == 1
    sys.stdout.write(f"seconds until noticed: {forward:.1f}, {back:.1f}, {again:.1f}\n")
    database.close()
    beside.dispose()


def _due(person_id: int, at: dt.datetime) -> Due:
    return Due(
        person_id=person_id,
        script="walk",
        habit="walk",
        slot="lunch",
        local_date=at.date() - dt.timedelta(days=30),  # a day of its own
        due_at=at,
        useful_until=at + HOUR,
        closes_at=at + 100 * HOUR,
        status="planned",
        priority=60,
        reply=True,
        fixed=True,
    )
