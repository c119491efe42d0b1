"""Opens the database: SQLite by default, PostgreSQL for more than one machine; runs units of work in threads."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

from alembic import command
from alembic.config import Config
from sqlalchemy import Engine, create_engine, event, make_url
from sqlalchemy.orm import Session, sessionmaker

T = TypeVar("T")
ONE_AT_A_TIME = -5_000_001_000_000_000
"""PostgreSQL's lock of whoever migrates; no chat has this number."""
STOPPED_MS = 15_000
"""Milliseconds after which PostgreSQL ends a transaction of a process that stopped in it, and frees what it locked."""
MIGRATIONS = Path(__file__).resolve().parents[2] / "migrations"


def engine_for(url: str) -> Engine:
    """An engine whose write transactions cannot lose updates. Makes the folder of a SQLite file, owner only."""
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        return create_engine(
            parsed,
            pool_size=10,
            pool_pre_ping=True,
            hide_parameters=True,  # an error would quote what people wrote
            connect_args={"options": f"-c idle_in_transaction_session_timeout={STOPPED_MS}"},
        )
    if parsed.database and parsed.database != ":memory:":
        _private(Path(parsed.database))
    engine = create_engine(parsed, hide_parameters=True)

    @event.listens_for(engine, "connect")
    def _set_up(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves
        cursor = connection.cursor()
        for pragma in ("journal_mode=wal", "synchronous=full", "busy_timeout=5000", "foreign_keys=on"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        # a plain BEGIN lets two readers both go on to write what they read: one update is lost silently
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


def _private(path: Path) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    path.chmod(0o600)  # it may have come from elsewhere


def alembic_config(url: str) -> Config:
    """Alembic's settings without an ini file."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["url"] = url
    return config


def migrate(url: str, revision: str = "head") -> None:
    """Brings the database up to the newest tables."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite" and parsed.database:
        _private(Path(parsed.database))
    command.upgrade(alembic_config(url), revision)


class Database:
    """Units of work: each a function of a session, run in a thread, committed as a whole or not at all."""

    def __init__(self, url: str) -> None:
        self.engine = engine_for(url)
        self.sqlite = self.engine.dialect.name == "sqlite"
        self._sessions = sessionmaker(self.engine, expire_on_commit=False)
        # SQLite has one writer at a time anyway; one thread spares the waiting
        self._threads = ThreadPoolExecutor(1 if self.sqlite else 8, thread_name_prefix="store")

    def work(self, unit: Callable[[Session], T]) -> T:
        """Runs a unit of work here and now, in one transaction."""
        with self._sessions.begin() as session:
            return unit(session)

    async def run(self, unit: Callable[[Session], T]) -> T:
        """Runs a unit of work in a thread, in one transaction."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, self.work, unit)

    def close(self) -> None:
        self._threads.shutdown(wait=True)
        self.engine.dispose()
