"""Lets ten thousand check-ins fall due in one minute while people write, and measures who waits: `make load`."""

from __future__ import annotations

import argparse
import asyncio
import datetime as dt
import random
import sys
import tempfile
import time
from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, func, insert, select
from sqlalchemy.orm import Session

from bot.check import check
from bot.library import Library
from bot.settings import HOME
from bot.store.database import Database, migrate
from bot.store.tables import Due, Fact, Person, UpdateSeen
from bot.trial.chats import Chat
from bot.trial.limits import RateLimit
from bot.trial.server import TelegramServer
from tests.chaos.__main__ import database_at, more_to_come
from tests.chaos.people import Walker, seed
from tests.chaos.stage import Stage, Transport
from tests.turns.chat import BERLIN, SAFE, WALKS

ROUND_TRIP = 0.05
LEAST_RATE = 29.0
LONGEST_WAIT = 0.3
"""Seconds within which 95 of 100 of those who write are answered."""
BEGINS_IN = 15
"""Seconds from the start until everyone's check-in is due."""
FIRST_SLEEPER = 50_000_000


@dataclass
class Seen:
    """What the server saw, in monotonic seconds."""

    check_ins: list[float] = field(default_factory=list)
    calls: list[float] = field(default_factory=list)
    twice: int = 0
    asked: set[int] = field(default_factory=set)
    since: dict[int, float] = field(default_factory=dict)
    """Of each person who waits, since when their update is there."""
    reactions: list[float] = field(default_factory=list)
    replies: list[float] = field(default_factory=list)
    at_flooder: list[float] = field(default_factory=list)


class Writer(Walker):
    """Someone who writes again soon after they were answered."""

    seen: Seen

    def _before(self) -> None:
        super()._before()
        self.seen.since[self.chat_id] = time.monotonic()


async def watch(server: TelegramServer, seen: Seen, flooder: int) -> None:
    """Notes when messages and edits take effect."""
    reacted: dict[int, float] = {}
    with server.state.events.subscription() as happenings:
        async for event in happenings:
            if event["kind"] != "message" or not event["message"].from_bot:
                continue
            now, chat, message = time.monotonic(), event["message"].chat_id, event["message"]
            seen.calls.append(now)
            if chat >= FIRST_SLEEPER:
                seen.twice += chat in seen.asked
                seen.asked.add(chat)
                seen.check_ins.append(now)
            elif chat == flooder:
                seen.at_flooder.append(now)
            elif (since := seen.since.get(chat)) is not None:
                if reacted.get(chat) != since:
                    reacted[chat] = since
                    seen.reactions.append(now - since)
                if not message.edited_at and message.id == server.state.chats[chat].last_message_id:
                    seen.replies.append(now - since)
                    del seen.since[chat]


def sleepers(database: Database, server: TelegramServer, count: int, at: dt.datetime) -> None:
    """People who agreed, each with a walk to be asked about at that minute."""
    now = dt.datetime.now(dt.UTC)
    facts = {**SAFE, **BERLIN, **WALKS}

    def unit(session: Session) -> None:
        agreed = {"consent": "agreed", "consent_version": "test", "consented_at": now - dt.timedelta(days=9)}
        people = [
            {"chat_id": FIRST_SLEEPER + n, "created_at": now, "reachable": True, "paused": False, **agreed}
            for n in range(count)
        ]
        session.execute(insert(Person), people)
        ids = session.scalars(select(Person.id).where(Person.chat_id >= FIRST_SLEEPER)).all()
        rows = [
            {"person_id": number, "name": name, "value": value, "words": str(value), "at": now}
            for number in ids
            for name, value in facts.items()
        ]
        session.execute(insert(Fact), rows)
        session.execute(insert(Due), [_due(number, at) for number in ids])

    database.work(unit)
    for n in range(count):
        server.state.chats[FIRST_SLEEPER + n] = Chat(FIRST_SLEEPER + n, "private", f"Sleeper {n}")


def _due(person_id: int, at: dt.datetime) -> dict[str, Any]:
    return {
        "person_id": person_id,
        "script": "walk",
        "habit": "walk",
        "slot": "dinner",
        "local_date": at.date(),
        "due_at": at,
        "useful_until": at + dt.timedelta(hours=1),
        "closes_at": at + dt.timedelta(days=1),
        "status": "planned",
        "priority": 60,
        "reply": True,
        "fixed": False,
    }


