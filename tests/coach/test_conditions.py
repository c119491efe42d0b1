"""Rules of conditions: what holds for what is known, and that the unknown equals nothing."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from bot.coach.conditions import holds
from bot.coach.script import Condition


def found(condition: Any, **known: Any) -> bool:
    return holds(Condition.model_validate(condition), known.get)


@pytest.mark.parametrize(
    ("condition", "value", "expected"),
    [
        ("open", "open", True),
        ("open", "held", False),
        ({"is": 3}, 3, True),
        ({"is": True}, True, True),
        ({"is": False}, False, True),
        ({"not": "a"}, "b", True),
        ({"not": "a"}, "a", False),
        (["a", "b"], "b", True),
        (["a", "b"], "c", False),
        ({"has": "a"}, ["b", "a"], True),
        ({"has": "a"}, ["b"], False),
        ({"has": "a"}, "a", True),
        ({"has": 0}, [0, 3], True),
        ({"has_any": ["a", "c"]}, ["b", "c"], True),
        ({"has_any": ["a", "c"]}, ["b"], False),
        ({"after": "14:00"}, "19:00", True),
        ({"after": "14:00"}, "14:00", False),
        ({"after": "14:00"}, "08:30", False),
        ({"lacks": "a"}, ["b"], True),
        ({"lacks": "a"}, ["a", "b"], False),
        ({"lacks": "a"}, [], True),
        ({"known": True}, 0, True),
        ({"known": True}, [], True),
        ({"known": False}, "", False),
        ({"below": 7}, 6.9, True),
        ({"below": 7}, 7, False),
        ({"at_least": 7}, 7, True),
        ({"at_least": 7}, 6, False),
        ({"at_least": 2, "below": 4}, 3, True),
        ({"at_least": 2, "below": 4}, 4, False),
        ({"below": 7}, "6", False),
        ({"at_least": 0}, ["a"], False),
    ],
)
def test_a_test_holds_for_the_values_it_names(condition: Any, value: Any, expected: bool) -> None:
    assert found({"x": condition}, x=value) is expected


@pytest.mark.parametrize(
    "test",
    [
        "a", {"is": "a"}, {"is": False}, {"is": 0}, {"is": ""}, ["a", "b"], {"has": "a"}, {"has_any": ["a"]},
        {"below": 1}, {"at_least": 0}, {"every": 1}, {"known": True},
    ],
)  # fmt: skip
def test_the_unknown_equals_nothing(test: Any) -> None:
    assert not found({"x": test})


@pytest.mark.parametrize("condition", [{"x": {"not": "a"}}, {"x": {"lacks": "a"}}, {"x": {"known": False}}])
def test_the_unknown_holds_where_something_must_not_be(condition: Any) -> None:
    assert found(condition)


def test_the_unknown_holds_under_none() -> None:
    assert found({"none": [{"x": "a"}, {"y": {"has": "b"}}]})


def test_all_names_must_hold() -> None:
    assert found({"x": 1, "y": 2}, x=1, y=2)
    assert not found({"x": 1, "y": 2}, x=1, y=3)


def test_any_needs_one_and_none_allows_no_one() -> None:
    either, neither = {"any": [{"x": 1}, {"y": 1}]}, {"none": [{"x": 1}, {"y": 1}]}
    assert found(either, x=0, y=1)
    assert not found(either, x=0, y=0)
    assert found(neither, x=0, y=0)
    assert not found(neither, x=0, y=1)


def test_groups_stand_beside_names_and_inside_each_other() -> None:
    condition = {"x": 1, "any": [{"none": [{"y": 1}]}, {"z": 1}]}
    assert found(condition, x=1)
    assert found(condition, x=1, y=1, z=1)
    assert not found(condition, x=1, y=1)
    assert not found(condition, y=0)
    assert list(Condition.model_validate(condition).names()) == ["x", "y", "z"]


def test_no_condition_always_holds() -> None:
    assert holds(None, lambda name: None)


@settings(deadline=None)
@given(st.integers(1, 20), st.integers(0, 500))
def test_every_n_holds_on_each_nth_value_of_a_counter_beginning_with_the_nth(n: int, visits: int) -> None:
    assert found({"visits": {"every": n}}, visits=visits) is ((visits + 1) % n == 0)
    assert found({"visits": {"every": n}}, visits=n - 1)


VALUES = st.one_of(
    st.none(), st.booleans(), st.integers(-5, 15), st.sampled_from("abc"), st.lists(st.sampled_from("abc"))
)
OPPOSITES = st.one_of(
    st.sampled_from("abc").map(lambda one: ({"is": one}, {"not": one})),
    st.sampled_from("abc").map(lambda one: ({"has": one}, {"lacks": one})),
    st.just(({"known": True}, {"known": False})),
)


@settings(deadline=None)
@given(VALUES, OPPOSITES)
def test_of_a_test_and_its_opposite_exactly_one_holds(value: Any, pair: tuple[Any, Any]) -> None:
    assert found({"x": pair[0]}, x=value) is not found({"x": pair[1]}, x=value)
    assert found({"none": [{"x": pair[0]}]}, x=value) is found({"x": pair[1]}, x=value)


@pytest.mark.parametrize("wrong", ["x", 3, [{"x": 1}], {"x": {"over": 3}}, {"x": {"below": "b"}}])
def test_what_is_no_condition_is_refused(wrong: Any) -> None:
    with pytest.raises(ValidationError):
        Condition.model_validate(wrong)
