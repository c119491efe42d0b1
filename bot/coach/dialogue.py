"""Walks a script: what was answered and where the run stands become effects, at most two messages, a new state.

Nothing here knows Telegram, a database or a clock. `World` carries what the walk may look at.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from bot.coach.conditions import holds
from bot.coach.reasons import NOTHING, Reason, Told, Trail, names_in, names_of
from bot.coach.safety import UNSURE, GateState
from bot.coach.script import (
    END,
    Branch,
    Case,
    Do,
    Duration,
    End,
    FreeText,
    LogStep,
    Number,
    Option,
    Permission,
    Question,
    Remember,
    Say,
    Scale,
    Script,
    Sets,
    Step,
    Switch,
    Text,
    Use,
    options_of,
)

LONGEST_WALK = 250
"""Steps between two questions before we call it a loop; `check` finds such loops in the content first."""


@dataclass(frozen=True)
class Said:
    """A value and how it reads in a sentence. The value is JSON: times are "19:30", weekdays are numbers."""

    value: Any
    words: str


SKIPPED = Said(None, "")
Facts = Mapping[str, Said]
NO_NUMBERS = "no_numbers"
"""The fact of those who want no figures of theirs shown or asked for."""
ASKS_A_FIGURE = (Number, Duration, Scale, Sets)


@dataclass(frozen=True)
class Frame:
    """Where one script stands: the step it waits at or goes to next."""

    script: str
    step: str


@dataclass(frozen=True)
class State:
    """A run: the scripts being walked, innermost last, and what was answered so far."""

    frames: tuple[Frame, ...]
    said: Mapping[str, Said] = field(default_factory=dict)
    """Answers of this run by `script.step`."""
    turn: int = 0
    picked: tuple[str, ...] = ()
    """What is ticked in a multi-select that is not done yet."""
    each: int = 0
    """Which lift a `sets` question is at."""
    guesses: tuple[Said, ...] = ()
    """What an unclear reply may have meant, offered as buttons."""
    trigger: Mapping[str, Any] = field(default_factory=dict)
    """What started it: the slot, the certainty of a red flag."""

    @property
    def ended(self) -> bool:
        return not self.frames

    @property
    def root(self) -> str:
        return self.frames[0].script

    @property
    def here(self) -> str:
        return f"{self.frames[-1].script}.{self.frames[-1].step}"


@dataclass(frozen=True)
class Remembered:
    fact: str
    said: Said


@dataclass(frozen=True)
class Logged:
    kind: str
    fields: Mapping[str, Any]


@dataclass(frozen=True)
class Counted:
    status: str


@dataclass(frozen=True)
class Snoozed:
    wait: dt.timedelta


@dataclass(frozen=True)
class Moved:
    days: int


@dataclass(frozen=True)
class Adjusted:
    how: str


@dataclass(frozen=True)
class Acted:
    act: str


@dataclass(frozen=True)
class Begun:
    script: str


Effect = Remembered | Logged | Counted | Snoozed | Moved | Adjusted | Acted | Begun


@dataclass(frozen=True)
class Bubble:
    """One message. `asks` marks the question that waits; its buttons are made from the state."""

    text: str
    asks: bool = False
    picture: str | None = None
    undo: bool = False
    go_on: bool = False
    told: Told = NOTHING


@dataclass(frozen=True)
class Walked:
    """What one turn of a script came to."""

    state: State
    bubbles: tuple[Bubble, ...]
    effects: tuple[Effect, ...]


class World(Protocol):
    """What a walk may look at; facts change during it, so everything is asked with those of the moment."""

    @property
    def scripts(self) -> Mapping[str, Script]: ...
    @property
    def facts(self) -> Facts: ...
    @property
    def teach_only(self) -> bool:
        """Whether the person chose to be taught without anything being stored."""
        ...

    def gates(self, facts: Facts) -> Mapping[str, GateState]: ...
    def computed(self, name: str, facts: Facts, state: State) -> Any:
        """A word the coach computes, or None."""
        ...

    def render(self, text: Text, lookup: Callable[[str], Said | None], turn: int) -> str: ...
    def may_switch(self, habit: str, facts: Facts) -> bool: ...


def start(world: World, script_id: str, trigger: Mapping[str, Any] | None = None, said: str = "") -> Walked:
    """Begins a script. `said` is put before its first words."""
    script = world.scripts[script_id]
    walk = _Walk(world, State((Frame(script_id, script.first()),), trigger=trigger or {}))
    if said:
        walk.lines.append(said)
    return walk.go()


def ask_again(world: World, state: State, said: str = "", *, merge: bool = True) -> Walked:
    """Repeats the open question, after `said`; with `merge` both in one message."""
    walk = _Walk(world, state)
    if said:
        walk.lines.append(said)
    walk.only_reflected = merge
    return walk.go(turn=state.turn)


def advance(world: World, state: State, answer: Said) -> Walked:
    """Takes the answer of the open question (`SKIPPED` where it was skipped) and walks on."""
    walk = _Walk(world, state)
    step = walk.step()
    if isinstance(step, Question):
        walk.answer(step, answer)
    else:  # a lesson that waited for "go on"
        walk.move(walk.below())
    return walk.go()


def open_question(world: World, state: State) -> Question | None:
    """The question a run waits at; None when it has ended, waits after a lesson, or its step is gone."""
    if state.ended:
        return None
    script = world.scripts.get(state.frames[-1].script)
    step = script.steps.get(state.frames[-1].step) if script else None
    return step if isinstance(step, Question) else None


def without_figures(facts: Facts) -> bool:
    """Whether this person wants no figures: a history of eating troubles, or simply their wish."""
    return NO_NUMBERS in facts and facts[NO_NUMBERS].value == "yes"


def is_figure(said: Said) -> bool:
    """Whether a value reads as a figure (“25 min”, “1.8”); clock times and dates are none."""
    number = isinstance(said.value, (int, float)) and not isinstance(said.value, bool)
    return number and not hasattr(said.words, "__html__") and any(char.isdigit() for char in said.words)


def finder(world: World, state: State, facts: Facts) -> Callable[[str], Said | None]:
    """How a name is looked up: this run's answers, then facts, then what the coach computes."""

    def find(name: str) -> Said | None:
        own = state.said.get(f"{state.frames[-1].script}.{name}") if state.frames else None
        if own is not None:
            return own if own.value is not None else None
        if name in state.trigger:
            return Said(state.trigger[name], str(state.trigger[name]))
        if name in facts:
            return facts[name]
        if name.startswith("gate."):
            gate = world.gates(facts).get(name.removeprefix("gate."))
            word = "open" if gate and gate.open else "held"
            return Said(word, word)
        if name.startswith("word."):
            known = world.gates(facts).get(name.removeprefix("word."))
            return Said(known.word, known.word) if known else None
        value = world.computed(name, facts, state)
        return None if value is None else value if isinstance(value, Said) else Said(value, str(value))

    return find


