"""Three real processes on one PostgreSQL: one leads, and another takes over when it is killed, hangs or stops."""

from __future__ import annotations

import asyncio
import datetime as dt
import random
import signal
import sys
import time
from pathlib import Path

from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session

from bot.store import people
from bot.store.database import Database, migrate
from bot.trial.limits import RateLimit
from tests.chaos.__main__ import more_to_come, settled, unhandled, walk_on
from tests.chaos.judge import violations
from tests.chaos.people import Walker, check_in, seed
from tests.chaos.stage import Stage
from tests.conftest import new_postgres, shipped

TAKES_OVER_IN = 60.0
"""Seconds, for a machine that does much else: on a quiet one it takes about ten, as the lease promises."""


class Replicas:
    """The processes, and what is asked of them."""

    def __init__(self, first: Stage, database: Database, asleep: list[int]) -> None:
        self.stages = [first, first.replica(), first.replica()]
        self.database = database
        self.server = first.server
        self.asleep = asleep
        self._next = iter(asleep)

    async def start(self) -> None:
        for stage in self.stages:
            await stage.start()
        self.server.state.updates.replicas = [stage.target for stage in self.stages]

    def leader(self) -> Stage:
        """The process that holds the lease."""
        query = text("select holder from lease where until > clock_timestamp()")
        holder = self.database.work(lambda session: str(session.scalar(query)))
        return next(stage for stage in self.stages if f":{stage.port}#" in holder)

    async def asked(self) -> float:
        """Lets a check-in of someone fall due now; the seconds until it reached them."""
        chat_id, began = next(self._next), time.monotonic()

        def due(session: Session) -> None:
            person = people.by_chat(session, chat_id)
            assert person is not None
            session.add(check_in(person, dt.datetime.now(dt.UTC)))

        self.database.work(due)
        with self.server.state.events.subscription() as happenings:
            while not any(message.from_bot for message in self.server.messages(chat_id)):
                await anext(happenings)
        return time.monotonic() - began


async def test_another_replica_takes_over_and_nothing_is_lost_or_doubled(tmp_path: Path, postgres: str) -> None:
    url = new_postgres(postgres)
    migrate(url)
    database, beside = Database(url), create_engine(url)
    limit = RateLimit(time.monotonic, per_chat=1000, burst=1000)  # for the bot as a whole: thirty a second
    first = Stage(tmp_path, url, "webhook", rate_limit=limit)
    async with first.open(), asyncio.timeout(120):
        awake, asleep = seed(database, first.server, walkers=6, sleepers=4, span=0)
        replicas = Replicas(first, database, asleep)
        look = more_to_come(beside, first)
        library = shipped()
        walkers = [Walker(first.server, library, look, chat, random.Random(chat)) for chat in awake]
        over = asyncio.Event()
        try:
            await replicas.start()
            at_work = [asyncio.create_task(walk_on(walker, over)) for walker in walkers]
            usual = await replicas.asked()

            killed = replicas.leader()
            await killed.kill()
            after_a_kill = await replicas.asked()
            await killed.start()

            hung = replicas.leader()
            assert hung.process is not None
            hung.process.send_signal(signal.SIGSTOP)
            after_a_hang = await replicas.asked()
            hung.process.send_signal(signal.SIGCONT)

            stopped = replicas.leader()
            assert stopped is not hung
            assert stopped.process is not None
            stopped.process.send_signal(signal.SIGTERM)
            await stopped.process.wait()
            after_a_stop = await replicas.asked()
            await stopped.start()

            over.set()
            await asyncio.gather(*at_work)
            await settled(database, first, walkers)
        finally:
            for stage in replicas.stages:
                await stage.kill()
        assert violations(database, first.server, walkers, asleep, kills=1) == []
        # what hung may find its connections cut, and says so; nothing may be unexpected
        assert [line for line in unhandled(first) if "Traceback" in line] == []
        assert [one for one in first.server.refusals if one.code == 429] == []
        assert sum(len(walker.done) for walker in walkers) > 10
    sys.stdout.write(
        f"seconds to a check-in: {usual:.1f}; after the leader's death {after_a_kill:.1f}, "
        f"while it hangs {after_a_hang:.1f}, after its stop {after_a_stop:.1f}\n"
    )
    assert max(after_a_kill, after_a_hang, after_a_stop) < TAKES_OVER_IN
    database.close()
    beside.dispose()
