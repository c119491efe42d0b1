"""Worlds without a database: a small one for the rules of a walk, and the real content with made-up facts."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from html import unescape
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from bot.coach import safety
from bot.coach.dialogue import Facts, Frame, Said, State, finder
from bot.coach.phrases import Phrases
from bot.coach.questions import Around
from bot.coach.safety import GateState
from bot.coach.script import Question, Script, Text
from bot.library import Library, read
from bot.pages import read_page
from tests.coach import CONTENT

MONDAY = dt.date(2026, 11, 23)


@cache
def library() -> Library:
    """The real content, read once for all tests."""
    return read(CONTENT)


def phrases() -> Phrases:
    return library().phrases


def loaded(text: str) -> Any:
    """A value from its YAML, read as content is."""
    with NamedTemporaryFile("w", suffix=".yaml", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        return read_page(Path(file.name)).data


def script(name: str, text: str, **fields: Any) -> Script:
    """A script from its steps in YAML."""
    return Script.model_validate({"id": name, "title": name, "kind": "command", **fields, "steps": loaded(text)})


@dataclass
class Small:
    """A `dialogue.World` of a few scripts; what is computed, open and allowed is said outright."""

    scripts: Mapping[str, Script]
    facts: dict[str, Said] = field(default_factory=dict)
    open: frozenset[str] = frozenset()
    known: dict[str, Any] = field(default_factory=dict)
    allowed: frozenset[str] = frozenset()
    teach_only: bool = False

    def gates(self, facts: Facts) -> Mapping[str, GateState]:
        return {name: GateState(True) for name in self.open}

    def computed(self, name: str, facts: Facts, state: State) -> Any:
        return self.known.get(name)

    def render(self, text: Text, lookup: Callable[[str], Said | None], turn: int) -> str:
        def fill(found: re.Match[str]) -> str:
            said = lookup(found[1])
            return said.words if said else "?"

        return re.sub(r"\{\{ (\w+) \}\}", fill, text[turn % len(text)])

    def may_switch(self, habit: str, facts: Facts) -> bool:
        return habit in self.allowed


def small(text: str, *others: Script, **more: Any) -> Small:
    """A world whose script `main` has these steps."""
    kind = more.pop("kind", "command")
    return Small({one.id: one for one in (script("main", text, kind=kind), *others)}, **more)


@dataclass
class Real:
    """A `dialogue.World` over the real content."""

    facts: dict[str, Said] = field(default_factory=dict)
    forced: Mapping[str, bool] | None = None
    """Gates that are open or held whatever the facts say; without it the safety table decides."""
    made_up: Mapping[str, Any] = field(default_factory=dict)
    """The words the coach computes, as far as they do not follow from the facts."""
    teach_only: bool = False
    allows: bool = True

    @property
    def scripts(self) -> Mapping[str, Script]:
        return library().scripts

    def gates(self, facts: Facts) -> Mapping[str, GateState]:
        values = {name: said.value for name, said in facts.items()}
        found = safety.gates(library().safety, values, consented=not self.teach_only)
        if self.forced is None:
            return found
        return {name: GateState(self.forced[name], gate.lines) for name, gate in found.items()}

    def computed(self, name: str, facts: Facts, state: State) -> Any:
        if name == "lift":
            lifts = facts["lifts"].value if "lifts" in facts else []
            known = phrases().lifts
            return Said(lifts[state.each], known[lifts[state.each]]) if state.each < len(lifts) else None
        if name == "meal":
            slot = state.trigger.get("slot")
            return Said(slot, phrases().meals[slot]) if slot in phrases().meals else None
        return self.made_up.get(name)

    def render(self, text: Text, lookup: Callable[[str], Said | None], turn: int) -> str:
        return library().render(text, lookup, turn)

    def may_switch(self, habit: str, facts: Facts) -> bool:
        return self.allows


def around(
    *,
    state: State | None = None,
    world: Real | None = None,
    earlier: Said | None = None,
    may_go_back: bool = False,
    bare: bool = False,
    load_unit: str = "kg",
) -> Around:
    """What the buttons of a question depend on, in the English content's phrases, on a Monday."""
    state = state or State((Frame("nowhere", "here"),))
    find = finder(world or Real(), state, (world or Real()).facts)

    def say(text: Text, **values: Any) -> str:
        def lookup(name: str) -> Said | None:
            return Said(values[name], str(values[name])) if name in values else find(name)

        return unescape(library().render(text, lookup, state.turn))

    return Around(
        state=state,
        phrases=phrases(),
        say=say,
        lookup=find,
        today=MONDAY,
        earlier=earlier,
        may_go_back=may_go_back,
        bare=bare,
        load_unit=load_unit,
    )


def question(text: str) -> Question:
    """One question from its YAML."""
    found = script("nowhere", f"here: {{{text}}}").steps["here"]
    assert isinstance(found, Question)
    return found
