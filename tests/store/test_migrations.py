"""Migrations go up and down with rows in them, on both databases, and the models say what they make."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import func, inspect, select, text
from sqlalchemy.orm import Session

from bot.settings import HOME
from bot.store.database import ONE_AT_A_TIME, Database, alembic_config, migrate
from bot.store.tables import Table
from tests.conftest import new_postgres
from tests.store.batch import add_and_drop_a_column
from tests.store.rows import fill, tables


@pytest.fixture
def opened(empty_url: str) -> Iterator[Database]:
    found = Database(empty_url)
    yield found
    found.close()


def revisions() -> list[str]:
    """Oldest first."""
    script = ScriptDirectory.from_config(alembic_config("sqlite://"))
    return [one.revision for one in script.walk_revisions()][::-1]


def counts(database: Database) -> dict[str, int]:
    def look(session: Session) -> dict[str, int]:
        return {t.__tablename__: session.scalar(select(func.count()).select_from(t)) or 0 for t in tables()}

    return database.work(look)


def names(database: Database) -> set[str]:
    return set(inspect(database.engine).get_table_names()) - {"alembic_version"}


def broken(database: Database) -> list[Any]:
    """Rows without their parent; PostgreSQL allows none."""
    if not database.sqlite:
        return []
    return database.work(lambda s: list(s.connection().exec_driver_sql("PRAGMA foreign_key_check")))


def test_there_is_one_head() -> None:
    assert len(ScriptDirectory.from_config(alembic_config("sqlite://")).get_heads()) == 1


def test_every_step_of_the_stairway_goes_up_down_and_up(empty_url: str, opened: Database) -> None:
    config = alembic_config(empty_url)
    below = "base"
    for revision in revisions():
        command.upgrade(config, revision)
        above = names(opened)
        command.downgrade(config, below)
        command.upgrade(config, revision)
        assert names(opened) == above
        below = revision
    assert names(opened) == set(Table.metadata.tables)
    command.downgrade(config, "base")
    assert not names(opened)


def test_models_and_migrations_do_not_drift_apart(empty_url: str) -> None:
    migrate(empty_url)
    command.check(alembic_config(empty_url))


def test_migrating_twice_changes_nothing_and_keeps_every_row(empty_url: str, opened: Database) -> None:
    migrate(empty_url)
    opened.work(fill)
    before = counts(opened)
    assert all(before.values()), "a table without a row proves nothing"
    migrate(empty_url)
    assert counts(opened) == before


def migrating(url: str) -> subprocess.Popen[bytes]:
    """A process that starts, as far as its database goes."""
    code = f"from bot.store.database import migrate; migrate({url!r})"
    return subprocess.Popen([sys.executable, "-c", code], cwd=HOME, stderr=subprocess.PIPE)


def test_processes_that_start_at_once_leave_whole_tables(empty_url: str, opened: Database) -> None:
    at_once = [migrating(empty_url) for _ in range(3)]
    assert [process.communicate()[1] for process in at_once] == [b""] * 3
    assert [process.returncode for process in at_once] == [0] * 3
    assert names(opened) == set(Table.metadata.tables)


def test_on_postgresql_one_migrates_while_the_others_wait(postgres: str) -> None:
    url = new_postgres(postgres)
    database = Database(url)
    waiting = text("select count(*) from pg_locks where locktype = 'advisory' and not granted")
    with database.engine.connect() as first:
        first.execute(text(f"select pg_advisory_lock({ONE_AT_A_TIME})"))
        first.commit()
        second = migrating(url)
        while not database.work(lambda session: session.scalar(waiting)):
            assert second.poll() is None
        assert not names(database)
        first.execute(text(f"select pg_advisory_unlock({ONE_AT_A_TIME})"))
        first.commit()
        assert second.communicate()[1] == b""
    assert names(database) == set(Table.metadata.tables)
    database.close()


def test_down_and_up_works_with_rows_in_every_table(empty_url: str, opened: Database) -> None:
    migrate(empty_url)
    opened.work(fill)
    config = alembic_config(empty_url)
    *earlier, newest = ["base", *revisions()]
    command.downgrade(config, earlier[-1])
    command.upgrade(config, newest)
    opened.work(lambda session: fill(session, 7002))
    assert all(counts(opened).values())
    assert counts(opened)["answer"] == 2, "what both steps know is kept"
    command.downgrade(config, "base")
    command.upgrade(config, newest)
    opened.work(fill)
    assert all(counts(opened).values())
    assert broken(opened) == []


def test_a_table_made_anew_keeps_what_hangs_on_it(empty_url: str, opened: Database, tmp_path: Path) -> None:
    """Batch mode makes the parent of all tables anew: with foreign keys on, that deletes every child."""
    migrate(empty_url)
    opened.work(fill)
    before = counts(opened)
    add_and_drop_a_column(empty_url, tmp_path)
    assert counts(opened) == before
    assert broken(opened) == []


def test_what_belongs_to_a_person_goes_with_the_person(empty_url: str, opened: Database) -> None:
    migrate(empty_url)
    opened.work(fill)
    assert broken(opened) == []
    opened.work(lambda session: session.execute(Table.metadata.tables["person"].delete()))
    kept = {name for name, count in counts(opened).items() if count}
    assert kept == {"group_chat", "update_seen", "failed_update", "inbox", "lease"}
