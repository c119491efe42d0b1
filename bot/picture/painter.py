"""Draws the pictures in a process of its own, because matplotlib costs 90 MB and holds the interpreter.

The process starts on demand and ends when idle.
"""

from __future__ import annotations

import asyncio
import contextlib
import multiprocessing
import os
import signal
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import Any

from bot.coach.week import TrendPoint, WeekFigures
from bot.picture.sheet import Labels, paint


class Painter:
    """Draws pictures in a process of its own, which ends after `idle_seconds` without work."""

    def __init__(self, idle_seconds: float = 60.0) -> None:
        self._idle_seconds = idle_seconds
        self._pool: ProcessPoolExecutor | None = None
        self._drawing = 0
        self._timer: asyncio.TimerHandle | None = None

    @property
    def running(self) -> bool:
        """Whether the process stands ready (and takes memory)."""
        return self._pool is not None

    async def draw(self, figures: WeekFigures, trend: Sequence[TrendPoint], labels: Labels) -> bytes:
        """Return the picture as PNG. A process that was killed is replaced once; then BrokenProcessPool."""
        with self._at_work():
            try:
                return await self._in_process(figures, trend, labels)
            except BrokenProcessPool:
                return await self._in_process(figures, trend, labels)

    async def close(self) -> None:
        """End the process and wait for it."""
        self._stop_timer()
        pool, self._pool = self._pool, None
        if pool is not None:
            await asyncio.to_thread(pool.shutdown, wait=True, cancel_futures=True)

    async def _in_process(self, *what: Any) -> bytes:
        if self._pool is None:
            # Spawned, not forked: a fork would copy the threads' locks and the open database.
            context = multiprocessing.get_context("spawn")
            self._pool = ProcessPoolExecutor(1, mp_context=context, initializer=_begin)
        pool = self._pool
        try:
            return await asyncio.get_running_loop().run_in_executor(pool, paint, *what)
        except BrokenProcessPool:
            if self._pool is pool:
                self._release()
            raise

    @contextlib.contextmanager
    def _at_work(self) -> Iterator[None]:
        self._stop_timer()
        self._drawing += 1
        try:
            yield
        finally:
            self._drawing -= 1
            if not self._drawing:
                self._timer = asyncio.get_running_loop().call_later(self._idle_seconds, self._release)

    def _release(self) -> None:
        pool, self._pool = self._pool, None
        if pool is not None:
            pool.shutdown(wait=False)

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None


def _begin() -> None:
    """Start the process: Ctrl-C is the parent's to answer, and a parent that dies takes it along."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent,), daemon=True).start()


def _end_with(parent: multiprocessing.process.BaseProcess) -> None:
    parent.join()
    os._exit(0)
