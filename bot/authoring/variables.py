"""Finds what is asked or remembered and never used: a question that changes nothing is not worth a person's time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bot.coach.script import (
    SWITCHES,
    Condition,
    LogStep,
    Model,
    Permission,
    Question,
    Remember,
    Script,
    Sets,
    Step,
    options_of,
)
from bot.library import Library, Mistake, placeholders, texts_of

READ_BY_THE_COACH = {
    "bedtime", "country", "country_place", "country_zone", "discreet", "glucose_unit", "lifts", "load_unit",
    "path_before", "path_began", "path_now", "path_order", "path_pick", "path_told", "pause_days", "quiet_from",
    "quiet_to", "waking", "why", "why_open", "zone", "zone_guess",
}  # fmt: skip
"""Facts that the program itself reads, beside those that scripts and the safety table read."""


def unused(library: Library) -> Iterator[Mistake]:
    """Facts that nothing reads, and answers that lead nowhere."""
    read = READ_BY_THE_COACH | {f"{habit}_on" for habit in SWITCHES}
    read |= library.safety.facts()
    for script in library.scripts.values():
        read |= set(names_read(script))
    for script in library.scripts.values():
        page = library.pages[script.id]
        for step_id, step in script.steps.items():
            for fact, path in _established(step):
                if fact not in read:
                    what = f"remembers {fact}, which nothing reads; use it in a text or a condition, or take it out"
                    yield Mistake(page.name, page.line("steps", step_id, *path), step_id, what)
            if isinstance(step, Question) and not step.remember and step_id not in read and not _matters(step):
                what = (
                    "asks, but the answer changes nothing: give the options a `reflect` or a `next`, use "
                    f"{step_id} in a text or a condition, or take the question out"
                )
                yield Mistake(page.name, page.line("steps", step_id), step_id, what)


def names_read(script: Script) -> Iterator[str]:
    """Every name that a script looks at."""
    for condition in _conditions(script):
        yield from condition.names()
    for start in script.starts:
        yield from filter(None, (start.days, start.date, start.at))
    for step in script.steps.values():
        yield from _read_by(step)


def _read_by(step: Step) -> Iterator[str]:
    for _, text in texts_of(step):
        for variant in text:
            try:
                yield from placeholders(variant)
            except ValueError:
                continue  # said elsewhere
    if isinstance(step, Sets):
        yield step.sets.each
    options = options_of(step).values()
    logs = [*([step.log] if isinstance(step, Question | LogStep) else []), *(option.log for option in options)]
    yield from (value for log in logs for fields in log.values() for value in fields.values() if isinstance(value, str))
    values = [value for option in options for value in option.set.values()]
    values += step.remember.values() if isinstance(step, Remember) else []
    yield from (value[1:] for value in values if isinstance(value, str) and value.startswith("="))


def _established(step: Step) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The facts that a step establishes, each with the path to where it says so."""
    if isinstance(step, Remember):
        yield from ((fact, ("remember", fact)) for fact in step.remember)
    if isinstance(step, Question):
        if step.remember:
            yield step.remember, ("remember",)
        for name, option in options_of(step).items():
            yield from ((fact, ("choice", name, "set", fact)) for fact in option.set)


def _matters(step: Question) -> bool:
    """Whether something follows at once from the answer. A single button only waits for the person's tap."""
    options = list(options_of(step).values())
    if isinstance(step, Permission) or step.reflect or step.log or step.counts or isinstance(step.skip, str):
        return True
    if len(options) == 1:
        return True
    return any(
        option.next or option.reflect or option.set or option.log or option.counts or option.start
        or option.snooze or option.move or option.adjust
        for option in options
    )  # fmt: skip


def _conditions(part: Any) -> Iterator[Condition]:
    if isinstance(part, Condition):
        yield part
    elif isinstance(part, Model):
        for value in vars(part).values():
            yield from _conditions(value)
    elif isinstance(part, dict):
        for value in part.values():
            yield from _conditions(value)
    elif isinstance(part, tuple | list):
        for value in part:
            yield from _conditions(value)
