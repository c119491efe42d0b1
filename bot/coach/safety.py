"""Decides from the person's own screen what is open to them: nothing is until its own list is answered.

A gate that only `ask` findings hold waits for a clinician's word. That word is kept like any answer, under the fact
that the gate names in `cleared_by`; it counts for a year, and only while the answers it was given for still hold.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from bot.coach.script import Id, Model

Level = Literal["stop", "ask", "care"]
Word = Literal["none", "wanted", "pending", "cleared", "declined", "expired"]
UNSURE = "not_sure"
NONE = "none"
A_YEAR = dt.timedelta(days=365)
"""How long an answer of the screen counts, and a clinician's word."""
GRACE = dt.timedelta(days=30)
"""Days after that year in which the coach has asked, and the gates still stand as they did."""


class Gate(Model):
    """A topic that is shut until every list that decides it is answered."""

    title: str
    decided_by: tuple[Id, ...]
    """The facts (answers of the screen) that decide it."""
    also: tuple[Id, ...] = ()
    """Facts that hold it once they are answered so, but need not be answered to open it."""
    cleared_by: Id | None = None
    """The fact that keeps a clinician's word on it: `yes` cleared, `no` still to come, all else declined. Without it
    an `ask` holds it until the answer itself changes."""
    quiet: bool = False
    """Not named among what is open or on hold."""
    own_list: bool = False
    """It has a short list of its own, asked where its topic comes up: until then it is for later, and not on hold."""
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
    old: str = ""
    """Why a gate is held when its answers are over a year old; else as if they were missing."""
    expired: str = ""
    """Why a gate is held when the clinician's yes is over a year old, or older than an answer it was given for."""

    def facts(self) -> frozenset[str]:
        """Every answer of the screen that a gate looks at, and the clinicians' words."""
        named = ((*gate.decided_by, *gate.also, gate.cleared_by) for gate in self.gates.values())
        return frozenset(fact for facts in named for fact in facts if fact)


@dataclass(frozen=True)
class Given:
    """One answer to a question of the screen, on a date of the person's. `order` ranks the answers to all questions."""

    value: object
    on: dt.date
    order: int


History = Mapping[str, Sequence[Given]]
"""Of each fact every answer that was not taken back, oldest first."""


@dataclass(frozen=True)
class GateState:
    """Whether a gate is open, and the lines that say why it is held or what to take care of."""

    open: bool
    lines: tuple[str, ...] = ()
    word: Word = "none"
    """How it stands with the clinician's word, where only that is missing or was given."""
    since: dt.date | None = None
    """The date of that word, where there is one."""


def gates(
    table: SafetyTable,
    facts: Mapping[str, object],
    *,
    consented: bool,
    history: History | None = None,
    today: dt.date | None = None,
) -> dict[str, GateState]:
    """Every gate by its id. Without consent all are shut, since nothing was asked.

    `today` is the person's date; without it and `history` nothing has grown old.
    """
    if not consented:
        return {name: GateState(False) for name in table.gates}
    past = history or {}
    spent = {
        gate.cleared_by
        for name, gate in table.gates.items()
        if gate.cleared_by and _expired(name, gate, table, facts, past, today)
    }
    return {name: _state(name, gate, table, facts, spent, past, today) for name, gate in table.gates.items()}


def screened_on(table: SafetyTable, history: History) -> dt.date | None:
    """The date of the oldest answer that decides a gate, or None before there is one."""
    deciding = {fact for gate in table.gates.values() for fact in gate.decided_by}
    days = [rows[-1].on for fact, rows in history.items() if fact in deciding and rows]
    return min(days, default=None)


