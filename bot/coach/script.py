"""What authors write: the models of a script, its steps and its questions.

A script is a graph of steps. Everything the coach says is one; a check-in is a script that the clock starts.
The models only describe; `dialogue` walks them and `bot.library` reads and checks them.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Discriminator, Field, Tag, model_validator

Scalar = str | int | float | bool
Strength = Literal["strong", "moderate", "limited", "weak"]
Status = Literal["done", "partly", "skipped"]
END = "end"
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
NAME = re.compile(r"^[a-z][a-z0-9_]*$")


class Model(BaseModel):
    """A value that content gives us: frozen, and an unknown field is a mistake."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def _variants(value: Any) -> Any:
    return (value,) if isinstance(value, str) else value


def _span(value: Any) -> Any:
    """`20 min`, `2 h` or `30 s` as a timedelta."""
    if isinstance(value, str):
        found = re.fullmatch(r"(\d+)\s*(s|min|h|d)", value.strip())
        if not found:
            raise ValueError("write a length of time as `30 s`, `20 min`, `2 h` or `1 d`")
        unit = {"s": "seconds", "min": "minutes", "h": "hours", "d": "days"}[found[2]]
        return dt.timedelta(**{unit: int(found[1])})
    return value


def _clock(value: Any) -> Any:
    if isinstance(value, str):
        found = re.fullmatch(r"([01]?\d|2[0-3]):([0-5]\d)", value.strip())
        if not found:
            raise ValueError('write a time of day in quotes, as "19:30"')
        return dt.time(int(found[1]), int(found[2]))
    return value


Text = Annotated[tuple[str, ...], BeforeValidator(_variants), Field(min_length=1)]
"""One text, or several variants of it: those whose facts are known come first, then they rotate."""
Span = Annotated[dt.timedelta, BeforeValidator(_span)]
Clock = Annotated[dt.time, BeforeValidator(_clock)]
Id = Annotated[str, Field(pattern=NAME.pattern)]


class Test(Model):
    """How one name is tested; every field given must hold."""

    __test__: ClassVar[bool] = False  # not a pytest class

    known: bool | None = None
    is_: Scalar | None = Field(None, alias="is")
    not_: Scalar | None = Field(None, alias="not")
    one_of: tuple[Scalar, ...] | None = None
    has: Scalar | None = None
    has_any: tuple[Scalar, ...] | None = None
    lacks: Scalar | None = None
    below: float | None = None
    at_least: float | None = None
    every: int | None = None
    """Holds on every n-th value of a counter, beginning with the n-th."""


class Condition(Model):
    """Conditions are data: each name with what it must be; all must hold. `any` and `none` group further ones.

    `{sure: {below: 7}}`, `{gate.cold: open}`, `{meals: {has: dinner}}`, `{zone: {known: true}}`.
    """

    tests: dict[str, Test] = {}
    any: tuple[Condition, ...] = ()
    none: tuple[Condition, ...] = ()

    @model_validator(mode="before")
    @classmethod
    def _read(cls, value: Any) -> Any:
        if not isinstance(value, dict):
            raise ValueError("write a condition as `{name: value}` or `{name: {below: 7}}`")
        if set(value) <= {"tests", "any", "none"} and isinstance(value.get("tests", {}), dict):
            return dict(value)
        tests = {}
        for name, test in value.items():
            if name in ("any", "none"):
                continue
            if isinstance(test, list):
                test = {"one_of": test}
            tests[name] = test if isinstance(test, dict) else {"is": test}
        return {"tests": tests, **{key: value[key] for key in ("any", "none") if key in value}}

    def names(self) -> Iterator[str]:
        yield from self.tests
        for part in (*self.any, *self.none):
            yield from part.names()


class Case(Model):
    """One way out: the first whose `when` holds is taken; without `when` it always is."""

    when: Condition | None = None
    go: str


def _cases(value: Any) -> Any:
    return ({"go": value},) if isinstance(value, str) else value


Next = Annotated[tuple[Case, ...], BeforeValidator(_cases)]
Logged = dict[Literal["walk", "training", "night", "cold", "draw", "note"], dict[str, Scalar]]
"""What a step records: per log its fields. A text names a variable (`answer`: this step's own)."""


class Evidence(Model):
    """What a claim rests on: keys of `sources.yaml`, how strong, and the words for /why."""

    strength: Strength
    sources: tuple[str, ...] = ()
    article: str | None = None
    """What the article says, where the evidence says otherwise."""
    why: str | None = None
    """What the evidence supports, in one or two plain sentences."""


def _option(value: Any) -> Any:
    return {"label": value} if isinstance(value, str) else value


class Option(Model):
    """One answer of a choice; its id is permanent and is what a button carries."""

    label: str
    words: str | None = None
    """How it reads inside a sentence, where the label does not."""
    typed: tuple[str, ...] = ()
    """Other words a person may type for it."""
    when: Condition | None = None
    alone: bool = False
    """In a multi-select: choosing it clears the others ("None of these")."""
    next: Next = ()
    reflect: Text | None = None
    set: dict[str, Scalar | tuple[Scalar, ...]] = {}
    """Facts that this answer also establishes."""
    log: Logged = {}
    counts: Status | None = None
    snooze: Span | None = None
    move: int | None = None
    """Moves this check-in by so many days."""
    adjust: Literal["next_day", "five", "rest", "keep"] | None = None
    """What to do about the week's hardest day, next week."""
    start: str | None = None
    """Begins that script once this one has ended."""
    was: str | None = None