class _Walk:
    """One walk from question to question; collects what is said and what follows."""

    def __init__(self, world: World, state: State) -> None:
        self.world = world
        self.state = state
        self.facts: dict[str, Said] = dict(world.facts)
        self.effects: list[Effect] = []
        self.lines: list[str] = []
        self.only_reflected = True
        self.picture: str | None = None
        self.undo = False
        self.trail = Trail()

    # where we are

    def script(self) -> Script:
        return self.world.scripts[self.state.frames[-1].script]

    def step(self) -> Step | None:
        return self.script().steps.get(self.state.frames[-1].step)

    def below(self) -> str:
        return self.script().following(self.state.frames[-1].step)

    def move(self, step_id: str) -> None:
        *outer, top = self.state.frames
        self.state = replace(self.state, frames=(*outer, Frame(top.script, step_id)))

    def leave(self) -> None:
        self.state = replace(self.state, frames=self.state.frames[:-1])

    # what we know

    def find(self, name: str) -> Said | None:
        return finder(self.world, self.state, self.facts)(name)

    def value(self, name: str) -> Any:
        found = self.find(name)
        return None if found is None else found.value

    def text(self, text: Text, answer: Said | None = None) -> str:
        def lookup(name: str) -> Said | None:
            known = answer if name == "answer" and answer is not None else self.find(name)
            if known is None or known.value is None:
                return None
            return None if quiet and name != "visits" and is_figure(known) else known

        if len(text) > 1:  # which variant is said depends on what is known
            self.trail.decided(self.reasons(name for name in names_in(text) if name in self.facts))
        step = None if self.state.ended else self.step()
        quiet = without_figures(self.facts) and not (step and step.figures)
        # what is walked once in a run is said in other words on the next visit, whichever way led there
        turn = 0 if self.script().kind == "area" else self.state.turn
        return self.world.render(text, lookup, turn)

    def tell(self, text: Text, step: str, answer: Said | None = None) -> None:
        """Says something, and keeps which step's words it is."""
        self.lines.append(self.text(text, answer))
        self.trail.tells(step)

    def exit(self, cases: tuple[Case, ...]) -> str | None:
        for at, case in enumerate(cases):
            if holds(case.when, self.value):
                self.trail.decided(self.reasons(names_of(*(one.when for one in cases[: at + 1]))))
                return case.go
        return None

    # why

    def reasons(self, names: Iterable[str]) -> Iterator[Reason]:
        """What is known of the names that were looked at."""
        for name in names:
            known = self.find(name)
            if known is not None and (known.value or name in self.facts):
                yield Reason(self.full_name(name), known.words)

    def full_name(self, name: str) -> str:
        own = f"{self.state.frames[-1].script}.{name}"
        return own if own in self.state.said else name

    # going on

    def go(self, turn: int | None = None) -> Walked:
        """Walks until something waits or all has ended. `turn` keeps the number of a repeated question."""
        for _ in range(LONGEST_WALK):
            if self.state.ended:
                return self.finish()
            step, teaching = self.step(), self.world.teach_only and self.script().kind == "area"
            if step is None:
                if teaching:
                    self.lines.append(self.text(("{{ teach_end }}",)))
                    self.only_reflected = False
                self.leave()
            elif teaching:
                if self.teach(step):
                    return self.wait(turn, go_on=True)
            elif not holds(step.when, self.value):
                self.move(self.below())
            elif isinstance(step, Question) and self.spares(step):
                self.move(self.way_out(step, None, skipped=True) or self.below())
            elif isinstance(step, Question):
                offered = [option.when for option in options_of(step).values()]
                self.trail.decided(self.reasons(names_of(step.when, *offered)))
                return self.wait(turn)
            else:
                self.pass_through(step)
        raise RuntimeError(f"{self.state.here}: walked {LONGEST_WALK} steps without a question")

    def spares(self, step: Question) -> bool:
        """A question for a figure is passed over, as if skipped, for those who want none."""
        return isinstance(step, ASKS_A_FIGURE) and not step.figures and without_figures(self.facts)

    def pass_through(self, step: Step) -> None:
        if isinstance(step, (Say, End, Branch, Use)):
            self.trail.decided(self.reasons(names_of(step.when)))
        if isinstance(step, Say):  # said before the way on is decided, which is no reason for it
            self.tell(step.say, self.state.here)
        target = self.exit(step.next)
        match step:
            case Say():
                self.only_reflected = False
                self.picture = step.picture or self.picture
            case End():
                if step.end != "quiet":
                    self.tell(step.end, self.state.here)
                    self.only_reflected = False
                self.undo = self.undo or step.undo
                target = END
            case Branch():
                target = self.exit(step.branch)
            case Remember():
                for fact, value in step.remember.items():
                    self.remember(fact, value)
            case Switch():
                if not self.switch(step):
                    target = step.refused
            case LogStep():
                self.log(step.log, None)
                self.count(step.counts)
            case Do():
                self.effects.append(Acted(step.do))
            case Use():
                self.move(target or self.below())
                used = self.world.scripts[step.use]
                self.state = replace(self.state, frames=(*self.state.frames, Frame(used.id, used.first())))
                return
        self.move(target or self.below())

    def teach(self, step: Step) -> bool:
        """Without consent an area is its lessons, in order; True when one was just told."""
        if isinstance(step, Say) and step.lesson and holds(step.when, self.value):
            self.tell(step.say, self.state.here)
            self.only_reflected = False
            return True
        self.move(self.below())
        return False

    def wait(self, turn: int | None, *, go_on: bool = False) -> Walked:
        number = self.state.turn + 1 if turn is None else turn
        self.state = replace(self.state, turn=number)
        step = self.step()
        said = "\n\n".join(self.lines)
        bubbles: tuple[Bubble, ...]
        if go_on or not isinstance(step, Question):
            bubbles = (Bubble(said, asks=True, picture=self.picture, go_on=True, told=self.trail.told()),)
            return Walked(self.state, bubbles, tuple(self.effects))
        before = self.trail.said()
        asked = self.text(step.ask)
        self.trail.tells(self.state.here)
        told = self.trail.told()
        if self.lines and (not self.only_reflected or self.picture):
            own = replace(told, steps=told.steps[len(before.steps) :])
            question = Bubble(asked, asks=True, picture=step.picture, told=own)
            bubbles = (Bubble(said, picture=self.picture, told=before), question)
        else:
            text = f"{said}\n\n{asked}" if said else asked
            bubbles = (Bubble(text, asks=True, picture=step.picture, told=told),)
        return Walked(self.state, bubbles, tuple(self.effects))

    def finish(self) -> Walked:
        said = "\n\n".join(self.lines)
        bubbles = (
            (Bubble(said, picture=self.picture, undo=self.undo, told=self.trail.told()),)
            if said or self.picture
            else ()
        )
        return Walked(self.state, bubbles, tuple(self.effects))

    # what an answer does

    def answer(self, step: Question, answer: Said) -> None:
        here = self.state.here
        option = next(iter(_chosen_of(step, answer)), None) if isinstance(answer.value, str) else None
        more = self.next_lift(step, answer)
        kept = answer
        if isinstance(step, Sets) and answer.value is not None:
            before = self.state.said.get(here) if self.state.each else None
            words = f"{before.words}; {answer.words}" if before and before.words else answer.words
            kept = Said(answer.value, words)
        if answer.value is None and step.safety:
            kept = Said([UNSURE], "")
        skipped = answer.value is None
        lift = self.lift(step)
        self.state = replace(
            self.state, said={**self.state.said, here: kept}, picked=(), guesses=(), each=self.state.each
        )
        if step.remember and (not skipped or step.safety):
            self.establish(step.remember, kept)
        if not skipped:
            self.log(step.log, answer, lift)
            self.count(step.counts)
            for one in _chosen_of(step, answer):
                self.chosen(one, answer)
            reflect = option.reflect if option and option.reflect else step.reflect
            if reflect:
                own = f".{answer.value}" if option and option.reflect else ""
                self.tell(reflect, here + own, kept)
        self.state = replace(self.state, each=self.state.each + 1 if more else 0)
        if not more:
            out = self.way_out(step, option, skipped)
            if out and not skipped:
                self.trail.decided([Reason(here, kept.words)])
            self.move(out or self.below())

    def way_out(self, step: Question, option: Option | None, skipped: bool) -> str | None:
        if skipped and isinstance(step.skip, str):
            return step.skip
        chosen = self.exit(option.next) if option else None
        if chosen:
            return chosen
        if isinstance(step, Permission) and (skipped or (option and option is step.permission.no)):
            return step.otherwise
        return self.exit(step.next)

    def chosen(self, option: Option, answer: Said) -> None:
        for fact, value in option.set.items():
            self.remember(fact, value)
        self.log(option.log, answer)
        self.count(option.counts)
        if option.snooze:
            self.effects.append(Snoozed(option.snooze))
        if option.move:
            self.effects.append(Moved(option.move))
        if option.adjust:
            self.effects.append(Adjusted(option.adjust))
        if option.start:
            self.effects.append(Begun(option.start))

    def lift(self, step: Step) -> str | None:
        """Which lift a `sets` question is about."""
        if not isinstance(step, Sets):
            return None
        lifts = self.value(step.sets.each) or []
        return lifts[self.state.each] if self.state.each < len(lifts) else None

    def next_lift(self, step: Step, answer: Said) -> bool:
        return isinstance(step, Sets) and self.state.each + 1 < len(self.value(step.sets.each) or [])

    def establish(self, fact: str, said: Said) -> None:
        self.facts[fact] = said
        self.effects.append(Remembered(fact, said))

    def remember(self, fact: str, value: Any) -> None:
        if isinstance(value, str) and value.startswith("="):
            found = self.find(value[1:])
            if found is not None:
                self.establish(fact, found)
            return
        if isinstance(value, tuple):
            value = list(value)
        words = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
        self.establish(fact, Said(value, words))

    def switch(self, step: Switch) -> bool:
        for habit, on in step.switch.items():
            if on and not self.world.may_switch(habit, self.facts):
                return False
        for habit, on in step.switch.items():
            self.establish(f"{habit}_on", Said(on, "on" if on else "off"))
        return True

    def log(self, entries: Mapping[Any, Mapping[str, Any]], answer: Said | None, lift: str | None = None) -> None:
        for kind, fields in entries.items():
            values = {name: self.field(value, answer) for name, value in fields.items()}
            if lift:
                values["exercise"] = lift
            self.effects.append(Logged(kind, values))

    def field(self, value: Any, answer: Said | None) -> Any:
        if value == "answer" and answer is not None:
            return answer.value
        if isinstance(value, str):
            found = self.find(value)
            return found.value if found is not None else value if value in ("planned", "usual") else None
        return value

    def count(self, status: str | None) -> None:
        if status:
            self.effects.append(Counted(status))


def _chosen_of(step: Question, answer: Said) -> list[Option]:
    """The options an answer is made of: one of a choice, any number of a multi-select, a ready text."""
    options = options_of(step)
    if isinstance(step, FreeText):
        return [one for one in options.values() if answer.value in (one.words, one.label)][:1]
    ids = answer.value if isinstance(answer.value, list) else [answer.value]
    return [options[one] for one in ids if isinstance(one, str) and one in options]
