"""What the person's own line for a habit says of days and meals, so that nobody asks for it again or contradicts it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from bot.coach import replies
from bot.coach.dialogue import Facts, Said, State
from bot.coach.questions import weekday_words

if TYPE_CHECKING:
    from bot.world import PersonsWorld


def _line(facts: Facts, fact: str) -> Said | None:
    """The person's line for a habit, where they wrote one."""
    line = facts.get(fact)
    return line if line is not None and line.value else None


def _meal_named(know: PersonsWorld, line: Said | None) -> str | None:
    return replies.meal_in(line.words, know.library.words) if line else None


def _walk_line(know: PersonsWorld, facts: Facts, state: State) -> Said | None:
    """The line for walks, where a check-in can call it back: it names no other meal than the one just eaten."""
    line = _line(facts, "walk_plan")
    if line is None:
        return None
    named, slot = _meal_named(know, line), state.trigger.get("slot")
    return line if named is None or slot in (None, named) else None


def _walk_line_meal(know: PersonsWorld, facts: Facts, state: State) -> Said | None:
    """The meal that the line for walks names, where the person picked others."""
    named, picked = _meal_named(know, _line(facts, "walk_plan")), facts.get("walk_meals")
    if named is None or picked is None or named in picked.value:
        return None
    return Said([named], know.library.phrases.meals[named])


def _focus_meal(know: PersonsWorld, facts: Facts, state: State) -> Said | None:
    """The meal that names itself in what the person looks for on their plate, where it can be asked about."""
    named = _meal_named(know, _line(facts, "food_focus"))
    return Said(named, know.library.phrases.meals[named]) if named in ("lunch", "dinner") else None


def _days_of(fact: str, at_most: int) -> Callable[[PersonsWorld, Facts, State], Said | None]:
    def days(know: PersonsWorld, facts: Facts, state: State) -> Said | None:
        line = _line(facts, fact)
        named = replies.days_in(line.words, know.library.words) if line else ()
        if not 0 < len(named) <= at_most:
            return None
        return Said(list(named), weekday_words(list(named), know.library.phrases))

    return days


OWN_LINES: Mapping[str, Callable[[PersonsWorld, Facts, State], Said | None]] = {
    "walk_line": _walk_line,
    "walk_line_meal": _walk_line_meal,
    "walk_line_days": _days_of("walk_plan", 7),
    "lifting_line_days": _days_of("lifting_plan_words", 5),
    "cold_line_days": _days_of("cold_plan", 3),
    "focus_meal": _focus_meal,
}
"""Words that texts and conditions may use; each may be unknown."""
