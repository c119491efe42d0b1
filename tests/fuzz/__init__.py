"""Streams of bad and hostile updates, as many as wanted: the coach must stay whole, and keep people apart."""

from __future__ import annotations

from contextlib import closing

from bot.library import Library
from bot.store.database import Database
from tests.fuzz import bystanders
from tests.fuzz.stage import Stage
from tests.fuzz.stream import Stream


def fuzz(database: Database, library: Library, updates: int, seed: int) -> Stage:
    """Sends so many updates to a coach on an empty database; the stage knows what gave way."""
    stage = Stage(database, library)
    with closing(stage), stage.watched():
        theirs = bystanders.settle(stage)
        before = stage.records(bystanders.CHATS)
        Stream(stage, seed, theirs, bystanders.CHATS).run(updates)
        after = stage.records(bystanders.CHATS)
    stage.violations += [
        f"the {name} of people who did nothing changed" for name in before if before[name] != after[name]
    ]
    stage.counts |= {"calls of Telegram": stage.telegram.calls, "edits that change nothing": stage.telegram.unmodified}
    return stage
