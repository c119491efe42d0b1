"""Finds claims without sources, sources without identifiers, and gated advice that may be reached past its gate."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from typing import Any

from bot.authoring.flow import BOTH, GateFlow, narrowed
from bot.authoring.style import Style, path_of, strings
from bot.coach.script import Evidence, Say, Script, Step, Text
from bot.library import Library, Mistake, claiming, texts_of
from bot.pages import Page

IDENTIFIED = (
    r"https://doi\.org/10\.\d{4,9}/\S+",
    r"https://pubmed\.ncbi\.nlm\.nih\.gov/\d+/?",
    r"https://(pmc\.ncbi\.nlm\.nih\.gov|www\.ncbi\.nlm\.nih\.gov/pmc)/articles/PMC\d+/?",
)
"""How an address names a DOI, a PubMed or a PMC number."""


def claims(library: Library, style: Style) -> Iterator[Mistake]:
    """A lesson says what it rests on, or that it claims nothing; so does every text with the words of a claim."""
    told = _words(style.claims)
    for script in library.scripts.values():
        page = library.pages[script.id]
        for step_id, step in script.steps.items():
            for option, holder in claiming(step):
                for what in _claim(library, step, option, holder, told):
                    path = path_of(page, step_id, f"{option}.label")[:-1] if option else ("steps", step_id)
                    at = "evidence" if what.startswith("evidence") or not isinstance(step, Say) else "say"
                    yield Mistake(page.name, page.line(*path, at), step_id, f"{option}: {what}" if option else what)


def _claim(library: Library, step: Step, option: str, holder: Any, told: re.Pattern[str] | None) -> Iterator[str]:
    """What is wrong with the claims of a step itself, or of one of its options."""
    evidence: Evidence | None = holder.evidence
    if evidence and not evidence.why:
        yield "evidence without `why`: add in a sentence what it supports"
    if holder.advice and evidence and evidence.sources:
        yield "evidence with sources beside `advice`, which claims nothing; take one of the two out"
    if holder.rests_on and not (library.teaches(holder.rests_on)):
        yield f"rests_on: {holder.rests_on} is no step with evidence; write it as `script.step`"
    if holder.advice:
        return
    if (evidence and not evidence.sources) or (isinstance(step, Say) and step.lesson and not evidence):
        yield (
            "evidence is missing, so this is a claim without a source: add `evidence` with strength, sources and why, "
            "or `advice: true` if it claims nothing that a study could show"
        )
    elif not evidence and not holder.rests_on:
        for field, text in texts_of(step):
            mine = field.startswith(f"{option}.") if option else "." not in field
            if mine and not field.endswith("label") and (found := _first(told, text)):
                yield (
                    f"speaks of “{found}” without a source: add `evidence` with strength, sources and why, "
                    "`rests_on` with the lesson that has them, or `advice: true` if it claims nothing"
                )
                return


def sources(library: Library, page: Page) -> Iterator[Mistake]:
    """A source without an identifier cannot be looked up."""
    for key, source in library.sources.items():
        if not any(re.fullmatch(pattern, source.url) for pattern in IDENTIFIED):
            what = (
                f"{source.url} names no identifier: link it as https://doi.org/10.…, https://pubmed.ncbi.nlm.nih.gov/"
                "number/ or https://pmc.ncbi.nlm.nih.gov/articles/PMCnumber/, or leave the source out"
            )
            yield Mistake(page.name, page.line("sources", key), key, what)


def spoken(style: Style, stem: str, page: Page) -> Iterator[Mistake]:
    """The short lines that no step says can carry no source, so they make no claim; /why's own speak of evidence."""
    told = _words(style.claims)
    for path, line in strings(page.data):
        name = ".".join((stem, *map(str, path)))
        if path[0] != "why" and name not in style.no_claims and (found := _first(told, (line,))):
            what = (
                f"speaks of “{found}”, and a short line carries no source: say it in a step with `evidence`, "
                "or name it under `no_claims` in style.yaml"
            )
            yield Mistake(page.name, page.line(*path), str(path[0]), what)


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


def _words(words: Collection[str]) -> re.Pattern[str] | None:
    """Finds any of the words, whole and in any case; a sign like % may touch a figure."""
    whole = "|".join(re.escape(word) for word in words if word[:1].isalnum())
    parts = [re.escape(word) for word in words if not word[:1].isalnum()]
    if whole:  # the bounds once for all of them: looked for much faster than with each
        parts.append(rf"(?<!\w)(?:{whole})(?!\w)")
    return re.compile("|".join(parts).replace(r"\ ", r"\s+"), re.IGNORECASE) if parts else None


def _first(pattern: re.Pattern[str] | None, text: Text) -> str | None:
    found = next(filter(None, (pattern.search(one) for one in text)), None) if pattern else None
    return found[0] if found else None