def _state(
    name: str,
    gate: Gate,
    table: SafetyTable,
    facts: Mapping[str, object],
    spent: set[str],
    history: History,
    today: dt.date | None,
) -> GateState:
    found: dict[Level, list[str]] = {"stop": [], "ask": [], "care": []}
    unanswered = False
    for fact in _looked_at(gate):
        answers = (UNSURE,) if fact in spent else _answers(facts.get(fact))
        if fact in gate.decided_by and (not answers or UNSURE in answers):
            unanswered = True
        for answer in answers:
            finding = table.findings.get(f"{fact}.{answer}")
            level = finding.gates.get(name) if finding else None
            if finding and level:
                found[level].append(finding.line)
    asks = found["ask"]
    if found["stop"]:
        return _held([*found["stop"], *asks])
    if unanswered:
        return _held(asks or [(table.expired if spent & set(gate.decided_by) else "") or gate.unanswered])
    word = _word(gate, facts, spent, asked=bool(asks))
    rows = history.get(gate.cleared_by or "")
    since = rows[-1].on if rows and word not in ("none", "wanted") else None
    own = table.findings.get(f"{gate.cleared_by}.{facts.get(gate.cleared_by or '')}")
    if word not in ("none", "cleared"):
        if word == "expired":
            return _held([*asks, table.expired or gate.unanswered], word, since)
        return _held([*asks, own.line] if own else asks or [gate.unanswered], word, since)
    if today is not None and _is_old(gate, history, today):
        return _held([table.old or gate.unanswered], word, since)
    care = [*found["care"], *([own.line] if own and word == "cleared" else [])]
    return GateState(True, tuple(dict.fromkeys(care)), word, since)


def _held(lines: Sequence[str], word: Word = "none", since: dt.date | None = None) -> GateState:
    return GateState(False, tuple(dict.fromkeys(lines)), word, since)


def _looked_at(gate: Gate) -> tuple[str, ...]:
    """The facts that hold a gate by themselves, beside the clinician's word on it."""
    return tuple(fact for fact in dict.fromkeys((*gate.decided_by, *gate.also)) if fact != gate.cleared_by)


def _word(gate: Gate, facts: Mapping[str, object], spent: set[str], *, asked: bool) -> Word:
    """How it stands with the clinician's word. It is needed where an answer asks for it, or where it decides itself."""
    if gate.cleared_by is None or not (asked or gate.cleared_by in gate.decided_by):
        return "wanted" if asked else "none"
    said = next(iter(_answers(facts.get(gate.cleared_by))), None)
    if said == NONE and not asked:
        return "none"
    if gate.cleared_by in spent:
        return "expired"
    match said:
        case "yes":
            return "cleared"
        case "no":
            return "pending"
        case None | "none" | "not_sure":
            return "wanted"
        case _:
            return "declined"


def _expired(
    name: str, gate: Gate, table: SafetyTable, facts: Mapping[str, object], history: History, today: dt.date | None
) -> bool:
    """Whether the word is over a year old, or what it was given for has changed since."""
    rows = history.get(gate.cleared_by or "")
    if not rows or set(_answers(rows[-1].value)) <= {NONE, UNSURE}:
        return False
    if today is not None and today - rows[-1].on > A_YEAR:
        return True
    words = {other.cleared_by for other in table.gates.values()}
    for fact in _looked_at(gate):
        if fact in words:
            continue
        answers = history.get(fact, ())
        before = next((one.value for one in reversed(answers) if one.order <= rows[-1].order), None)
        was = set(_answers(before)) - {NONE}
        for value in (*(one.value for one in answers if one.order > rows[-1].order), facts.get(fact)):
            now = set(_answers(value)) - {NONE}
            only_holding = fact not in gate.decided_by or before is None  # then only what holds this gate is news
            if only_holding and _holding(name, table, fact, was) != _holding(name, table, fact, now):
                return True
            if not only_holding and was != now:
                return True
    return False


def _holding(name: str, table: SafetyTable, fact: str, answers: set[str]) -> set[str]:
    levels = {one: found.gates.get(name) for one in answers if (found := table.findings.get(f"{fact}.{one}"))}
    return {one for one, level in levels.items() if level in ("stop", "ask")} | (answers & {UNSURE})


def _is_old(gate: Gate, history: History, today: dt.date) -> bool:
    return any(today - rows[-1].on > A_YEAR + GRACE for fact in gate.decided_by if (rows := history.get(fact)))


def _answers(value: object) -> tuple[str, ...]:
    if value is None:
        return ()
    if isinstance(value, (list, tuple)):
        return tuple(str(item) for item in value) or (UNSURE,)
    return (str(value),)
