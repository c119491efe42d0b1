"""Draws each script as a Mermaid flowchart, one page each, so that an author sees where a conversation may lead."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from pathlib import Path

from bot.authoring.reading_level import plain_words
from bot.coach.script import (
    END,
    Branch,
    Case,
    Condition,
    Do,
    End,
    LogStep,
    Permission,
    Question,
    Remember,
    Say,
    Script,
    Step,
    Switch,
    Test,
    Use,
    kind_of,
    options_of,
)
from bot.library import Library

SHOWN = 70
"""Characters of a step's text in its box."""
KINDS = ("onboarding", "area", "checkin", "weekly", "log", "command", "part")
HEADINGS = ("Onboarding", "Areas", "Check-ins", "The week", "Log", "Commands", "Parts")
MARK = "<!-- Written by `make author` from the scripts in content/; do not edit. -->"
LEGEND = (
    "A box with round ends asks or ends, a diamond chooses a way, a double box walks another script, a slanted box "
    "remembers or does something without a word. A dotted line is taken when a step's *if* does not hold, or a "
    "question is skipped."
)


def pages(library: Library) -> dict[str, str]:
    """The text of every page by its file's name."""
    found = {f"{script.id}.md": _page(script, library) for script in library.scripts.values()}
    return {"README.md": _index(library), **found}


def write(library: Library, folder: Path) -> int:
    """Writes the pages into a folder of their own and takes away what is no script any more; returns how many."""
    folder.mkdir(parents=True, exist_ok=True)
    found = pages(library)
    for old in folder.glob("*.md"):
        if old.name not in found:
            old.unlink()
    for name, text in found.items():
        (folder / name).write_text(text, encoding="utf-8")
    return len(found)


def _index(library: Library) -> str:
    lines = [MARK, "", "# The conversations, drawn", "", LEGEND]
    for kind, heading in zip(KINDS, HEADINGS, strict=True):
        scripts = [script for script in library.scripts.values() if script.kind == kind]
        lines += ["", f"## {heading}", ""]
        for script in sorted(scripts, key=lambda one: (one.order, one.id)):
            lines.append(f"- [{script.title}]({script.id}.md) (`{library.pages[script.id].name}`)")
    return "\n".join(lines) + "\n"


def _page(script: Script, library: Library) -> str:
    file = library.pages[script.id].name
    parts = sorted({step.use for step in script.steps.values() if isinstance(step, Use)})
    users = sorted(other.id for other in library.scripts.values() if _walks(other, script.id))
    lines = [MARK, "", f"# {script.title}", "", f"[`{file}`](../../{file}) · [all conversations](README.md)"]
    for words, names in (("Walks", parts), ("Walked by", users)):
        if names:
            lines += ["", f"{words} " + ", ".join(f"[{name}]({name}.md)" for name in names) + "."]
    return "\n".join([*lines, "", "```mermaid", *flowchart(script), "```"]) + "\n"


def _walks(script: Script, part: str) -> bool:
    return any(isinstance(step, Use) and step.use == part for step in script.steps.values())


def flowchart(script: Script) -> Iterator[str]:
    """The lines of a script's flowchart."""
    yield "flowchart TD"
    edges = [edge for step_id in script.steps for edge in _edges(script, step_id)]
    for step_id, step in script.steps.items():
        left, right = _shape(step)
        yield f'  {_node(step_id)}{left}"{_box(step_id, step)}"{right}'
    if any(to == END for _, _, _, to in edges):
        yield f'  {_node(END)}(("end"))'
    for start, line, label, to in edges:
        said = f'|"{escaped(label)}"|' if label else ""
        yield f"  {_node(start)} {line}{said} {_node(to)}"


def _node(step_id: str) -> str:
    """No step's id is a word of Mermaid's this way, `end` above all."""
    return "fin" if step_id == END else f"s_{step_id}"


def _shape(step: Step) -> tuple[str, str]:
    match step:
        case Branch():
            return "{", "}"
        case Use():
            return "[[", "]]"
        case Question() | End():
            return "([", "])"
        case Say():
            return "[", "]"
        case _:
            return "[/", "/]"


def _box(step_id: str, step: Step) -> str:
    lines = [f"<b>{escaped(step_id)}</b>"]
    if step.when:
        lines.append(f"<i>if {escaped(in_words(step.when))}</i>")
    lines += [escaped(text) for text in _says(step) if text]
    return "<br>".join(lines)


