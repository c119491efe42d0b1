"""Where a script may lead: the ways out of each step, and which gates are surely open or held when it is reached."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bot.coach.script import (
    END,
    Branch,
    Case,
    Condition,
    End,
    Permission,
    Question,
    Remember,
    Script,
    Step,
    Switch,
    Use,
    options_of,
)

Gates = Mapping[str, frozenset[str]]
"""What each gate may be at a point of a conversation: `open`, `held`, or both where it is not named."""
BOTH = frozenset({"open", "held"})


def cases_of(step: Step) -> Iterator[Case]:
    """Every way out that a step names."""
    yield from step.next
    if isinstance(step, Branch):
        yield from step.branch
    if isinstance(step, Switch) and step.refused:
        yield Case(go=step.refused)
    if isinstance(step, Permission):
        yield Case(go=step.otherwise)
    if isinstance(step, Question):
        if isinstance(step.skip, str):
            yield Case(go=step.skip)
        for option in options_of(step).values():
            yield from option.next


def ways(script: Script, step_id: str, *, asking: bool = True) -> list[str]:
    """Every step that may follow. Without `asking` only those that follow without a question between."""
    step = script.steps[step_id]
    below = script.following(step_id)
    found = [case.go for case in cases_of(step)]
    if isinstance(step, End):
        return [below] if step.when else []
    if isinstance(step, Question):
        if not asking:
            return [below] if step.when else []
        certain = any(case.when is None for case in step.next)
        return found if certain and not options_of(step) and not step.when else [*found, below]
    cases = step.branch if isinstance(step, Branch) else step.next
    if any(case.when is None for case in cases) and not step.when:
        return found
    return [*found, below]


def reached(script: Script) -> set[str]:
    """Every step that some answers lead to; a target that is not there is left out."""
    found, ahead = set[str](), [script.first()]
    while ahead:
        step_id = ahead.pop()
        if step_id in script.steps and step_id not in found:
            found.add(step_id)
            ahead += ways(script, step_id)
    return found


@dataclass(frozen=True)
class Edge:
    """One way from a step to another, with what holds on it."""

    to: str
    gates: Gates
    label: str = ""


class GateFlow:
    """What each gate may be when a step is reached, over all scripts and the parts they walk."""

    def __init__(self, scripts: Mapping[str, Script], screened: frozenset[str]) -> None:
        """`screened` are the facts that decide gates: after one is asked, a gate may be anything again."""
        self._scripts = scripts
        self._screened = screened
        self._asks = {name for name, script in scripts.items() if self._screens(script, {name})}
        self.at: dict[tuple[str, str], Gates] = {}
        ahead: list[tuple[str, str, Gates]] = [
            (script.id, script.first(), {script.gate: frozenset({"open"})} if script.gate else {})
            for script in scripts.values()
            if script.kind != "part"
        ]
        while ahead:
            name, step_id, gates = ahead.pop()
            known = self.at.get((name, step_id))
            merged = gates if known is None else either(known, gates)
            if merged != known:
                self.at[name, step_id] = merged
                ahead += self._onward(scripts[name], step_id, merged)

    def _screens(self, script: Script, seen: set[str]) -> bool:
        for step in script.steps.values():
            if self._decides(step):
                return True
            if isinstance(step, Use) and step.use in self._scripts and step.use not in seen:
                seen.add(step.use)
                if self._screens(self._scripts[step.use], seen):
                    return True
        return False

    def _decides(self, step: Step) -> bool:
        if isinstance(step, Question):
            sets = {fact for option in options_of(step).values() for fact in option.set}
            return step.remember in self._screened or bool(sets & self._screened)
        return isinstance(step, Remember) and bool(set(step.remember) & self._screened)

    def _onward(self, script: Script, step_id: str, gates: Gates) -> Iterator[tuple[str, str, Gates]]:
        step = script.steps[step_id]
        below = script.following(step_id)
        inside = narrowed(gates, step.when)
        passed = [(below, without(gates, step.when))] if step.when else []
        if isinstance(step, Use) and step.use in self._scripts:
            yield step.use, self._scripts[step.use].first(), inside
        after = {} if self._decides(step) or (isinstance(step, Use) and step.use in self._asks) else inside
        for to, found in (*passed, *self._out(step, below, after)):
            if to != END and to in script.steps:
                yield script.id, to, found

    def _out(self, step: Step, below: str, gates: Gates) -> Iterator[tuple[str, Gates]]:
        if isinstance(step, End):
            return
        if isinstance(step, Question):
            if isinstance(step.skip, str):
                yield step.skip, gates
            if isinstance(step, Permission):
                yield step.otherwise, gates
            for option in options_of(step).values():
                yield from _taken(option.next, narrowed(gates, option.when))
        if isinstance(step, Switch) and step.refused:
            yield step.refused, gates
        cases = step.branch if isinstance(step, Branch) else step.next
        yield from _taken(cases, gates)
        if not any(case.when is None for case in cases):
            for case in cases:
                gates = without(gates, case.when)
            yield below, gates


def _taken(cases: tuple[Case, ...], gates: Gates) -> Iterator[tuple[str, Gates]]:
    """The cases in their order, each with what holds when those before it did not."""
    for case in cases:
        yield case.go, narrowed(gates, case.when)
        gates = without(gates, case.when)


def narrowed(gates: Gates, condition: Condition | None) -> Gates:
    """What the gates may be where a condition holds."""
    found = dict(gates)
    for name, test in condition.tests.items() if condition else ():
        if name.startswith("gate.") and test.is_ in BOTH:
            found[name.removeprefix("gate.")] = frozenset({str(test.is_)})
    return found


def without(gates: Gates, condition: Condition | None) -> Gates:
    """What the gates may be where it does not hold: only a condition on one gate alone tells."""
    if condition is None or len(condition.tests) != 1 or condition.any or condition.none:
        return gates
    [(name, test)] = condition.tests.items()
    if not name.startswith("gate.") or test.is_ not in BOTH:
        return gates
    return {**gates, name.removeprefix("gate."): BOTH - {str(test.is_)}}


def either(one: Gates, other: Gates) -> Gates:
    """What the gates may be where two ways meet."""
    both = {name: one[name] | other[name] for name in one.keys() & other.keys()}
    return {name: found for name, found in both.items() if found != BOTH}
