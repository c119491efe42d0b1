"""Finds texts that would show a gap to those who want no figures of theirs."""

from __future__ import annotations

from collections.abc import Iterator

from bot.authoring.style import path_of
from bot.coach.dialogue import ASKS_A_FIGURE, NO_NUMBERS
from bot.coach.safety import SafetyTable
from bot.coach.script import Condition, Script, Text, options_of
from bot.library import Library, Mistake, placeholders, texts_of

WISH = "yes"
"""The answer that leaves figures out."""
MEND = f"""add |or('…'), or `when: {{{NO_NUMBERS}: {{not: "{WISH}"}}}}` with a step for the others"""


def gaps(library: Library, counted: frozenset[str]) -> Iterator[Mistake]:
    """Every text that cannot be said without a word of `counted`, where someone who wants no figures may come."""
    for script in library.scripts.values():
        page = library.pages[script.id]
        for step_id, field, text in _told_to_all(script, library.safety):
            name = _needed(text, counted - script.steps.keys())
            if name:
                what = f"{field}: says {name}, a figure; who wants no numbers would read a gap there: {MEND}"
                yield Mistake(page.name, page.line(*path_of(page, step_id, field)), step_id, what)


def _told_to_all(script: Script, safety: SafetyTable) -> Iterator[tuple[str, str, Text]]:
    """The texts that may reach those who want no figures: by step and field."""
    for step_id, step in script.steps.items():
        if step.figures or isinstance(step, ASKS_A_FIGURE) or _spares(step.when, safety):
            continue  # they came for it, or are never asked
        for field, text in texts_of(step):
            option = options_of(step).get(field.split(".")[0]) if "." in field else None
            if option is None or not _spares(option.when, safety):
                yield step_id, field, text


def _needed(text: Text, counted: frozenset[str]) -> str | None:
    """A figure without a spare word, where no variant does without; None if one can be said."""
    found: str | None = None
    for variant in text:
        try:
            needs = placeholders(variant)
        except ValueError:
            return None  # reported as what it is
        names = [name for name, spare in needs.items() if name in counted and not spare]
        if not names:
            return None
        found = found or names[0]
    return found


def _spares(condition: Condition | None, safety: SafetyTable) -> bool:
    """Whether a condition never holds for those who want no figures."""
    if condition is None:
        return False
    finding = safety.findings.get(f"{NO_NUMBERS}.{WISH}")
    shut = {f"gate.{name}" for name, level in (finding.gates if finding else {}).items() if level == "stop"}
    wish = condition.tests.get(NO_NUMBERS)
    return (
        any(name in shut and test.is_ == "open" for name, test in condition.tests.items())
        or (wish is not None and (wish.not_ == WISH or wish.known is False or wish.is_ not in (None, WISH)))
        or any(_is_the_wish(part) for part in condition.none)
        or (bool(condition.any) and all(_spares(part, safety) for part in condition.any))
    )


def _is_the_wish(condition: Condition) -> bool:
    """Whether a condition holds for everybody who wants no figures."""
    wish = condition.tests.get(NO_NUMBERS)
    return wish is not None and len(condition.tests) == 1 and wish.is_ == WISH and not (condition.any or condition.none)
