"""Properties where a small example tells more than a long stream: callback data, texts, and updates as they come."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from contextlib import closing
from itertools import count
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from telegram import Update

from bot.chat.updates import TELEGRAM_BEGAN, chat_of, plain, to_input
from bot.library import Library
from bot.store.database import Database
from tests.fuzz.shapes import CONTENTS, SHAPES, UPDATES, Shapes
from tests.fuzz.stage import BEGIN, Stage
from tests.fuzz.stream import Stream
from tests.fuzz.texts import HOSTILE

CHAT = 50_001
NUMBERS = count(1000)
ANY_TEXT = st.one_of(st.text(st.characters(exclude_categories=()), max_size=80), st.sampled_from(HOSTILE))
NUMBER = st.one_of(st.integers().map(str), st.integers(0, 9).map(str), ANY_TEXT)
ENDS = st.one_of(st.sampled_from(("~back", "~undo", "~done", "~skip", "~g0", "~same", "~on", "v15", "yes")), ANY_TEXT)
DATA = st.one_of(
    ANY_TEXT,
    st.binary(min_size=64, max_size=64).map(lambda data: data.decode("latin-1")),
    st.builds("{}.{}.{}".format, NUMBER, NUMBER, ENDS),
    st.builds("{}{}".format, st.sampled_from(("go.", "on.")), NUMBER),
)
ON_A_STAGE = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True
)


def read(raw: dict[str, Any]) -> Update | None:
    """The update; None where the library cannot read it, which puts it aside."""
    try:
        return Update.de_json(raw, None)
    except Exception:
        return None


def made(kind: str, seed: int) -> dict[str, Any]:
    """A whole update of a kind, as the documentation shapes it."""
    shapes = Shapes(Random(seed), lacking=0)
    if kind in UPDATES:
        return {"update_id": 1, kind: shapes.make(SHAPES["Update"][f"{kind}?"])}
    return {"update_id": 1, "message": {**shapes.message(kind), "message_id": 1}}


@settings(max_examples=300, deadline=None, derandomize=True)
@given(kind=st.sampled_from((*UPDATES, *CONTENTS)), seed=st.integers(0, 2**32))
def test_every_whole_update_becomes_an_input_or_nothing(kind: str, seed: int) -> None:
    update = read(made(kind, seed))
    if update is None:
        return
    chat_of(update)
    json.dumps(plain(update))
    found = to_input(update, BEGIN)
    if found is not None:
        assert TELEGRAM_BEGAN <= found.at <= BEGIN + dt.timedelta(days=1)


@pytest.fixture
def stage(database: Database, library: Library) -> Iterator[Stage]:
    """Someone in the middle of the first conversation."""
    with closing(Stage(database, library)) as stage:
        stage.handle({"update_id": 1, **Stream(stage, 0).message(CHAT, text="/start")})
        stage.deliver()
        yield stage


@ON_A_STAGE
@given(data=DATA, message_id=st.integers(0, 2**53))
def test_a_tap_may_carry_anything(stage: Stage, data: str, message_id: int) -> None:
    with stage.watched():
        stage.handle({"update_id": next(NUMBERS), **Stream(stage, 0).tap(CHAT, data, message_id)})
        stage.deliver()
    assert stage.violations == []


@ON_A_STAGE
@given(text=ANY_TEXT, reply_to=st.integers(0, 2**53))
def test_a_message_may_say_anything(stage: Stage, text: str, reply_to: int) -> None:
    stream = Stream(stage, 0)
    earlier = stream.message(CHAT)["message"] | {"message_id": reply_to}
    with stage.watched():
        stage.handle({"update_id": next(NUMBERS), **stream.message(CHAT, text=text, reply_to_message=earlier)})
        stage.deliver()
    assert stage.violations == []
