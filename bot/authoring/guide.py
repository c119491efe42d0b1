"""Writes the reference part of the author's guide from the models, so that the two cannot differ."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from bot.authoring.schema import schema
from bot.coach.script import KINDS, Question, Step, kinds

BEGINS = "<!-- The reference is written by `make author` from the models in bot/; do not edit it by hand. -->"
ENDS = "<!-- The reference ends. -->"
LINKS = {
    "Condition": ("a condition", "conditions"),
    "Case": ("a case", "cases"),
    "Option": ("an option", "options"),
    "Evidence": ("evidence", "evidence"),
    "Start": ("a start", "starts"),
    "Test": ("a test", "conditions"),
}
"""What other parts call these, and the heading they stand under."""
MANY = {"an id": "ids", "a number": "numbers", "text": "texts", "a value": "values"}
TEXT = [{"type": "string"}, {"items": {"type": "string"}, "type": "array"}]
"""How the schema has a text that may have variants."""
Part = Mapping[str, Any]


def reference() -> str:
    """The reference as Markdown."""
    found = json.loads(schema())
    parts: Mapping[str, Part] = found["$defs"]
    own = set(Step.model_fields)
    of_questions = set(Question.model_fields) - own
    lines = [BEGINS, "", "### A script", "", *_table(found), "", "### Starts", "", _said(parts["Start"]), ""]
    lines += [*_table(parts["Start"]), "", "### On every step", "", *_table(parts["Choice"], only=own)]
    lines += ["", "### Kinds of step", "", "The key in the heading makes it that kind."]
    for key in KINDS:
        if not issubclass(kinds()[key], Question):
            lines += _kind(key, parts[kinds()[key].__name__], parts, own)
    lines += ["", "### On every question", "", *_table(parts["Choice"], only=of_questions)]
    lines += ["", "### Kinds of question", "", "Each has `ask` and the key in the heading."]
    for key in KINDS:
        if issubclass(kinds()[key], Question):
            lines += _kind(key, parts[kinds()[key].__name__], parts, own | of_questions)
    for heading, name in (("Options", "Option"), ("Cases", "Case"), ("Evidence", "Evidence")):
        lines += ["", f"### {heading}", "", _said(parts[name]), "", *_table(parts[name])]
    lines += ["", "### Conditions", "", _said(parts["Condition"]), "", *_table(parts["Condition"])]
    lines += ["", "A name is tested with:", "", *_table(parts["Test"]), "", ENDS]
    return "\n".join(lines)


def with_reference(guide: str) -> str:
    """The guide with its reference written anew. Raises ValueError where the marks are missing."""
    before, begins, rest = guide.partition(BEGINS)
    _, ends, after = rest.partition(ENDS)
    if not (begins and ends):
        raise ValueError(f"the guide has no place for the reference; put these lines into it:\n{BEGINS}\n{ENDS}")
    return before + reference() + after


def _kind(key: str, part: Part, parts: Mapping[str, Part], known: set[str]) -> Iterator[str]:
    yield from ("", f"#### `{key}`", "", _said(part), "")
    yield from _table(part, only=set(part["properties"]) - known)
    inner = part["properties"][key].get("$ref", "").rpartition("/")[2]
    if inner and parts[inner].get("properties"):
        yield from ("", f"In `{key}`:", "")
        yield from _table(parts[inner])


def _table(part: Part, only: set[str] | None = None) -> Iterator[str]:
    required = set(part.get("required", ()))
    yield "| field | takes | |"
    yield "|---|---|---|"
    for name, field in part["properties"].items():
        if only is None or name in only or name.rstrip("_") in only:
            must = "**needed.** " if name in required else ""
            default = _default(field)
            yield f"| `{name}` | {_takes(field)} | {must}{_said(field)}{default} |"


def _default(field: Part) -> str:
    value = field.get("default")
    if value in (None, False, "", 0, "PT0S") or isinstance(value, dict | list):
        return ""
    return f" Without it: `{json.dumps(value)}`."


def _said(part: Part) -> str:
    return " ".join(str(part.get("description", "")).split()).replace("|", "\\|")


def _takes(field: Part) -> str:
    """What a field takes, in words."""
    if "$ref" in field:
        name = field["$ref"].rpartition("/")[2]
        words, heading = LINKS.get(name, ("the fields below", ""))
        return f"[{words}](#{heading})" if heading else words
    if "enum" in field:
        return ", ".join(f"`{value}`" for value in field["enum"])
    if "const" in field:
        return f"`{field['const']}`"
    if field.get("anyOf") == TEXT:
        return "text or a list of variants"
    if "oneOf" in field:
        return "[a step](#kinds-of-step)"
    if "anyOf" in field:
        return _either([_takes(one) for one in field["anyOf"]])
    match field.get("type"):
        case "array":
            one = _takes(field["items"])
            return f"a list of {MANY.get(one, one)}"
        case "object":
            names = field.get("propertyNames", {}).get("enum")
            values = next(iter(field.get("patternProperties", {}).values()), field.get("additionalProperties"))
            of = f"each {_takes(values)}" if isinstance(values, dict) and values else "each a value"
            return f"{', '.join(f'`{one}`' for one in names)}, {of}" if names else f"names, {of}"
        case "string":
            return _kinds_of_text(field.get("pattern", ""))
        case "boolean":
            return "`true` or `false`"
        case "integer" | "number":
            return "a number"
        case _:
            return "a value"


def _kinds_of_text(pattern: str) -> str:
    if "min|h|d" in pattern:
        return "a length of time (`20 min`)"
    if "[01]" in pattern:
        return 'a time in quotes (`"19:30"`)'
    return "an id" if pattern else "text"


def _either(ways: list[str]) -> str:
    """The ways with "or", each once; all scalars are "a value"."""
    found = list(dict.fromkeys(ways))
    scalars = {"text", "a number", "`true` or `false`"}
    if scalars <= set(found):
        found = ["a value", *(way for way in found if way not in scalars)]
    return " or ".join(found)
