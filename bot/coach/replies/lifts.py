"""Reads the sets of a lift, because everyone writes load, repetitions and sets in an order of their own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple

from bot.coach.replies.outcomes import Read, Unread
from bot.coach.replies.set_parts import Part, grouped, set_parts
from bot.coach.replies.units import convert
from bot.coach.words import Words

_MOST_LOAD, _MOST_REPS, _MOST_SETS = 500.0, 100, 20
_MOST_ROUNDS = 10  # "3x10" means three sets of ten; "12x10" twelve kilos ten times


class Set(NamedTuple):
    """One set: the load in kg, None for the body alone, and repetitions."""

    load_kg: float | None
    reps: int


def sets(
    text: str, words: Words, *, unit: Literal["kg", "lb"] = "kg", loaded: bool | None = None
) -> Read[tuple[Set, ...]] | Unread[tuple[Set, ...]]:
    """A lift's sets in order; loads typed without a unit are in `unit`, results in kg.

    Three numbers are load × reps × sets ("60x8x3"), or sets × reps × load where only that fits ("3x8x60").
    Two are load × reps when the first has a unit, decimals or is above 10 ("60x8"), otherwise sets × reps of
    the body or of the load named beside it ("3x10", "3x10 @ 60"). `loaded` says whether the lift is known
    to have a load: it decides what a bare "20 10 10" means.
    """
    parts = set_parts(text, words)
    if parts is None:
        return Unread("not_sets")
    done, guessed = _read_sets(parts, unit, loaded)
    if done is None:
        return Unread("not_sets")
    if isinstance(done, Unread):
        return done
    return _plausible(done, guessed)


def _plausible(done: Sequence[Set], guessed: bool) -> Read[tuple[Set, ...]] | Unread[tuple[Set, ...]]:
    loads = [each.load_kg or 0 for each in done]
    for value, lo, hi in (
        (len(done), 1, _MOST_SETS),
        (min(each.reps for each in done), 1, _MOST_REPS),
        (max(each.reps for each in done), 1, _MOST_REPS),
        (max(loads), 0, _MOST_LOAD),
    ):
        if not lo <= value <= hi:
            return Unread("below" if value < lo else "above", bound=lo if value < lo else hi)
    return Read(tuple(done), guessed=guessed)


def _read_sets(
    parts: list[Part], unit: str, loaded: bool | None
) -> tuple[list[Set] | Unread[tuple[Set, ...]] | None, bool]:
    """The sets the parts say, and whether their order had to be guessed."""
    groups = grouped(parts)
    if groups is None:
        return None, False
    bare = [group[0].value for group in groups if len(group) == 1 and group[0].kind == "figure"]
    plain = len(bare) == len(groups) and all(group[0].unit is None for group in groups)
    body = any(part.kind == "body" for part in parts)
    if plain and not body and len(bare) > 1 and not any(p.kind in ("sets", "reps", "at") for p in parts):
        return _plain_list(bare, unit, loaded)
    done: list[Set] = []
    load: float | None = None
    guessed = False
    for group in groups:
        if group[0].kind == "body":
            load = None
            continue
        if len(group) == 1 and (group[0].unit or group[0].kind == "at"):
            load = _kg(group[0].value, group[0].unit or unit)
            # "3x10 60kg", "3 sets of 10 at 60": the load comes last.
            if done and all(each.load_kg is None for each in done):
                done = [Set(load, each.reps) for each in done]
            continue
        read = _product(group, unit, load)
        if read is None:
            return None, False
        more, sure = read
        done += more
        guessed = guessed or not sure
        load = more[-1].load_kg if more else load
        if len(done) > 10 * _MOST_SETS:
            return Unread("above", bound=_MOST_SETS), False
    return done or None, guessed


def _plain_list(
    bare: Sequence[float], unit: str, loaded: bool | None
) -> tuple[list[Set] | Unread[tuple[Set, ...]] | None, bool]:
    """ "12 12 10" are repetitions; "60 8 8 7" may begin with the load."""
    if not all(value.is_integer() for value in bare[1:]):
        return None, False
    first, rest = bare[0], bare[1:]
    with_load = [Set(_kg(first, unit), int(value)) for value in rest]
    without = [Set(None, int(value)) for value in bare]
    if loaded is False or (not float(first).is_integer() and loaded is None and first < 1):
        return without, False
    heavy = not float(first).is_integer() or (first > max(rest) * 2 and first >= 20)
    if (loaded and first > max(rest)) or heavy:
        return with_load, not loaded
    if loaded is None and first >= 20 and first > max(rest) * 1.5:
        return Unread("ambiguous", (tuple(with_load), tuple(without))), False
    return without, False


def _product(group: Sequence[Part], unit: str, load: float | None) -> tuple[list[Set], bool] | None:
    """One product as sets, and whether its order was certain."""
    rounds = [part.value for part in group if part.kind == "sets"]
    reps = [part.value for part in group if part.kind == "reps"]
    loads = [(part.value, part.unit) for part in group if part.unit]
    free = [part.value for part in group if part.kind == "figure" and not part.unit]
    sure = True
    if len(rounds) > 1 or len(reps) > 1 or len(loads) > 1:
        return None
    if loads:
        load = _kg(loads[0][0], loads[0][1] or unit)
        before = bool(group[0].unit)
        # 60 kg × 8 × 3, but 3 × 8 × 60 kg
        if len(free) == 2 and not rounds and not reps:
            first, second = free
            reps, rounds = ([first], [second]) if before else ([second], [first])
            free = []
    elif not rounds and not reps and len(free) == 3:
        order, sure = _three(free)
        load, reps, rounds, free = _kg(order[0], unit), [order[1]], [order[2]], []
    elif not rounds and not reps and len(free) == 2:
        first, second = free
        has_load = first > _MOST_ROUNDS or not first.is_integer()
        if has_load:
            load, reps = _kg(first, unit), [second]
        else:
            rounds, reps = [first], [second]
        free, sure = [], has_load and first > 2 * _MOST_ROUNDS
    for slot in (reps, rounds):
        if free and not slot:
            slot.append(free.pop(0))
    if free:
        load = _kg(free.pop(0), unit) if not loads and not free[1:] else load
    if free or not reps or not all(value.is_integer() for value in (*reps, *rounds)):
        return None
    count = int(rounds[0]) if rounds else 1
    return [Set(load, int(reps[0]))] * min(count, 10 * _MOST_SETS) if count else [], sure


def _three(free: Sequence[float]) -> tuple[tuple[float, float, float], bool]:
    """(load, reps, sets) of three bare numbers, and whether only one order fits."""
    first, second, third = free
    if first <= _MOST_ROUNDS and second > 2 * _MOST_ROUNDS and second > third:
        return (second, third, first), False
    if third > _MOST_SETS or not third.is_integer():
        return (third, second, first), first <= _MOST_SETS
    return (first, second, third), first > _MOST_SETS


def _kg(value: float, unit: str) -> float:
    return round(convert(value, unit, "kg"), 2)
