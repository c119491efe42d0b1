"""Copies the SQLite database while the coach runs."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy import make_url


class BackupError(Exception):
    """The copy could not be made; the text says what to do instead."""


def backup(url: str, file: Path) -> None:
    """Writes a consistent copy with SQLite's online backup, readable by the owner alone."""
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite" or not parsed.database:
        raise BackupError("this copies SQLite only; for PostgreSQL use pg_dump")
    source = Path(parsed.database)
    if not source.exists():
        raise BackupError(f"there is no database at {source} yet; run the coach first")
    if file.exists():
        raise BackupError(f"{file} is there already; name a new file")
    os.close(os.open(file, os.O_CREAT | os.O_WRONLY | os.O_EXCL, 0o600))
    with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(file)) as new:
        old.backup(new)
