"""A short run of what `make chaos` does at length: whatever a kill hits, nothing is lost and nothing asked twice."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from tests.chaos.__main__ import chaos
from tests.chaos.stage import Transport
from tests.conftest import new_postgres


@pytest.mark.parametrize(("transport", "kind"), [("polling", "sqlite"), ("webhook", "postgresql")])
async def test_killed_at_any_moment_it_loses_nothing_and_asks_nothing_twice(
    tmp_path: Path, request: pytest.FixtureRequest, transport: Transport, kind: str
) -> None:
    sqlite = kind == "sqlite"
    url = f"sqlite:///{tmp_path}/coach.db" if sqlite else new_postgres(request.getfixturevalue("postgres"))
    result = await chaos(tmp_path, url, transport, kills=4, people=8, sleepers=8, chance=random.Random())
    assert result.wrong == []
    assert result.inputs["answer"] > 0
