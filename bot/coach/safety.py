"""Decides from the person's own screen what is open to them: nothing is until its own list is answered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from bot.coach.script import Id, Model

Level = Literal["stop", "ask", "care"]
UNSURE = "not_sure"
NONE = "none"


class Gate(Model):
    """A topic that is shut until every list that decides it is answered."""

    title: str
    decided_by: tuple[Id, ...]
    """The facts (answers of the screen) that decide it."""
    also: tuple[Id, ...] = ()
    """Facts that hold it once they are answered so, but need not be answered to open it."""
    quiet: bool = False
    """Not named among what is open or on hold."""
    unanswered: str
    """Said while one of them is missing, skipped or unsure."""


class Finding(Model):
    """What one answer of the screen means, gate by gate, with the line to say."""

    line: str
    gates: dict[Id, Level]


class SafetyTable(Model):
    """The screen as data: `findings` is keyed by the fact and the option, as `body.heart`."""

    gates: dict[Id, Gate]
    findings: dict[str, Finding]


@dataclass(frozen=True)
class GateState:
    """Whether a gate is open, and the lines that say why it is held or what to take care of."""

    open: bool
    lines: tuple[str, ...] = ()


def gates(table: SafetyTable, facts: Mapping[str, object], *, consented: bool) -> dict[str, GateState]:
    """Every gate by its id. Without consent all are shut, since nothing was asked."""
    return {name: _state(name, gate, table, facts, consented) for name, gate in table.gates.items()}


def _state(name: str, gate: Gate, table: SafetyTable, facts: Mapping[str, object], consented: bool) -> GateState:
    if not consented:
        return GateState(False)
    held: list[str] = []
    care: list[str] = []
    unanswered = False
    for fact in (*gate.decided_by, *gate.also):
        answers = _answers(facts.get(fact))
        if fact in gate.decided_by and (not answers or UNSURE in answers):
            unanswered = True
        for answer in answers:
            finding = table.findings.get(f"{fact}.{answer}")
            level = finding.gates.get(name) if finding else None
            if finding and level:
                (care if level == "care" else held).append(finding.line)
    if held:
        return GateState(False, tuple(dict.fromkeys(held)))
    if unanswered:
        return GateState(False, (gate.unanswered,))
    return GateState(True, tuple(dict.fromkeys(care)))


def _answers(value: object) -> tuple[str, ...]:
    if value is None:
        return ()
    if isinstance(value, (list, tuple)):
        return tuple(str(item) for item in value) or (UNSURE,)
    return (str(value),)