Options = dict[Id, Annotated[Option, BeforeValidator(_option)]]


class Step(Model):
    """What every step may have."""

    when: Condition | None = None
    next: Next = ()
    was: str | None = None


class Say(Step):
    """Tells something. Adjoining says and a reflection become one message."""

    say: Text
    lesson: bool = False
    """Shown also to those who chose only to be taught: it must not speak of their data."""
    evidence: Evidence | None = None
    picture: Literal["week"] | None = None


class End(Step):
    """Ends the script with a recap; `quiet` ends without a word."""

    end: Annotated[Literal["quiet"] | Text, Field(union_mode="left_to_right")]
    undo: bool = False
    """Offers to take the last answer back."""


class Branch(Step):
    """Goes where the first case that holds leads; says nothing."""

    branch: Annotated[tuple[Case, ...], Field(min_length=1)]


class Remember(Step):
    """Establishes facts without asking. A text that begins with `=` names a variable."""

    remember: dict[Id, Scalar | tuple[Scalar, ...]]


class Switch(Step):
    """Switches check-ins on or off, if their gate is open and the day is not full; else goes to `refused`."""

    switch: dict[Literal["walk", "lifting", "sleep", "cold"], bool]
    refused: str | None = None


class LogStep(Step):
    """Records a log entry without asking."""

    log: Logged
    counts: Status | None = None


class Use(Step):
    """Walks another script (a part) and comes back."""

    use: str


class Do(Step):
    """One of the few acts that are more than a fact."""

    do: Literal["agree", "teach_only", "pause", "resume", "erase", "export", "stop_asking", "safety_stop", "clear_cold"]


class Question(Step):
    """Asks one thing and waits."""

    ask: Text
    skip: bool | str = True
    """Whether it may be skipped; a step's id says where that leads."""
    remember: Id | None = None
    """The fact that the answer becomes. Without it the answer lives as long as the run."""
    reflect: Text | None = None
    hint: Text | None = None
    """Said when a reply cannot be read; each kind has its own in phrases.yaml."""
    log: Logged = {}
    counts: Status | None = None
    safety: bool = False
    """Skipping it is stored as "not sure", which closes every gate it decides."""
    again: bool = True
    """When the script is walked again, last time's answer is offered."""
    picture: Literal["week"] | None = None


class Choice(Question):
    choice: Options


class Several(Question):
    several: Options


class YesNoOf(Model):
    yes: Annotated[Option, BeforeValidator(_option)] = Option(label="Yes")
    no: Annotated[Option, BeforeValidator(_option)] = Option(label="No")
    unsure: Annotated[Option, BeforeValidator(_option)] | None = None


class YesNo(Question):
    yesno: YesNoOf


class Permission(Question):
    """Asks before advising; a no skips to `otherwise`."""

    permission: YesNoOf
    otherwise: str


class NumberOf(Model):
    unit: str = ""
    from_: float = Field(alias="from")
    to: float
    offer: tuple[float, ...] = ()
    whole: bool = True


class Number(Question):
    number: NumberOf


class ScaleOf(Model):
    from_: int = Field(0, alias="from")
    to: int = 10


class Scale(Question):
    scale: ScaleOf


class TimeOf(Model):
    hint: Literal["morning", "noon", "evening", "night", "none"] = "none"
    """Which part of the day a bare "7" means; a "night" is bedtime, where "8:30" is asked about."""
    offer: tuple[Clock, ...] = ()


class TimeOfDay(Question):
    time: TimeOf


class DurationOf(Model):
    unit: Literal["min", "s"] = "min"
    from_: int = Field(1, alias="from")
    to: int = 300
    offer: tuple[int, ...] = ()


class Duration(Question):
    """A length of time, kept in the unit named."""

    duration: DurationOf


class NightOf(Model):
    offer: bool = True
    """Offers the person's usual bedtime and waking."""


class Night(Question):
    """Bedtime and waking ("23:00-6:45"), or hours slept."""

    night: NightOf


class FreeTextOf(Model):
    to: int = 300
    offer: Options = {}
    private: bool = False
    """Never quoted back."""


class FreeText(Question):
    text: FreeTextOf


class SetsOf(Model):
    each: str
    """The fact that lists the lifts; each is asked in turn, as `{{ lift }}`."""


class Sets(Question):
    """A lift's sets: load × reps × sets."""

    sets: SetsOf


class WeekdaysOf(Model):
    offer: dict[Id, tuple[Literal[WEEKDAYS], ...]] = {}  # type: ignore[valid-type]
    at_most: int = 7


class Weekdays(Question):
    """Days of the week, as buttons that toggle or typed ("Mon, Thu"). Kept as numbers, Monday 0."""

    weekdays: WeekdaysOf


