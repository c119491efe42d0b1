"""Draws the pictures in a process of its own, because matplotlib costs 90 MB and holds the interpreter.

The process starts on demand, ends when idle and with its parent, and gets nothing of the parent's environment.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from bot.coach.week import TrendPoint, WeekFigures
from bot.picture.sheet import Labels
from bot.picture.worker import JOB, LENGTH, Job

COMMAND = (sys.executable, "-m", "bot.picture.worker")
HOME = Path(__file__).resolve().parents[2]
PASSED_ON = ("PATH", "HOME", "TMPDIR", "MPLCONFIGDIR", "LANG")
"""What of the environment a drawing needs; the token and the database are not among it."""


class DrawingError(Exception):
    """The picture could not be drawn."""


class Painter:
    """Draws pictures in a process of its own, which ends after `idle_seconds` without work."""

    def __init__(self, idle_seconds: float = 60.0) -> None:
        self._idle_seconds = idle_seconds
        self._process: asyncio.subprocess.Process | None = None
        self._one_at_a_time = asyncio.Lock()
        self._timer: asyncio.TimerHandle | None = None
        self._ending: set[asyncio.Task[int]] = set()

    @property
    def running(self) -> bool:
        """Whether the process stands ready (and takes memory)."""
        return self._process is not None

    async def draw(self, figures: WeekFigures, trend: Sequence[TrendPoint], labels: Labels) -> bytes:
        """Return the picture as PNG. A process that was killed is replaced once; then DrawingError."""
        line = JOB.dump_json(Job(figures, tuple(trend), labels)) + b"\n"
        async with self._at_work():
            try:
                return await self._in_process(line)
            except (ConnectionError, asyncio.IncompleteReadError):
                await self._end()
            try:
                return await self._in_process(line)
            except (ConnectionError, asyncio.IncompleteReadError) as error:
                await self._end()
                raise DrawingError("the process that draws ended twice") from error

    async def close(self) -> None:
        """End the process and wait for it."""
        self._stop_timer()
        await self._end()
        await asyncio.gather(*self._ending)

    async def _in_process(self, line: bytes) -> bytes:
        if self._process is None:
            environment = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
            self._process = await asyncio.create_subprocess_exec(
                *COMMAND,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                env={**environment, "PYTHONPATH": str(HOME)},
                start_new_session=True,
            )
        to, back = self._process.stdin, self._process.stdout
        assert to is not None and back is not None  # noqa: S101, PT018 -- both are pipes
        to.write(line)
        await to.drain()
        length = int.from_bytes(await back.readexactly(LENGTH))
        if not length:
            raise DrawingError("the picture could not be drawn from these figures")
        return await back.readexactly(length)

    @asynccontextmanager
    async def _at_work(self) -> AsyncIterator[None]:
        async with self._one_at_a_time:
            self._stop_timer()
            try:
                yield
            except asyncio.CancelledError:
                await self._end()  # half an answer may stand in its pipe
                raise
            finally:
                self._timer = asyncio.get_running_loop().call_later(self._idle_seconds, self._release)

    def _release(self) -> None:
        process, self._process = self._process, None
        if process is not None and process.stdin is not None:
            process.stdin.close()  # it ends with its input
            task = asyncio.create_task(process.wait())
            self._ending.add(task)
            task.add_done_callback(self._ending.discard)

    async def _end(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
