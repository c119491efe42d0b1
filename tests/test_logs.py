"""The log never holds the token, a password, or what a person wrote."""

from __future__ import annotations

import datetime as dt
import logging
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.exc import StatementError
from sqlalchemy.orm import Session

from bot.app import _secrets
from bot.chat.letter import Letter
from bot.inputs import Input
from bot.logs import Frames
from bot.settings import HOME, Settings
from bot.store.database import Database
from bot.store.tables import Note, Person

TOKEN = "5000001:a-secret-of-ours"
WORDS = "my chest and my shame"
NOW = dt.datetime(2026, 11, 23, 8, 0, tzinfo=dt.UTC)


def logged(error: Exception, message: str = "it failed", *args: object) -> str:
    """A line of the log about an error that was raised and caught."""
    try:
        raise error
    except Exception:
        info = sys.exc_info()
    record = logging.LogRecord("bot", logging.ERROR, __file__, 1, message, args, info)
    record.exc_text = f"formatted by another handler: {error}"
    return Frames((TOKEN,)).format(record)


def chained() -> Exception:
    try:
        try:
            raise KeyError(WORDS)
        except KeyError as cause:
            raise ValueError(f"cannot read {WORDS!r}") from cause
    except ValueError:
        try:
            raise RuntimeError(WORDS)
        except RuntimeError as error:
            return error


def test_an_error_is_logged_by_its_frames_and_types_without_its_words() -> None:
    text = logged(ValueError(f"invalid literal for int() with base 10: {WORDS!r}"))
    assert WORDS not in text
    assert "builtins.ValueError" in text
    assert "test_logs.py" in text


def test_the_causes_of_an_error_are_logged_the_same_way() -> None:
    text = logged(chained())
    assert WORDS not in text
    assert text.index("KeyError") < text.index("ValueError") < text.index("RuntimeError")


def test_an_error_that_is_its_own_cause_ends() -> None:
    error = ValueError("round")
    error.__cause__ = error
    assert logged(error).count("ValueError") == 1


def test_the_token_is_taken_out_of_messages_and_arguments() -> None:
    text = logged(OSError(), f"POST https://api.example/bot{TOKEN}/getMe %s", {"url": TOKEN})
    assert TOKEN not in text
    assert "<secret>" in text


def test_every_secret_of_the_settings_is_kept_out() -> None:
    settings = Settings(
        _env_file=None,
        telegram_bot_token=TOKEN,
        operator_name="Ada",
        operator_contact="ada@example.org",
        database_url="postgresql://ada:swordfish@db/uptake",
        webhook_url="https://example.org",
        webhook_secret="let_me_in",
    )
    assert set(_secrets(settings)) == {TOKEN, "let_me_in", "swordfish"}
    assert not any(secret in repr(settings) for secret in _secrets(settings))


def test_what_a_person_wrote_is_in_no_repr() -> None:
    given = Input(7001, 1, NOW, "text", WORDS, message_id=1, data=WORDS, place=(52.5, 13.4))
    letter = Letter(1, 7001, "message", WORDS, [[WORDS, WORDS, False]], {"a": WORDS}, 1, False, None)
    assert WORDS not in repr(given)
    assert "52.5" not in repr(given)
    assert WORDS not in repr(letter)
    assert WORDS not in repr(Note(text=WORDS))


def test_an_error_of_the_database_does_not_quote_what_was_written(database: Database) -> None:
    def unit(session: Session) -> None:
        person = Person(chat_id=1, created_at=NOW)
        session.add(person)
        session.flush()
        session.add(Note(person_id=person.id, answer_id=99, local_date=NOW.date(), at=NOW, text=WORDS, script="x"))
        session.flush()

    with pytest.raises(StatementError) as caught:
        database.work(unit)
    assert WORDS not in str(caught.value)
    assert database.work(lambda session: session.scalars(select(Person)).all()) == []


LOGS = """
import logging
from bot import logs
logs.set_up("DEBUG", ("{token}",))
for name in ("httpx", "httpcore.http11", "telegram.Bot", "telegram.ext", "apscheduler.scheduler"):
    logging.getLogger(name).info("POST https://api.example/bot{token}/sendMessage {words}")
    logging.getLogger(name).debug("{words}")
logging.getLogger("telegram.Bot").critical("Received data was {words}")
logging.getLogger("bot.x").debug("said with {token}")
"""


def test_libraries_are_quiet_even_when_everything_is_logged(tmp_path: Path) -> None:
    code = LOGS.format(token=TOKEN, words=WORDS)
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=HOME, capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stderr.splitlines() == [line for line in done.stderr.splitlines() if "bot.x" in line]
    assert "said with <secret>" in done.stderr