class DateOf(Model):
    past: int = 365
    """How many days back it may lie."""


class Date(Question):
    """A date that is not in the future."""

    date: DateOf


class PlaceOf(Model):
    pass


class Place(Question):
    """Where the person is, for their time zone: a city, a shared location or what their clock says."""

    place: PlaceOf


class LabOf(Model):
    test: Literal["glucose", "insulin"]


class Lab(Question):
    """A blood value with its unit; an implausible one is asked again."""

    lab: LabOf


_QUESTIONS: dict[str, type[Question]] = {
    "choice": Choice,
    "several": Several,
    "yesno": YesNo,
    "permission": Permission,
    "number": Number,
    "scale": Scale,
    "time": TimeOfDay,
    "duration": Duration,
    "night": Night,
    "text": FreeText,
    "sets": Sets,
    "weekdays": Weekdays,
    "date": Date,
    "place": Place,
    "lab": Lab,
}
_OTHERS: dict[str, type[Step]] = {
    "say": Say,
    "end": End,
    "branch": Branch,
    "use": Use,
    "switch": Switch,
    "do": Do,
    "log": LogStep,
    "remember": Remember,
}
KINDS = (*_QUESTIONS, *_OTHERS)


def kind_of(value: Any) -> str:
    """The kind of a step, from the key that names it; the tag of the union below."""
    if isinstance(value, Step):
        value = type(value).model_fields
    keys = list(value) if isinstance(value, dict) else []
    for kinds in (_QUESTIONS, _OTHERS):
        for kind in kinds:
            if kind in keys:
                return kind
    return "?"


AnyStep = Annotated[
    Annotated[Choice, Tag("choice")]
    | Annotated[Several, Tag("several")]
    | Annotated[YesNo, Tag("yesno")]
    | Annotated[Permission, Tag("permission")]
    | Annotated[Number, Tag("number")]
    | Annotated[Scale, Tag("scale")]
    | Annotated[TimeOfDay, Tag("time")]
    | Annotated[Duration, Tag("duration")]
    | Annotated[Night, Tag("night")]
    | Annotated[FreeText, Tag("text")]
    | Annotated[Sets, Tag("sets")]
    | Annotated[Weekdays, Tag("weekdays")]
    | Annotated[Date, Tag("date")]
    | Annotated[Place, Tag("place")]
    | Annotated[Lab, Tag("lab")]
    | Annotated[Say, Tag("say")]
    | Annotated[End, Tag("end")]
    | Annotated[Branch, Tag("branch")]
    | Annotated[Use, Tag("use")]
    | Annotated[Switch, Tag("switch")]
    | Annotated[Do, Tag("do")]
    | Annotated[LogStep, Tag("log")]
    | Annotated[Remember, Tag("remember")],
    Discriminator(
        kind_of,
        custom_error_type="step_kind",
        custom_error_message=f"a step needs one of: {', '.join(KINDS)}",
    ),
]


class Start(Model):
    """When the clock starts a script: one slot of a day. Facts name the person's own days and times."""

    slot: Id
    when: Condition | None = None
    days: str | None = None
    """The fact that lists the weekdays; without it, or before it is known, `or_days`."""
    or_days: tuple[Literal[WEEKDAYS], ...] = WEEKDAYS  # type: ignore[valid-type]
    at: str
    """The fact that holds the local time."""
    or_at: Clock | None = None
    """The time until the person has said one; without it the slot waits for the fact."""
    after: Span = dt.timedelta()
    before: Span = dt.timedelta()
    useful_for: Span
    """Past this it is not sent any more (law 2)."""


class Script(Model):
    """A conversation: its id, its title and its steps in order."""

    id: Id
    title: str
    kind: Literal["onboarding", "area", "checkin", "weekly", "log", "part", "command"]
    command: str | None = None
    """The chat command that starts it, without the slash."""
    about: str | None = None
    """One line for the commands menu."""
    order: int = 0
    habit: Literal["walk", "lifting", "sleep", "cold"] | None = None
    """The switch a check-in belongs to."""
    gate: str | None = None
    """The safety gate that must be open."""
    starts: tuple[Start, ...] = ()
    priority: int = 50
    """Which check-in goes first when two are due (higher first)."""
    reply: bool = True
    """A reminder that needs no reply never blocks another (law 6)."""
    steps: Annotated[dict[Id, AnyStep], Field(min_length=1)]

    def first(self) -> str:
        return next(iter(self.steps))

    def following(self, step_id: str) -> str:
        """The step below in the file, or the end."""
        ids = list(self.steps)
        at = ids.index(step_id) + 1
        return ids[at] if at < len(ids) else END


def options_of(step: Step) -> Options:
    """The buttons a question offers by id, for the kinds that have their own."""
    match step:
        case Choice(choice=options) | Several(several=options):
            return options
        case YesNo(yesno=of) | Permission(permission=of):
            return {"yes": of.yes, "no": of.no, **({"unsure": of.unsure} if of.unsure else {})}
        case FreeText(text=of):
            return of.offer
        case _:
            return {}
