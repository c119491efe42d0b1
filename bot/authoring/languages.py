"""Finds what one language lacks that the others have: a script, a step, an option."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from bot.coach.script import Script, kind_of, options_of
from bot.library import Library, Mistake


def languages_in(folder: Path) -> list[str]:
    """The languages of a content folder: its folders with YAML in them, English first."""
    found = sorted(path.name for path in folder.iterdir() if path.is_dir() and any(path.rglob("*.yaml")))
    return sorted(found, key=lambda name: name != "en")


def lacking(library: Library, language: str, other: Library, of: str) -> Iterator[Mistake]:
    """What `library` lacks of what `other` has."""
    for name, theirs in other.scripts.items():
        script = library.scripts.get(name)
        if script is None:
            file = other.pages[name].name.replace(f"/{of}/", f"/{language}/")
            yield Mistake(file, 1, "", f"the script {name} is missing; {of} has it: copy the file and translate it")
        else:
            page = library.pages[name]
            for step_id, what in _lacking(script, theirs, of):
                line = page.line("steps", step_id) if step_id in script.steps else page.line("steps")
                yield Mistake(page.name, line, step_id, what)


def _lacking(script: Script, theirs: Script, of: str) -> Iterator[tuple[str, str]]:
    for step_id, step in theirs.steps.items():
        own = script.steps.get(step_id)
        if own is None:
            yield step_id, f"this step is missing; {of} has it: copy it and translate its texts"
        elif kind_of(own) != kind_of(step):
            yield step_id, f"is {kind_of(own)} here and {kind_of(step)} in {of}; the kinds must agree"
        else:
            for option in options_of(step).keys() - options_of(own).keys():
                yield step_id, f"the option {option} is missing; {of} has it"
