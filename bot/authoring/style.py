"""How a language's texts read: no harder than its grade, no longer than a message should be, exempt only by name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from bot.authoring.reading_level import counted, grade, plain_words
from bot.coach.script import End, Id, Model, Say, Script
from bot.library import Library, Mistake, claiming, texts_of
from bot.pages import Page

LONGEST = 500
"""About as many characters as a message should have."""
PARAGRAPHS = 3
ENOUGH_WORDS = 20
"""Below so many words a grade says nothing: one long word decides it."""
EXEMPT_SHARE = 0.03


class Style(Model):
    """How one language's texts should read, as data. Its file is style.yaml."""

    grade: float | None = None
    """The highest Flesch-Kincaid grade (a US school year). Without it the reading level is not checked."""
    exempt: Mapping[str, str] = {}
    """Texts that may be harder or longer, by name as `script.step.field`, each with the reason."""
    syllables: Mapping[str, int] = {}
    """Words whose syllables cannot be counted by their letters."""
    claims: tuple[str, ...] = ()
    """Words that only a claim uses: a text with one of them says what it rests on."""
    no_claims: Mapping[str, str] = {}
    """Short lines that use such a word and claim nothing, by name as `phrases.failed`, each with the reason."""
    topics: Mapping[Id, tuple[str, ...]] = {}
    """Of each gate the words that speak of its topic: a `say` with one of them lies behind that gate."""


Where = tuple[str, Page, tuple[str | int, ...], str, str]
"""A text's name, its page, the path to it, the step it belongs to, and the text."""


def reading(library: Library, style: Style, page: Page, beside: Mapping[str, Page]) -> Iterator[Mistake]:
    """Every text that is too hard or too long, and what is wrong with the exemptions."""
    hard: set[str] = set()
    measured = 0
    for name, where, path, step, text in _texts(library, beside):
        words, sentences = counted(text)
        measured += len(words) >= ENOUGH_WORDS
        found = list(_wrong(text, words, sentences, style))
        if found:
            hard.add(name)
        if name not in style.exempt:
            for what in found:
                yield Mistake(where.name, where.line(*path), step, what)
    for name in style.exempt:
        if name not in hard:
            what = f"{name} needs no exemption; take it out of the list"
            yield Mistake(page.name, page.line("exempt", name), "exempt", what)
    if len(style.exempt) > EXEMPT_SHARE * measured:
        what = f"{len(style.exempt)} texts are exempt; {int(EXEMPT_SHARE * measured)} of {measured} may be"
        yield Mistake(page.name, page.line("exempt"), "exempt", what)


def together(library: Library) -> Iterator[Mistake]:
    """Adjoining `say`s without a condition always become one message: the longest of each may not be too long."""
    for script in library.scripts.values():
        page = library.pages[script.id]
        told: set[str] = set()
        for step_id in script.steps:
            size, chain = 0, _said_together(script, step_id)
            if step_id in told:
                continue
            told.update(chain)
            for name in chain:
                step = script.steps[name]
                text = step.say if isinstance(step, Say) else getattr(step, "end", ())
                size += max(len(plain_words(variant)) for variant in text) + 2
            if len(chain) > 1 and size - 2 > LONGEST:
                what = (
                    f"becomes one message with {', '.join(chain[1:])}, of {size - 2} characters; about {LONGEST} make "
                    "a message: shorten them, or ask something between"
                )
                yield Mistake(page.name, page.line("steps", step_id), step_id, what)


def _said_together(script: Script, first: str) -> list[str]:
    """The steps that are always said in one go with this one, itself first."""
    chain: list[str] = []
    at: str | None = first
    while at is not None and at in script.steps and at not in chain:
        step = script.steps[at]
        if step.when or not (isinstance(step, Say) or (isinstance(step, End) and step.end != "quiet")):
            break
        chain.append(at)
        if isinstance(step, End) or any(case.when for case in step.next):
            break
        at = step.next[0].go if step.next else script.following(at)
    return chain


def _wrong(text: str, words: list[str], sentences: int, style: Style) -> Iterator[str]:
    size = len(plain_words(text))
    if size > LONGEST:
        yield f"{size} characters; about {LONGEST} make a message: cut it or make two steps of it"
    paragraphs = len([part for part in text.split("\n\n") if part.strip()])
    if paragraphs > PARAGRAPHS:
        yield f"{paragraphs} paragraphs; {PARAGRAPHS} short ones at most"
    if style.grade is None or len(words) < ENOUGH_WORDS:
        return
    level = grade(text, style.syllables)
    if level > style.grade:
        per = round(len(words) / sentences)
        yield (
            f"reads at grade {level:.1f}, {style.grade:g} at most: {per} words a sentence; "
            "shorten sentences, use shorter words"
        )


def _texts(library: Library, beside: Mapping[str, Page]) -> Iterator[Where]:
    """Every text a person may read but the labels of buttons."""
    for script in library.scripts.values():
        page = library.pages[script.id]
        for step_id, step in script.steps.items():
            for field, text in texts_of(step):
                if field.endswith("label"):
                    continue
                path = path_of(page, step_id, field)
                for at, variant in enumerate(text):
                    yield f"{script.id}.{step_id}.{field}", page, (*path, at), step_id, variant
            for option, holder in claiming(step):
                inside = path_of(page, step_id, f"{option}.evidence") if option else ("steps", step_id, "evidence")
                for field in ("why", "article"):
                    said = getattr(holder.evidence, field, None)
                    if said:
                        name = ".".join(str(part) for part in inside[1:])
                        yield f"{script.id}.{name}.{field}", page, (*inside, field), step_id, said
    for stem, page in beside.items():
        for inside, line in strings(page.data):
            yield ".".join((stem, *map(str, inside))), page, inside, str(inside[0]), line


def path_of(page: Page, step_id: str, field: str) -> tuple[str | int, ...]:
    """Where a field of a step or of one of its options stands in the file."""
    if "." not in field:
        return "steps", step_id, field
    option, of = field.split(".", 1)
    for kind in ("choice", "several", "yesno", "permission"):
        if ("steps", step_id, kind) in page.lines:
            return "steps", step_id, kind, option, of
    return "steps", step_id, "text", "offer", option, of


def strings(data: Any, *path: str | int) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Every text in a page's data, with the path to it."""
    if isinstance(data, str):
        yield path, data
    elif isinstance(data, dict | list):
        for part, value in data.items() if isinstance(data, dict) else enumerate(data):
            yield from strings(value, *path, part)
