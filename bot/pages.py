"""Reads YAML files with the line of every part, refusing duplicate keys and the surprises of YAML 1.1.

PyYAML's C parser gives the nodes with their lines; what a plain word means is decided here by YAML 1.2's
core rules, so that `no`, `8:30` and `012` stay what an author meant. ruamel.yaml knows the rules too, but took
five seconds for the content where this takes half of one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

_INT = re.compile(r"[-+]?(0|[1-9][0-9]*)")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|(0|[1-9][0-9]*)(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_WORDS = {"true": True, "True": True, "false": False, "False": False, "null": None, "~": None, "": None}
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class PageError(Exception):
    """A file that is no YAML, or says a thing twice; `line` counts from 1."""

    def __init__(self, line: int, what: str) -> None:
        super().__init__(f"line {line}: {what}")
        self.line = line
        self.what = what


@dataclass(frozen=True)
class Page:
    """A file's data, and the line on which each part of it stands, by its path."""

    name: str
    data: Any
    lines: dict[tuple[str | int, ...], int] = field(default_factory=dict, repr=False)

    def line(self, *path: str | int) -> int:
        """The line of the deepest part of the path that stands in the file; what it lacks is passed over."""
        found: tuple[str | int, ...] = ()
        for part in path:
            if (*found, part) in self.lines:
                found = (*found, part)
        return self.lines.get(found, 1)


def read_page(path: Path, name: str | None = None) -> Page:
    """Reads a file. Raises PageError with the line of what is wrong. The data of equal files is one: change nothing."""
    try:
        data, lines = _read(path.read_text(encoding="utf-8"))
    except UnicodeDecodeError as error:
        raise PageError(1, str(error)) from None
    return Page(name or path.name, data, lines)


@lru_cache(maxsize=256)
def _read(text: str) -> tuple[Any, dict[tuple[str | int, ...], int]]:
    """A file's data and its lines; kept, for an author's edit changes one file of more than a hundred."""
    try:
        loader = _Loader(text)
        try:
            root = loader.get_single_node()
        finally:
            loader.dispose()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        raise PageError(line, error.problem or error.context or "cannot be read") from None
    except yaml.YAMLError as error:
        raise PageError(1, str(error)) from None
    lines: dict[tuple[str | int, ...], int] = {}
    return _plain(root, (), lines) if root else None, lines


def _plain(node: yaml.Node, path: tuple[str | int, ...], lines: dict[tuple[str | int, ...], int]) -> Any:
    match node:
        case yaml.MappingNode():
            found: dict[str, Any] = {}
            for key_node, value_node in node.value:
                key = str(key_node.value)
                line = key_node.start_mark.line + 1
                if key in found:
                    raise PageError(line, f"found duplicate key {key!r}")
                lines[(*path, key)] = line
                found[key] = _plain(value_node, (*path, key), lines)
            return found
        case yaml.SequenceNode():
            items = []
            for at, item in enumerate(node.value):
                lines[(*path, at)] = item.start_mark.line + 1
                items.append(_plain(item, (*path, at), lines))
            return items
        case _:
            quoted = isinstance(node, yaml.ScalarNode) and node.style
            return node.value if quoted else _scalar(str(node.value))


def _scalar(text: str) -> Any:
    """What a word without quotes means by YAML 1.2's core schema."""
    if text in _WORDS:
        return _WORDS[text]
    if _INT.fullmatch(text):
        return int(text)
    return float(text) if _FLOAT.fullmatch(text) else text
