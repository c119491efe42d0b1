"""The real process before our own Bot API server, to be killed and started again."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import os
import random
import socket
import sys
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from sqlalchemy import create_engine, text
from starlette.requests import Request
from starlette.responses import Response

from bot.settings import HOME
from bot.trial.server import TelegramServer
from bot.trial.serving import serve

TOKEN = "5000001:chaos"
Transport = Literal["polling", "webhook"]


class Watched(TelegramServer):
    """Tells whoever watches what the bot just called, before its effect and after it."""

    watcher: Callable[[str], None] = staticmethod(lambda moment: None)

    async def _worked_on(self, name: str, request: Request) -> Response:
        self.watcher(f"{name.lower()} arrived")
        response = await super()._worked_on(name, request)
        self.watcher(f"{name.lower()} took effect")
        return response


@dataclass
class Aim:
    """When to kill: so long after the bot did this, or after this long where `moment` is None."""

    moment: str | None
    delay: float

    @classmethod
    def at_random(cls, chance: random.Random, transport: Transport) -> Aim:
        """Half of the kills come at no special moment; the others where something is on its way."""
        moments: list[str | None] = [None, None, "sendmessage arrived", "sendmessage took effect"]
        moments += ["answercallbackquery arrived", "committed", "committed"]
        moments += ["getupdates took effect"] * 2 if transport == "polling" else [None, "editmessagetext arrived"]
        moment = chance.choice(moments)
        if moment is None:
            return cls(None, chance.uniform(0.05, 1.5))
        return cls(moment, chance.choice([0.0, chance.uniform(0, 0.005), chance.uniform(0, 0.04)]))


class Stage:
    """The server in this process, the coach in another."""

    def __init__(self, folder: Path, database: str, transport: Transport, **server: Any) -> None:
        self.server = Watched(TOKEN, lambda: dt.datetime.now(dt.UTC), webhook_retry_seconds=0.2, **server)
        self.folder = folder
        self.database = database
        self.transport = transport
        self.log = folder / "coach.log"
        self.port = _free_port()
        self.environment: dict[str, str] = {}
        """What the process is given beside its settings."""
        self.process: asyncio.subprocess.Process | None = None
        self.api = ""

    def replica(self) -> Stage:
        """Another process of the same coach, at an address of its own."""
        other = Stage(self.folder, self.database, self.transport)
        other.server, other.api = self.server, self.api
        return other

    @property
    def target(self) -> str:
        """Where updates are pushed to this process."""
        return f"http://127.0.0.1:{self.port}/telegram"

    @asynccontextmanager
    async def open(self) -> AsyncIterator[Stage]:
        async with serve(self.server.app) as (host, port):
            self.api = f"http://{host}:{port}"
            try:
                yield self
            finally:
                await self.kill()

    async def start(self) -> None:
        """Starts the coach and returns when it has asked Telegram for something beside its name."""
        pushed = {"WEBHOOK_URL": f"http://127.0.0.1:{self.port}", "WEBHOOK_SECRET": "let_me_in"}
        given = {
            "TELEGRAM_BOT_TOKEN": TOKEN,
            "TELEGRAM_API_URL": self.api,
            "OPERATOR_NAME": "Ada",
            "OPERATOR_CONTACT": "ada@example.org",
            "DATABASE_URL": self.database,
            "LISTEN": f"127.0.0.1:{self.port}",
            "LOG_LEVEL": "WARNING",
            **(pushed if self.transport == "webhook" else {}),
        }
        self.server.state.updates.handed_out.clear()
        up = asyncio.Event()
        ready = "getupdates arrived" if self.transport == "polling" else "setwebhook took effect"
        self.server.watcher = lambda moment: up.set() if moment == ready else None
        with self.log.open("ab") as log:
            self.process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                "bot",
                cwd=self.folder,
                env={"PATH": os.environ["PATH"], "PYTHONPATH": str(HOME), **given, **self.environment},
                stdout=log,
                stderr=log,
            )
        ended = asyncio.create_task(self.process.wait())
        begun = asyncio.create_task(up.wait())
        await asyncio.wait([ended, begun], return_when=asyncio.FIRST_COMPLETED, timeout=60)
        ended.cancel()
        begun.cancel()
        if not up.is_set():
            raise RuntimeError(f"the coach did not start:\n{self.log.read_text()[-3000:]}")

    async def kill_at(self, aim: Aim) -> None:
        """kill -9 at the moment aimed at, or two seconds later where it does not come."""
        due = asyncio.Event()
        loop = asyncio.get_running_loop()
        process = self.process
        assert process is not None

        def shoot() -> None:
            with contextlib.suppress(ProcessLookupError):  # shot already
                process.kill()
            due.set()

        def watch(moment: str) -> None:
            if moment != aim.moment or due.is_set():
                return
            self.server.watcher = lambda moment: None
            if aim.delay:
                loop.call_later(aim.delay, shoot)
            else:
                shoot()

        if aim.moment is None:
            loop.call_later(aim.delay, shoot)
        elif aim.moment == "committed":
            await asyncio.to_thread(self._at_a_commit, process.kill)
            due.set()
        else:
            self.server.watcher = watch
            loop.call_later(2.0, shoot)
        await due.wait()
        self.server.watcher = lambda moment: None
        await process.wait()
        await asyncio.sleep(0.02)  # what it sent before it died still arrives

    def _at_a_commit(self, shoot: Callable[[], None]) -> None:
        """Shoots as soon as one more update is marked as handled: before Telegram can be told, with some luck."""
        until, seen = time.monotonic() + 2, None
        engine = create_engine(self.database, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            while time.monotonic() < until:
                newest = connection.execute(text("select count(*) from update_seen")).scalar_one()
                if seen is not None and newest != seen:
                    break
                seen = newest
        shoot()
        engine.dispose()

    async def kill(self) -> None:
        if self.process and self.process.returncode is None:
            self.process.kill()
            await self.process.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
