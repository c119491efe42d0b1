"""Kills the real process again and again while people answer, and counts what was lost: `make chaos`."""

from __future__ import annotations

import argparse
import asyncio
import datetime as dt
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, func, select, text, update
from sqlalchemy.orm import Session

from bot.store.database import Database, migrate
from bot.store.tables import Due, Inbox, Outbox
from bot.trial.webhook import chat_of
from tests.chaos.judge import WINDOWS, violations, windows
from tests.chaos.people import Walker, seed
from tests.chaos.stage import Aim, Stage, Transport
from tests.conftest import new_postgres, postgres_server, shipped

SETTLES_IN = 60.0
"""Seconds that everything has to settle after the last start."""


@dataclass
class Result:
    """What a run showed."""

    kills: int
    seconds: float = 0.0
    inputs: Counter[str] = field(default_factory=Counter)
    hit: Counter[str] = field(default_factory=Counter)
    shown: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)


async def chaos(
    folder: Path,
    database_url: str,
    transport: Transport,
    kills: int,
    people: int,
    sleepers: int,
    chance: random.Random,
    calm: float = 0.0,
) -> Result:
    """Kills the coach so often while so many people answer; then lets it settle and looks."""
    result, began, library = Result(kills), time.monotonic(), shipped()
    migrate(database_url)
    database, beside = Database(database_url), create_engine(database_url)
    async with Stage(folder, database_url, transport).open() as stage:
        awake, asleep = seed(database, stage.server, people, sleepers, span=kills * 2.5 + 3)
        look = more_to_come(beside, stage)
        walkers = [Walker(stage.server, library, look, chat, random.Random(chance.random())) for chat in awake]
        over = asyncio.Event()
        at_work = [asyncio.create_task(walk_on(walker, over)) for walker in walkers]
        await stage.start()
        for number in range(kills):
            await stage.kill_at(Aim.at_random(chance, transport))
            result.hit.update(windows(database, stage.server))
            if number == kills - 1:
                database.work(_all_due_now)
            await stage.start()
        await asyncio.sleep(calm)
        over.set()
        await asyncio.gather(*at_work)
        await settled(database, stage, walkers)
        result.wrong = [*violations(database, stage.server, walkers, asleep, kills), *unhandled(stage)]
        result.inputs.update(done.kind for walker in walkers for done in walker.done)
        result.shown.update(database.work(_fates))
    database.close()
    beside.dispose()
    result.seconds = time.monotonic() - began
    return result


def more_to_come(engine: Engine, stage: Stage) -> Callable[[int], bool]:
    """Looks without a lock, beside the coach."""
    statement = text("select count(*) from outbox where chat_id = :chat and status in ('waiting', 'sending')")

    def look(chat_id: int) -> bool:
        with engine.connect() as connection:
            unsent = connection.execute(statement, {"chat": chat_id}).scalar_one()
        return bool(unsent) or any(chat_of(update) == chat_id for update in stage.server.state.updates.pending)

    return look


async def walk_on(walker: Walker, over: asyncio.Event) -> None:
    while not over.is_set():
        if walker.waiting():
            await asyncio.sleep(0.02)
        else:
            await walker.act()
            await asyncio.sleep(walker.chance.uniform(0, 0.3))


def _all_due_now(session: Session) -> None:
    """What is planned for later than the last kill is asked after it."""
    now = dt.datetime.now(dt.UTC)
    session.execute(update(Due).where(Due.fixed, Due.status == "planned", Due.due_at > now).values(due_at=now))


async def settled(database: Database, stage: Stage, walkers: list[Walker]) -> None:
    """Waits until nothing is under way, or long enough."""
    until = time.monotonic() + SETTLES_IN
    while time.monotonic() < until:
        under_way = stage.server.state.updates.pending or any(walker.waiting() for walker in walkers)
        if not under_way and not database.work(_open):
            return
        await asyncio.sleep(0.1)


def _open(session: Session) -> int:
    messages = session.scalar(select(func.count()).where(Outbox.status.in_(("waiting", "sending")))) or 0
    updates = session.scalar(select(func.count()).select_from(Inbox)) or 0
    return messages + updates + (session.scalar(select(func.count()).where(Due.fixed, Due.status == "planned")) or 0)


def _fates(session: Session) -> dict[str, int]:
    """What became of messages and check-ins, and how many messages were sent a second time."""
    found = {f"message {status}": n for status, n in session.execute(_by(Outbox.status))}
    found |= {f"check-in {status}": n for status, n in session.execute(_by(Due.status).where(Due.fixed))}
    return found | {"repeated": session.scalar(select(func.count()).where(Outbox.attempts > 1)) or 0}


def _by(column: Any) -> Any:
    return select(column, func.count()).group_by(column)


def unhandled(stage: Stage) -> list[str]:
    """Errors in the coach's own log; what is cut off by a kill writes nothing."""
    lines = stage.log.read_text(errors="replace").splitlines()
    return [f"the log says: {line}" for line in lines if "Traceback" in line or " ERROR " in line][:5]


@contextmanager
def database_at(kind: str, folder: Path) -> Iterator[str]:
    if kind == "sqlite":
        yield f"sqlite:///{folder / 'coach.db'}"
        return
    with postgres_server() as server:
        yield new_postgres(server)


def main() -> int:
    """Runs the combinations one after the other; 1 when anything was lost, doubled or late."""
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--people", type=int, default=30)
    parser.add_argument("--sleepers", type=int, default=None, help="people with one check-in each; two a kill")
    parser.add_argument("--transport", choices=["polling", "webhook"], action="append")
    parser.add_argument("--database", choices=["sqlite", "postgresql"], action="append")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--calm", type=float, default=0.0, help="seconds without a kill at the end")
    given = parser.parse_args()
    wrong = 0
    for transport in given.transport or ["polling", "webhook"]:
        for kind in given.database or ["sqlite", "postgresql"]:
            with tempfile.TemporaryDirectory(prefix="chaos") as name, database_at(kind, Path(name)) as url:
                sleepers = 2 * given.kills if given.sleepers is None else given.sleepers
                chance = random.Random(given.seed)
                run = chaos(Path(name), url, transport, given.kills, given.people, sleepers, chance, given.calm)
                result = asyncio.run(run)
            sys.stdout.write(report(f"{transport}, {kind}", result))
            sys.stdout.flush()
            wrong += len(result.wrong)
    return 1 if wrong else 0


def report(title: str, result: Result) -> str:
    """A few lines on a run."""
    lines = [
        f"{title}: {result.kills} kills in {result.seconds:.0f} s",
        "  kills " + ", ".join(f"{window}: {result.hit[window]}" for window in WINDOWS),
        "  inputs " + ", ".join(f"{kind}: {n}" for kind, n in sorted(result.inputs.items())),
        "  " + ", ".join(f"{what}: {n}" for what, n in sorted(result.shown.items())),
        f"  wrong: {len(result.wrong)}",
        *(f"    {line}" for line in result.wrong[:20]),
    ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.exit(main())
