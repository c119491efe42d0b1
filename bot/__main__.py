"""The command line: run (the default), check, migrate, backup."""

from __future__ import annotations

import argparse
import datetime as dt
import sys
from pathlib import Path

from bot.settings import Settings, SettingsError, load


def main(arguments: list[str] | None = None) -> int:
    """Runs a command; returns the exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m bot", description="Uptake, a coach for muscle insulin sensitivity."
    )
    commands = parser.add_subparsers(dest="command")
    commands.add_parser("run", help="run the coach: on Telegram with a token, else on the trial page")
    check = commands.add_parser("check", help="list every mistake in the content")
    check.add_argument("--schema", action="store_true", help="write content/schema.json, for completion in an editor")
    check.add_argument("--guide", action="store_true", help="write the reference part of content/README.md")
    check.add_argument("--graph", action="store_true", help="draw every script into docs/conversations")
    commands.add_parser("migrate", help="bring the database up to date")
    backup = commands.add_parser("backup", help="copy the SQLite database while the coach runs")
    backup.add_argument("file", type=Path)
    given = parser.parse_args(arguments)
    try:
        settings = load()
    except SettingsError as error:
        return _fail(str(error))
    match given.command:
        case "check":
            return _check(settings, schema=given.schema, guide=given.guide, graph=given.graph)
        case "migrate":
            return _migrate(settings)
        case "backup":
            return _backup(settings, given.file)
        case _:
            return _run(settings)


def _run(settings: Settings) -> int:
    from bot import app
    from bot.library import ContentError

    try:
        return app.run(settings)
    except (ContentError, SettingsError) as error:
        return _fail(str(error))


def _check(settings: Settings, *, schema: bool, guide: bool, graph: bool) -> int:
    """Checks every language; what was asked for is written, the diagrams only from content without a mistake."""
    from bot.authoring import diagrams
    from bot.authoring.guide import with_reference
    from bot.authoring.schema import schema as written_schema
    from bot.check import check_all, to_look_up_again
    from bot.library import ContentError

    folder = settings.content_dir
    if schema:
        (folder / "schema.json").write_text(written_schema(), encoding="utf-8")
    if guide:
        page = folder / "README.md"
        page.write_text(with_reference(page.read_text(encoding="utf-8")), encoding="utf-8")
    try:
        libraries = check_all(folder)
    except ContentError as error:
        return _fail(f"{error}\n{len(error.mistakes)} to mend")
    if graph:
        diagrams.write(libraries[0], folder.parent / "docs" / "conversations")
    for warning in to_look_up_again(libraries[0], folder, dt.datetime.now(dt.UTC).date()):
        sys.stderr.write(f"warning: {warning}\n")
    scripts = [script for library in libraries for script in library.scripts.values()]
    steps = sum(len(script.steps) for script in scripts)
    sys.stdout.write(f"{len(scripts)} scripts, {steps} steps: nothing to mend\n")
    return 0


def _migrate(settings: Settings) -> int:
    from bot.store.database import migrate

    migrate(settings.database)
    return 0


def _backup(settings: Settings, file: Path) -> int:
    from bot.store.backup import BackupError, backup

    try:
        backup(settings.database, file)
    except BackupError as error:
        return _fail(str(error))
    return 0


def _fail(text: str) -> int:
    sys.stderr.write(text + "\n")
    return 1


if __name__ == "__main__":
    sys.exit(main())
