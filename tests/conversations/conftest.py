"""A stage for each conversation."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.conversations.chat import Chat, Stage


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    """The coach at work; afterwards Telegram must have had nothing to refuse and every tap an answer."""
    async with Stage(tmp_path).open() as stage:
        yield stage
        refused = [one for one in stage.server.refusals if one.code != 409]  # a restart cuts its own poll off
        assert refused == []
        assert stage.server.unanswered_taps == []


@pytest.fixture
def chat(stage: Stage) -> Chat:
    return Chat.of(stage)
