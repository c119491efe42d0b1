"""The check-in of the author's guide is a file and nothing else: the clock starts it, the week leaves it out."""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path

import pytest

from bot.check import check
from bot.knowledge import Knowledge
from bot.store import people
from bot.store.database import Database
from tests.coach import CONTENT
from tests.test_authoring import EXAMPLES, put
from tests.turns.chat import ONE_DATABASE, SLEEP, World, berlin


@pytest.fixture
def authored(database: Database, tmp_path: Path) -> World:
    content = shutil.copytree(CONTENT, tmp_path / "content")
    for example in EXAMPLES:
        put(content, *example)
    return World(database, check(content))


@ONE_DATABASE
def test_the_guides_check_in_goes_to_whom_it_is_for_at_its_time(authored: World) -> None:
    robin = authored.person(7001, **SLEEP, daylight="rarely", lunch_time="13:00")
    sam = authored.person(7002, **SLEEP, daylight="always")
    kim = authored.person(7003, daylight="rarely")
    assert robin.due("daylight").due_at == berlin(23, "12:50")
    assert robin.due("daylight").useful_until == berlin(23, "13:35")
    assert (sam.dues("daylight"), kim.dues("daylight")) == ([], [])
    authored.play(berlin(23, "12:50"))
    assert robin.last.labels == ["Not today"]
    robin.tap("Not today")
    assert robin.last.plain == "Fine. The bench will wait."


@ONE_DATABASE
def test_a_reminder_that_needs_no_reply_is_not_counted_in_the_week(authored: World) -> None:
    robin = authored.person(7001, **SLEEP, daylight="rarely", lunch_time="13:00")
    plain = authored.person(7002, **SLEEP)
    authored.play(berlin(27, "20:00"))

    def planned(chat_id: int) -> int:
        def count(session: object) -> int:
            person = people.by_chat(session, chat_id)  # type: ignore[arg-type]
            assert person is not None
            know = Knowledge(authored.coach, session, person, authored.now)  # type: ignore[arg-type]
            return know.figures(dt.date(2026, 11, 29)).habits["sleep"].planned

        return authored.work(count)

    assert len(robin.dues("daylight")) > 3
    assert planned(robin.id) == planned(plain.id) > 0
