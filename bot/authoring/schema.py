"""The JSON Schema of a script, from which an editor completes and explains what an author types."""

from __future__ import annotations

import json
from typing import Any

from bot.coach.script import Script

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def schema() -> str:
    """The schema as the text of a file."""
    found = Script.model_json_schema()
    found = {"$schema": DIALECT, "title": "A script of the coach", **_as_written(found)}
    return json.dumps(found, indent=1, ensure_ascii=False) + "\n"


def _as_written(part: Any) -> Any:
    """Without the titles that only repeat a name, without nulls nobody writes, and with no id but a good one."""
    if isinstance(part, list):
        return [_as_written(one) for one in part]
    if not isinstance(part, dict):
        return part
    found: dict[str, Any] = {}
    for key, value in part.items():
        if key in ("properties", "patternProperties", "$defs"):  # their keys are names, not keywords
            found[key] = {name: _as_written(one) for name, one in value.items()}
        elif key != "title" and not (key == "default" and value in (None, [], {})):
            found[key] = _as_written(value)
    if "patternProperties" in found:
        found["additionalProperties"] = False
    ways = [way for way in found.get("anyOf", ()) if way != {"type": "null"}]
    if len(ways) < len(found.get("anyOf", ())):
        del found["anyOf"]
        found |= ways[0] if len(ways) == 1 else {"anyOf": ways}
    return found
