"""How a language's texts read: no harder than its grade, no longer than a message should be, exempt only by name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bot.authoring.reading_level import counted, grade, plain_words
from bot.coach.conditions import passes
from bot.coach.script import (
    Branch,
    Condition,
    End,
    Id,
    Model,
    Option,
    Question,
    Say,
    Script,
    Several,
    Step,
    Text,
    Use,
    options_of,
)
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
    for name, where, path, step, what in _joined(library):
        hard.add(name)
        if name not in style.exempt:
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
                size += _longest(_said(script.steps[name])) + 2
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
        if step.when or not _said(step):
            break
        chain.append(at)
        if isinstance(step, End) or any(case.when for case in step.next):
            break
        at = step.next[0].go if step.next else script.following(at)
    return chain


def _joined(library: Library) -> Iterator[Where]:
    """What is said after an answer and what follows it become one message: of each question the longest, if too long.

    Counted is what surely follows, and of the steps with a condition the longest that the answer does not rule out.
    """
    for script in library.scripts.values():
        page = library.pages[script.id]
        for step_id, question in script.steps.items():
            if not isinstance(question, Question):
                continue
            longest, which, after = 0, "", ""
            offered: Mapping[str, Option | None] = options_of(question) or {"": None}
            for name, option in offered.items():
                reflect = (option.reflect if option else ()) or question.reflect
                ways = (option.next if option else ()) or question.next
                if not reflect or any(case.when for case in ways):
                    continue
                value = [name] if isinstance(question, Several) else name
                first = ways[0].go if ways else script.following(step_id)
                size, steps = _follows(script, first, step_id, value)
                if steps and _longest(reflect) + 2 + size > longest:
                    longest, which, after = _longest(reflect) + 2 + size, name, ", ".join(steps)
            if longest > LONGEST:
                inside = path_of(page, step_id, f"{which}.reflect") if which else ("steps", step_id, "reflect")
                what = (
                    f"{which + ': ' if which else ''}what is said after this answer becomes one message with {after}, "
                    f"of {longest} characters; about {LONGEST} make a message: shorten one of them, or ask something "
                    "between"
                )
                yield f"{script.id}.{step_id}.joined", page, inside, step_id, what


def _follows(script: Script, first: str, asked: str, value: Any) -> tuple[int, list[str]]:
    """How long what is said until the next question is, and the steps that say it."""
    size, sometimes, steps, one = 0, 0, list[str](), ""
    at: str | None = first
    seen: set[str] = set()
    while at is not None and at in script.steps and at not in seen:
        seen.add(at)
        step = script.steps[at]
        if isinstance(step, Question | Use) or (isinstance(step, Branch) and step.branch[0].when):
            break
        text = _said(step)
        if text and step.when is None:
            size += _longest(text) + 2
            steps.append(at)
        elif text and _longest(text) + 2 > sometimes and _may_hold(step.when, asked, value):
            sometimes, one = _longest(text) + 2, at
        cases = step.branch if isinstance(step, Branch) else step.next
        if step.when is None and (isinstance(step, End) or any(case.when for case in cases)):
            break
        at = cases[0].go if cases and step.when is None else script.following(at)
    return max(size + sometimes - 2, 0), [*steps, *([one] if one else [])]


def _may_hold(condition: Condition | None, name: str, value: Any) -> bool:
    """Whether a condition may hold when one name has this value and nothing is known of any other."""
    if condition is None:
        return True
    if name in condition.tests and not passes(condition.tests[name], value):
        return False
    if condition.any and not any(_may_hold(part, name, value) for part in condition.any):
        return False
    ruled_out = (part for part in condition.none if set(part.tests) == {name} and not part.any and not part.none)
    return not any(passes(part.tests[name], value) for part in ruled_out)


def _said(step: Step) -> Text:
    """What a step says by itself; nothing for one that asks, or ends without a word."""
    if isinstance(step, Say):
        return step.say
    return step.end if isinstance(step, End) and step.end != "quiet" else ()


def _longest(text: Text) -> int:
    return max(len(plain_words(variant)) for variant in text)


def _wrong(text: str, words: Sequence[str], sentences: int, style: Style) -> Iterator[str]:
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