async def load(
    folder: Path, url: str, transport: Transport, people: int, writers: int, flood: int, library: Library
) -> tuple[Seen, dict[str, Any]]:
    """Runs until every check-in has left; what was seen, and figures of the process."""
    migrate(url)
    database, beside = Database(url), create_engine(url)
    limit = RateLimit(time.monotonic)
    stage = Stage(folder, url, transport, rate_limit=limit, round_trip=ROUND_TRIP)
    seen = Seen()
    async with stage.open():
        server = stage.server
        at = dt.datetime.now(dt.UTC) + dt.timedelta(seconds=BEGINS_IN)
        sleepers(database, server, people, at)
        awake, _ = seed(database, server, writers + 1, 0, 1)
        *awake, flooder = awake
        look = more_to_come(beside, stage)
        at_work = [asyncio.create_task(watch(server, seen, flooder))]
        await stage.start()
        process = stage.process
        assert process is not None
        for chat in awake:
            writer = Writer(server, library, look, chat, random.Random(chat))
            writer.seen = seen
            at_work.append(asyncio.create_task(_write(writer)))
        while len(seen.asked) < people // 10:  # noqa: ASYNC110 -- the figures are looked at, nothing waits for it
            await asyncio.sleep(0.1)
        flooded = [server.type(flooder, f"message {n}") for n in range(flood)]
        while len(seen.asked) < people or _handled(beside) < flood:  # noqa: ASYNC110
            await asyncio.sleep(0.5)
        figures = {**_process(process.pid), "refused": Counter(one.code for one in server.refusals)}
        figures["flooded"] = len(flooded)
        for task in at_work:
            task.cancel()
        await asyncio.gather(*at_work, return_exceptions=True)
    database.close()
    beside.dispose()
    return seen, figures


async def _write(writer: Writer) -> None:
    while True:
        if writer.waiting():
            await asyncio.sleep(0.02)
        else:
            await asyncio.sleep(writer.chance.uniform(1, 3))
            await writer.act()


def _handled(beside: Engine) -> int:
    with beside.connect() as connection:
        return connection.execute(select(func.count()).select_from(UpdateSeen)).scalar_one()


def _process(pid: int) -> dict[str, float]:
    """CPU seconds and the largest size in MB of a process that still runs."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    status = Path(f"/proc/{pid}/status").read_text()
    peak = int(status.partition("VmHWM:")[2].split()[0]) / 1024
    return {"cpu": (int(fields[11]) + int(fields[12])) / 100, "mb": peak}


def at(values: list[float], share: float) -> float:
    """A quantile; nan of nothing."""
    return sorted(values)[min(len(values) - 1, int(share * len(values)))] if values else float("nan")


def report(seen: Seen, figures: dict[str, Any], people: int) -> tuple[str, list[str]]:
    """A few lines, and what misses the aim."""
    first, last = min(seen.check_ins), max(seen.check_ins)
    during = [call for call in seen.calls if first <= call <= last]
    seconds = last - first
    tens = Counter(int((call - first) // 10) for call in during)
    slowest = min((tens[n] / 10 for n in range(int(seconds // 10))), default=float("nan"))
    rate = (len(during) - 1) / seconds if seconds else float("nan")
    quantiles = [
        f"  {name}: "
        + ", ".join(f"p{share * 100:.0f} {at(values, share) * 1000:.0f} ms" for share in (0.5, 0.95, 0.99))
        + f", longest {max(values, default=float('nan')) * 1000:.0f} ms, of {len(values)}"
        for name, values in (("first sign", seen.reactions), ("reply", seen.replies))
    ]
    lines = [
        f"{len(seen.asked)} of {people} check-ins in {seconds:.0f} s: {len(seen.check_ins) / seconds:.2f} a second; "
        f"with replies and edits {rate:.2f}, in the slowest ten seconds {slowest:.1f}",
        f"  refused: {dict(figures['refused'])}, twice: {seen.twice}",
        *quantiles,
        f"  the coach used {figures['cpu']:.1f} s of CPU and {figures['mb']:.0f} MB at most",
    ]
    if figures["flooded"]:
        lines.append(f"  a flood of {figures['flooded']} messages got {len(seen.at_flooder)} messages and edits")
    wrong = []
    if rate < LEAST_RATE:
        wrong.append(f"less than {LEAST_RATE:.0f} a second")
    if figures["refused"][429]:
        wrong.append("Telegram said 429")
    if seen.twice or len(seen.asked) != people:
        wrong.append("a check-in was asked twice or not at all")
    if seen.replies and at(seen.replies, 0.95) > LONGEST_WAIT:
        wrong.append("those who write waited too long")
    return "\n".join([*lines, f"  wrong: {', '.join(wrong) or 'nothing'}"]) + "\n", wrong


def main() -> int:
    """1 when an aim is missed."""
    parser = argparse.ArgumentParser(prog="python -m tests.load", description=__doc__)
    parser.add_argument("--people", type=int, default=10_000)
    parser.add_argument("--writers", type=int, default=20)
    parser.add_argument("--flood", type=int, default=0, help="messages that one person sends at once")
    parser.add_argument("--transport", choices=["polling", "webhook"], default="polling")
    parser.add_argument("--database", choices=["sqlite", "postgresql"], default="sqlite")
    given = parser.parse_args()
    library = check(HOME / "content")
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="load")))
        url = stack.enter_context(database_at(given.database, folder))
        run = load(folder, url, given.transport, given.people, given.writers, given.flood, library)
        text, wrong = report(*asyncio.run(run), given.people)
        log = (folder / "coach.log").read_text()
    sys.stdout.write(f"{given.transport}, {given.database}, {given.writers} writers: {text}{log[-2000:]}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
