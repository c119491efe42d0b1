"""A telephone number has a source and a day it was checked, and grows stale after twelve months."""

import datetime as dt
from typing import Any

import pytest
from pydantic import ValidationError

from bot.coach.helplines import Helplines

CHECKED = "2026-11-27"
AMBULANCE = {"number": "112", "source": "https://example.org/112", "checked": CHECKED}


def numbers(**fields: Any) -> Helplines:
    return Helplines.model_validate({"countries": {"DE": {"emergency": {**AMBULANCE, **fields}}}})


@pytest.mark.parametrize(
    ("today", "stale"), [("2026-11-27", False), ("2027-11-27", False), ("2027-11-28", True), ("2029-01-01", True)]
)
def test_a_number_is_stale_after_twelve_months(today: str, stale: bool) -> None:
    assert bool(numbers().stale(dt.date.fromisoformat(today))) is stale


def test_a_number_checked_on_a_leap_day_is_stale_a_year_later() -> None:
    checked = numbers(checked="2028-02-29")
    assert checked.stale(dt.date(2029, 2, 28)) == []
    assert len(checked.stale(dt.date(2029, 3, 1))) == 1


def test_both_lines_of_a_country_are_looked_at() -> None:
    country = {"emergency": AMBULANCE, "crisis": {**AMBULANCE, "name": "A line", "checked": "2025-01-01"}}
    found = Helplines.model_validate({"countries": {"DE": country}})
    assert [(code, use) for code, use, _ in found.stale(dt.date(2026, 11, 27))] == [("DE", "crisis")]


@pytest.mark.parametrize(
    "wrong",
    [{"number": "one one two"}, {"number": ""}, {"source": "a friend"}, {"source": ""}, {"checked": "lately"}],
)
def test_a_number_without_a_source_or_a_day_is_refused(wrong: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        numbers(**wrong)


@pytest.mark.parametrize("code", ["de", "Germany", "D"])
def test_a_country_stands_under_its_iso_code(code: str) -> None:
    with pytest.raises(ValidationError):
        Helplines.model_validate({"countries": {code: {"emergency": AMBULANCE}}})
