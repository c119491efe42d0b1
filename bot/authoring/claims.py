"""Finds a claim without its source, and advice on a gated topic that may be reached past its gate."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from bot.authoring.flow import BOTH, GateFlow, narrowed
from bot.authoring.style import Style
from bot.coach.script import Say, Script, Text
from bot.library import Library, Mistake
from bot.pages import Page


def claims(library: Library, style: Style) -> Iterator[Mistake]:
    """A lesson says what it rests on, or that it claims nothing; so does what speaks of trials and studies."""
    told = _words(style.claims)
    for _, page, step_id, step in _says(library):
        line = page.line("steps", step_id, "evidence")
        evidence = step.evidence
        if evidence and not evidence.why:
            yield Mistake(page.name, line, step_id, "evidence without `why`: add in a sentence what it supports")
        if step.advice and evidence and evidence.sources:
            what = "names sources and is `advice`, which claims nothing; take one of the two out"
            yield Mistake(page.name, line, step_id, what)
        if step.advice:
            continue
        if (evidence and not evidence.sources) or (step.lesson and not evidence):
            what = (
                "a claim without a source: add `evidence` with strength, sources and why, or `advice: true` if it "
                "claims nothing that a study could show"
            )
            yield Mistake(page.name, line, step_id, what)
        elif not evidence and (found := _first(told, step.say)):
            what = f"speaks of “{found}” without a source: add `evidence` with strength, sources and why"
            yield Mistake(page.name, page.line("steps", step_id, "say"), step_id, what)


def gated(library: Library, style: Style) -> Iterator[Mistake]:
    """What tells of a gated topic lies behind its gate, on every way, or only names it; lessons are for everyone."""
    table = library.safety.gates
    flow = GateFlow(library.scripts, library.safety.facts())
    topics = {gate: _words(words) for gate, words in style.topics.items() if gate in table}
    for script, page, step_id, step in _says(library):
        at = flow.at.get((script.id, step_id))
        for gate in step.names:
            if gate not in table:
                line = page.line("steps", step_id, "names")
                yield Mistake(page.name, line, step_id, f"there is no gate {gate} in safety.yaml")
        if at is None or step.lesson:
            continue
        decided = narrowed(at, step.when)
        for gate, words in topics.items():
            found = _first(words, step.say)
            if not found or gate in step.names or decided.get(gate, BOTH) != BOTH:
                continue
            what = (
                f"speaks of “{found}”, but some way leads here past the gate {gate}: add `when: {{gate.{gate}: open}}`"
                f", or `names: [{gate}]` if it only warns or refuses"
            )
            yield Mistake(page.name, page.line("steps", step_id), step_id, what)


def topics_of(library: Library, style: Style, page: Page) -> Iterator[Mistake]:
    """Each gate has its words in style.yaml, even if none, so that a new gate is not forgotten."""
    table = library.safety.gates
    for gate in table:
        if gate not in style.topics:
            what = f"the gate {gate} has no words here; add `{gate}: [...]`, or `[]` if no word speaks of it alone"
            yield Mistake(page.name, page.line("topics"), "topics", what)
    for gate in style.topics:
        if gate not in table:
            yield Mistake(page.name, page.line("topics", gate), "topics", f"there is no gate {gate} in safety.yaml")


def _says(library: Library) -> Iterator[tuple[Script, Page, str, Say]]:
    for script in library.scripts.values():
        for step_id, step in script.steps.items():
            if isinstance(step, Say):
                yield script, library.pages[script.id], step_id, step


def _words(words: Iterable[str]) -> re.Pattern[str] | None:
    """Finds any of the words, whole and in any case; a sign like % may touch a figure."""
    parts = [rf"(?<!\w){re.escape(word)}(?!\w)" if word[:1].isalnum() else re.escape(word) for word in words]
    return re.compile("|".join(parts).replace(r"\ ", r"\s+"), re.IGNORECASE) if parts else None


def _first(pattern: re.Pattern[str] | None, text: Text) -> str | None:
    found = next(filter(None, (pattern.search(one) for one in text)), None) if pattern else None
    return found[0] if found else None
