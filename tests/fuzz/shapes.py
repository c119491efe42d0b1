"""Random objects of the Bot API, made by the shapes that its documentation gives them.

`shapes.json` names each object that an update may hold with its fields: `?` marks an optional one, `=a|b` a text that
is one of these; a list instead of fields names the kinds of an object that has several.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from random import Random
from typing import Any

from tests.fuzz.texts import hostile, sensible

SHAPES: Mapping[str, Any] = json.loads(Path(__file__).with_name("shapes.json").read_text())
UPDATES = tuple(name.removesuffix("?") for name in SHAPES["Update"] if name.endswith("?"))
"""Every kind of update that Telegram has."""
CONTENTS = tuple(name.removesuffix("?") for name in SHAPES["Message"] if name.endswith("?"))
"""Everything that a message may hold besides its number, date and chat."""
DEEPEST = 5
NUMBERS = (0, 1, 2, 7, 60, 512, 4096, -1, 2**31 - 1, 2**31, 2**53, 2**63 - 1, 2**63, -(2**63), 10**30)
DATES = (0, 1, 1_700_000_000, 2**31 - 1, 2**31, 2**32, 253_402_300_799, 253_402_300_800, 10**14, -1)


class Shapes:
    """Makes objects; what it makes follows from the random numbers alone."""

    def __init__(self, random: Random, lacking: float = 0.002) -> None:
        """`lacking` is how often something is missing that is always there."""
        self._random = random
        self._lacking = lacking

    def make(self, kind: str, depth: int = 0) -> Any:
        """A value of this kind: an object, a list or a scalar."""
        random = self._random
        if kind.startswith("Array of "):
            return [self.make(kind.removeprefix("Array of "), depth + 1) for _ in range(random.choice((0, 1, 1, 2)))]
        if kind.startswith("="):
            return random.choice(kind[1:].split("|")) if random.random() < 0.98 else hostile(random)
        if "|" in kind:
            return self.make(random.choice(kind.split("|")), depth)
        shape = SHAPES.get(kind)
        if shape is None:
            return self._scalar(kind)
        if isinstance(shape, list):
            return self.make(random.choice(shape), depth)
        return self._object(shape, depth)

    def message(self, *contents: str, depth: int = 0) -> dict[str, Any]:
        """A message that holds these."""
        fields: Mapping[str, str] = SHAPES["Message"]
        made: dict[str, Any] = self._object({name: kind for name, kind in fields.items() if name[-1] != "?"}, depth)
        return {**made, **{name: self.make(fields[f"{name}?"], depth + 1) for name in contents}}

    def _object(self, shape: Mapping[str, str], depth: int) -> dict[str, Any]:
        random, made = self._random, {}
        chance = 0.0 if depth >= DEEPEST else 0.3 / (1 + depth) if len(shape) < 30 else 0.03
        for name, kind in shape.items():
            optional = name.endswith("?")
            if random.random() < chance if optional else random.random() >= self._lacking and depth < 3 * DEEPEST:
                made[name.removesuffix("?")] = self.make(kind, depth + 1)
        if random.random() < 0.02:
            made[random.choice(("new_in_2027", "class", "", "api_kwargs", "\0"))] = hostile(random)
        return made

    def _scalar(self, kind: str) -> Any:
        random = self._random
        if random.random() < 0.001:
            return random.choice((None, [], {}, "x", -1, 1.5, True))
        match kind:
            case "Integer":
                return random.choice(NUMBERS) if random.random() < 0.3 else random.randrange(2**31)
            case "Float":
                return random.choice((0.0, -90.0, 181.0, 52.5, 1e308, 1e-320, -0.0, 10**30))
            case "Boolean":
                return random.random() < 0.5
            case "True":
                return True
        return hostile(random) if random.random() < 0.3 else sensible(random)