def _says(step: Step) -> Iterator[str]:
    match step:
        case Say():
            yield shortened(step.say[0])
        case Question():
            yield shortened(step.ask[0])
            yield f"({kind_of(step)})"
        case End():
            yield "quiet" if isinstance(step.end, str) else shortened(step.end[0])
        case Use():
            yield f"walks {step.use}"
        case Do():
            yield step.do.replace("_", " ")
        case Switch():
            yield ", ".join(f"{habit} {'on' if on else 'off'}" for habit, on in step.switch.items())
        case Remember():
            yield "remembers " + ", ".join(step.remember)
        case LogStep():
            yield "logs " + ", ".join(step.log)
        case _:
            return


def _edges(script: Script, step_id: str) -> Iterator[tuple[str, str, str, str]]:
    """Every line from a step: where it begins, how it is drawn, what stands at it, where it ends."""
    step = script.steps[step_id]
    below = script.following(step_id)
    onward = list(_onward(step, below))
    targets = list(_by_target(onward))
    plain = len(targets) == 1 and isinstance(step, Question)  # whatever is answered, it goes on there
    for to, labels in targets:
        yield step_id, "-->", "" if plain else " · ".join(filter(None, labels)), to
    if isinstance(step, Question) and isinstance(step.skip, str):
        yield step_id, "-.->", "skipped", step.skip
    if step.when and all(to != below for to, _ in onward):
        yield step_id, "-.->", "otherwise", below


def _onward(step: Step, below: str) -> Iterator[tuple[str, str]]:
    """Where a step leads once it is walked, and why."""
    if isinstance(step, End):
        return
    default = list(_cases(step.branch if isinstance(step, Branch) else step.next, below))
    if not isinstance(step, Question):
        if isinstance(step, Switch) and step.refused:
            yield step.refused, "refused"
        yield from default
        return
    for name, option in options_of(step).items():
        if option.next:
            yield from ((to, f"{option.label}{', ' + why if why else ''}") for to, why in _cases(option.next, below))
        elif isinstance(step, Permission) and name == "no":
            yield step.otherwise, option.label
        else:
            yield from ((to, why or option.label) for to, why in default)
    if not options_of(step):
        yield from default


def _cases(cases: tuple[Case, ...], below: str) -> Iterator[tuple[str, str]]:
    certain = False
    for case in cases:
        certain = case.when is None
        yield case.go, in_words(case.when) if case.when else ("otherwise" if len(cases) > 1 else "")
    if not certain:
        yield below, "otherwise" if cases else ""


def _by_target(ways: list[tuple[str, str]]) -> Iterator[tuple[str, list[str]]]:
    """The ways with one line for each target, their labels together."""
    found: dict[str, list[str]] = {}
    for to, label in ways:
        labels = found.setdefault(to, [])
        if label not in labels:
            labels.append(label)
    return iter(found.items())


def in_words(condition: Condition) -> str:
    """A condition as one reads it aloud."""
    parts = [_tested(name, test) for name, test in condition.tests.items()]
    for group, start in ((condition.any, "any of"), (condition.none, "none of")):
        if group:
            parts.append(f"{start} ({'; '.join(in_words(one) for one in group)})")
    return " and ".join(parts)


def _tested(name: str, test: Test) -> str:
    ways: Mapping[str, object] = {
        "is": test.is_,
        "is not": test.not_,
        "is one of": test.one_of,
        "has": test.has,
        "has one of": test.has_any,
        "lacks": test.lacks,
        "is below": test.below,
        "is at least": test.at_least,
    }
    found = [f"{way} {_value(value)}" for way, value in ways.items() if value is not None]
    if test.known is not None:
        found.append("is known" if test.known else "is not known")
    if test.every is not None:
        found.append(f"counts to every {test.every}")
    return f"{name} {' and '.join(found)}"


def _value(value: object) -> str:
    if isinstance(value, tuple):
        return ", ".join(map(_value, value))
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"{value:g}" if isinstance(value, float) else str(value)


def shortened(text: str) -> str:
    """The beginning of a text as a person may read it, up to a whole word."""
    words = plain_words(text, named=True).split()
    sizes = itertools.accumulate(len(word) + 1 for word in words)
    kept = [word for word, size in zip(words, sizes, strict=True) if size <= SHOWN]
    return " ".join(kept) + ("" if len(kept) == len(words) else " …")


def escaped(text: str) -> str:
    """The text inside Mermaid's quotes: what Mermaid or HTML would read as its own is a code."""
    codes = {"#": "#35;", '"': "#quot;", "&": "#amp;", "<": "#lt;", ">": "#gt;", "`": "#96;", "|": "#124;"}
    return "".join(codes.get(letter, letter) for letter in " ".join(text.split()))
