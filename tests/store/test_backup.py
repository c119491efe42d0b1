"""A copy made while the coach writes is whole, and brings everything back."""

from __future__ import annotations

import shutil
import sqlite3
import stat
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import func, select

from bot.store.backup import BackupError, backup
from bot.store.database import Database, migrate
from bot.store.tables import Answer, Person, Walk
from tests.store.rows import fill


@pytest.fixture
def url(tmp_path: Path) -> str:
    found = f"sqlite:///{tmp_path}/data/uptake.db"
    migrate(found)
    return found


@pytest.fixture
def running(url: str) -> Iterator[Database]:
    database = Database(url)
    yield database
    database.close()


def test_a_copy_made_while_it_is_written_to_is_whole(url: str, running: Database, tmp_path: Path) -> None:
    running.work(fill)
    copies = [tmp_path / f"copy{n}.db" for n in range(3)]
    stop = threading.Event()
    chats = iter(range(8000, 100_000))

    def write() -> None:
        while not stop.is_set():
            running.work(lambda session: fill(session, next(chats)))

    writer = threading.Thread(target=write)
    writer.start()
    for copy in copies:
        backup(url, copy)
    stop.set()
    writer.join()
    for copy in copies:
        with closing(sqlite3.connect(copy)) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
            people, walks = (connection.execute(f"select count(*) from {t}").fetchone() for t in ("person", "walk"))
            assert people == walks != (0,), "a transaction is in the copy as a whole or not at all"


def test_a_copy_is_a_database_to_go_on_with(url: str, running: Database, tmp_path: Path) -> None:
    running.work(fill)
    backup(url, tmp_path / "copy.db")
    restored = f"sqlite:///{tmp_path}/copy.db"
    migrate(restored)
    database = Database(restored)
    person = database.work(lambda session: session.scalars(select(Person)).one())
    answer = database.work(lambda session: session.scalars(select(Answer)).one())
    assert (person.chat_id, answer.typed) == (7001, "15")
    database.work(lambda session: fill(session, 7002))
    assert database.work(lambda session: session.scalar(select(func.count()).select_from(Walk))) == 2
    database.close()


def test_restoring_as_the_manual_says_brings_the_copy_back_and_nothing_of_the_old_file(
    url: str, running: Database, tmp_path: Path
) -> None:
    running.work(fill)
    backup(url, tmp_path / "copy.db")
    running.work(lambda session: fill(session, 7002))
    running.close()
    data = tmp_path / "data"
    (tmp_path / "away").mkdir()
    for file in list(data.iterdir()):  # the write-ahead log and its index belong to the old file
        file.rename(tmp_path / "away" / file.name)
    shutil.copy(tmp_path / "copy.db", data / "uptake.db")
    (data / "uptake.db").chmod(0o600)
    migrate(url)
    database = Database(url)
    assert database.work(lambda session: [person.chat_id for person in session.scalars(select(Person))]) == [7001]
    database.work(lambda session: fill(session, 7003))
    database.close()


def test_a_copy_is_the_owners_alone(url: str, tmp_path: Path) -> None:
    backup(url, tmp_path / "copy.db")
    assert stat.S_IMODE((tmp_path / "copy.db").stat().st_mode) == 0o600


def test_a_copy_never_overwrites(url: str, tmp_path: Path) -> None:
    (tmp_path / "copy.db").write_text("the last backup")
    with pytest.raises(BackupError, match="name a new file"):
        backup(url, tmp_path / "copy.db")
    assert (tmp_path / "copy.db").read_text() == "the last backup"


def test_without_a_database_there_is_nothing_to_copy(tmp_path: Path) -> None:
    with pytest.raises(BackupError, match="run the coach first"):
        backup(f"sqlite:///{tmp_path}/none.db", tmp_path / "copy.db")
    assert not (tmp_path / "none.db").exists()


def test_postgresql_has_its_own_way(tmp_path: Path) -> None:
    with pytest.raises(BackupError, match="pg_dump"):
        backup("postgresql://someone@somewhere/uptake", tmp_path / "copy.db")
