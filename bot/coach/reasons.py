"""What one message told and what led to it, so that the person can ask why it came and how sure we are."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.coach.script import Condition

_PLACEHOLDER = re.compile(r"\{\{\s*(\w+)")


@dataclass(frozen=True)
class Reason:
    """One name that decided the way, with what was known of it as it reads in a sentence.

    The name of an answer of the run is `script.step`; a fact and a gate have their own (`zone`, `gate.cold`).
    """

    name: str
    words: str = ""


@dataclass(frozen=True)
class Told:
    """The steps whose words stand in a message, in order, as `script.step` or `script.step.option`; and the reasons."""

    steps: tuple[str, ...] = ()
    because: tuple[Reason, ...] = ()

    def to_json(self) -> dict[str, Any]:
        return {"steps": list(self.steps), "because": [[reason.name, str(reason.words)] for reason in self.because]}

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Told:
        """Reads what `to_json` wrote; what is missing was not told."""
        because = tuple(Reason(str(name), str(words)) for name, words in value.get("because", ()))
        return cls(tuple(map(str, value.get("steps", ()))), because)


NOTHING = Told()


class Trail:
    """Collects, between two questions, what is told and what decides the way."""

    def __init__(self) -> None:
        self._steps: list[str] = []
        self._because: dict[str, Reason] = {}
        self._said: Told | None = None

    def decided(self, reasons: Iterable[Reason]) -> None:
        """These decided where the walk goes, or what is said."""
        for reason in reasons:
            self._because[reason.name] = reason

    def tells(self, step: str) -> None:
        """Words of this step are said."""
        self._steps.append(step)
        self._said = self.told()

    def told(self) -> Told:
        return Told(tuple(self._steps), tuple(self._because.values()))

    def said(self) -> Told:
        """As it stood when the last words were said: what was decided afterwards is about the question that follows."""
        return self._said or NOTHING


def names_in(text: Iterable[str]) -> tuple[str, ...]:
    """Every name that a text's variants may be filled in with, each once."""
    return tuple(dict.fromkeys(name for variant in text for name in _PLACEHOLDER.findall(variant)))


def names_of(*conditions: Condition | None) -> tuple[str, ...]:
    """Every name that the conditions test, each once."""
    return tuple(dict.fromkeys(name for one in conditions if one for name in one.names()))
