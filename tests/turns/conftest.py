"""A coach on each database."""

from __future__ import annotations

import pytest

from bot.library import Library
from bot.store.database import Database
from tests.turns.chat import World


@pytest.fixture
def world(database: Database, library: Library) -> World:
    return World(database, library)
