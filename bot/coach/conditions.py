"""Decides whether a condition written as data holds for what is known."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bot.coach.script import Condition, Test


def holds(condition: Condition | None, lookup: Callable[[str], Any]) -> bool:
    """Whether every part holds. `lookup` gives a name's value, or None where nothing is known."""
    if condition is None:
        return True
    return (
        all(passes(test, lookup(name)) for name, test in condition.tests.items())
        and (not condition.any or any(holds(part, lookup) for part in condition.any))
        and not any(holds(part, lookup) for part in condition.none)
    )


def passes(test: Test, value: Any) -> bool:
    """Whether a value is as the test wants it."""
    known = value is not None
    items = tuple(value) if isinstance(value, (list, tuple)) else ((value,) if known else ())
    number = float(value) if isinstance(value, (int, float)) else None
    checks = (
        test.known is None or test.known == known,
        test.is_ is None or value == test.is_,
        test.not_ is None or value != test.not_,
        test.one_of is None or value in test.one_of,
        test.has is None or test.has in items,
        test.has_any is None or any(item in items for item in test.has_any),
        test.lacks is None or test.lacks not in items,
        test.below is None or (number is not None and number < test.below),
        test.at_least is None or (number is not None and number >= test.at_least),
        test.after is None or (isinstance(value, str) and value > test.after),
        test.every is None or (number is not None and (int(number) + 1) % test.every == 0),
    )
    return all(checks)
