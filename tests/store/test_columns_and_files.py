"""Instants are aware and in UTC, nothing that two write at once is lost, and the file is its owner's alone."""

from __future__ import annotations

import datetime as dt
import stat
import threading
from collections.abc import Callable
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import StatementError
from sqlalchemy.orm import Session

from bot.store.database import Database, migrate
from bot.store.tables import Person
from tests.store.rows import NOW, fill


def test_an_aware_instant_comes_back_as_the_same_instant_in_utc(database: Database) -> None:
    tokyo = dt.datetime(2026, 11, 23, 9, 0, 0, 123456, tzinfo=ZoneInfo("Asia/Tokyo"))
    database.work(lambda session: session.add(Person(chat_id=1, created_at=tokyo)))
    found = database.work(lambda session: session.scalars(select(Person)).one())
    assert found.created_at == tokyo
    assert found.created_at.tzinfo is dt.UTC


def test_instants_of_several_zones_compare_rightly_in_the_database(database: Database) -> None:
    early = dt.datetime(2026, 11, 23, 9, 0, tzinfo=ZoneInfo("Asia/Tokyo"))  # midnight in UTC
    database.work(lambda session: session.add(Person(chat_id=1, created_at=early)))
    at = dt.datetime(2026, 11, 22, 20, 0, tzinfo=ZoneInfo("America/New_York"))  # one in the morning in UTC
    found = database.work(lambda session: session.scalars(select(Person).where(Person.created_at < at)).all())
    assert len(found) == 1


def test_a_naive_instant_never_reaches_the_database(database: Database) -> None:
    naive = dt.datetime(2026, 11, 23, 9, 0)  # noqa: DTZ001 -- the mistake under test
    with pytest.raises(StatementError, match="naive"):
        database.work(lambda session: session.add(Person(chat_id=1, created_at=naive)))
    with pytest.raises(StatementError, match="naive"):
        database.work(lambda session: session.scalars(select(Person).where(Person.created_at < naive)).all())


def test_an_unknown_instant_stays_unknown(database: Database) -> None:
    database.work(lambda session: session.add(Person(chat_id=1, created_at=NOW)))
    assert database.work(lambda session: session.scalars(select(Person)).one()).consented_at is None


def test_a_unit_of_work_that_fails_leaves_nothing(database: Database) -> None:
    def half(session: Session) -> None:
        fill(session)
        raise OSError("the disk is full")

    with pytest.raises(OSError, match="disk"):
        database.work(half)
    assert database.work(lambda session: session.scalars(select(Person)).all()) == []


def together(works: list[Callable[[], object]]) -> None:
    threads = [threading.Thread(target=work) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_no_read_modify_write_is_lost(database: Database) -> None:
    """Two engines, as of two processes, read a number and write the next one, many times at once."""
    person = database.work(fill)
    other = Database(database.engine.url.render_as_string(hide_password=False))

    def one_more(session: Session) -> None:
        found = session.scalars(select(Person).where(Person.id == person.id).with_for_update()).one()
        found.consent_version = str(int(found.consent_version or 0) + 1)

    database.work(lambda session: session.execute(text("update person set consent_version = '0'")))
    together([lambda d=d: [d.work(one_more) for _ in range(20)] for d in (database, other)])  # type: ignore[misc]
    other.close()
    found = database.work(lambda session: session.scalars(select(Person)).one())
    assert found.consent_version == "40"


def test_the_sqlite_file_and_its_folder_are_the_owners_alone(tmp_path: Path) -> None:
    path = tmp_path / "data" / "uptake.db"
    migrate(f"sqlite:///{path}")
    database = Database(f"sqlite:///{path}")
    database.work(fill)
    modes = {one.name: stat.S_IMODE(one.stat().st_mode) for one in [path.parent, *path.parent.iterdir()]}
    database.close()
    assert modes.pop("data") == 0o700
    assert modes.pop("uptake.db") == 0o600
    assert set(modes.values()) <= {0o600}, "the write-ahead log holds the same records"


def test_a_file_that_others_could_read_is_closed_to_them(tmp_path: Path) -> None:
    path = tmp_path / "uptake.db"
    path.touch(0o644)
    migrate(f"sqlite:///{path}")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_commit_on_sqlite_is_on_disk_before_anyone_is_told(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/uptake.db")
    pragmas = database.work(
        lambda session: [
            session.connection().exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        ]
    )
    database.close()
    assert pragmas == ["wal", 2, 1]
