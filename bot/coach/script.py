"""What authors write: the models of a script, its steps and its questions.

A script is a graph of steps. Everything the coach says is one; a check-in is a script that the clock starts.
The models only describe; `dialogue` walks them and `bot.library` reads and checks them.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from typing import Annotated, Any, ClassVar, Literal, get_args

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    GetJsonSchemaHandler,
    Tag,
    model_validator,
)

Scalar = str | int | float | bool
Strength = Literal["strong", "moderate", "limited", "weak"]
Status = Literal["done", "partly", "skipped"]
Habit = Literal["walk", "lifting", "sleep", "cold", "food", "sitting", "fiber"]
"""What a check-in can be about, each with its own switch and log."""
HABITS: tuple[Habit, ...] = get_args(Habit)
Switchable = Literal[Habit, "path"]
"""What a person switches on and off: each habit's check-in, and the weekly lesson, which counts nothing."""
SWITCHES: tuple[Switchable, ...] = get_args(Switchable)
END = "end"
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
NAME = re.compile(r"^[a-z][a-z0-9_]*$")


class Model(BaseModel):
    """A value that content gives us: frozen, and an unknown field is a mistake.

    What stands under a field is what an author reads of it, in the guide and in the editor.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


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


Text = Annotated[
    tuple[str, ...], BeforeValidator(_variants, json_schema_input_type=str | list[str]), Field(min_length=1)
]
"""One text, or several variants of it: those whose facts are known come first, then they rotate."""
Span = Annotated[
    dt.timedelta,
    BeforeValidator(_span, json_schema_input_type=Annotated[str, Field(pattern=r"^\s*\d+\s*(s|min|h|d)\s*$")]),
]
Clock = Annotated[
    dt.time,
    BeforeValidator(_clock, json_schema_input_type=Annotated[str, Field(pattern=r"^([01]?\d|2[0-3]):[0-5]\d$")]),
]
Id = Annotated[str, Field(pattern=NAME.pattern)]


class Test(Model):
    """How one name is tested; every field given must hold."""

    __test__: ClassVar[bool] = False  # not a pytest class

    known: bool | None = None
    """Whether anything is known: `{zone: {known: true}}`."""
    is_: Scalar | None = Field(None, alias="is")
    """The value; `{why: family}` is short for `{why: {is: family}}`."""
    not_: Scalar | None = Field(None, alias="not")
    """Any other value, or nothing known."""
    one_of: tuple[Scalar, ...] | None = None
    """One of these values; `{why: [family, energy]}` is short for it."""
    has: Scalar | None = None
    """A list that holds this: `{walk_meals: {has: dinner}}`."""
    has_any: tuple[Scalar, ...] | None = None
    """A list that holds one of these."""
    lacks: Scalar | None = None
    """A list without this, or nothing known."""
    below: float | None = None
    """A number below this one."""
    at_least: float | None = None
    """A number that is this or more."""
    after: str | None = Field(None, pattern=r"^([01]\d|2[0-3]):[0-5]\d$")
    """A time of day later than this one: `{breakfast_time: {after: "14:00"}}`."""
    every: int | None = None
    """Holds on every n-th value of a counter, beginning with the n-th: `{visits: {every: 3}}`."""


class Condition(Model):
    """Conditions are data: each name with what it must be; all must hold. `any` and `none` group further ones.

    `{sure: {below: 7}}`, `{gate.cold: open}`, `{meals: {has: dinner}}`, `{zone: {known: true}}`.
    """

    tests: dict[str, Test] = {}
    any: tuple[Condition, ...] = ()
    """Conditions of which one must hold."""
    none: tuple[Condition, ...] = ()
    """Conditions of which none may hold."""

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

    @classmethod
    def __get_pydantic_json_schema__(cls, core: Any, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        """As an author writes it: every name that is not `any` or `none` is tested."""
        schema = handler.resolve_ref_schema(handler(core))
        scalar = {"type": ["string", "number", "boolean"]}
        test = schema["properties"].pop("tests")["additionalProperties"]
        schema["additionalProperties"] = {"anyOf": [scalar, {"type": "array", "items": scalar}, test]}
        return schema

    def names(self) -> Iterator[str]:
        yield from self.tests
        for part in (*self.any, *self.none):
            yield from part.names()


class Case(Model):
    """One way out: the first whose `when` holds is taken; without `when` it always is."""

    when: Condition | None = None
    """When this way is taken; without it, always."""
    go: str
    """A step's id, or `end`."""


def _cases(value: Any) -> Any:
    return ({"go": value},) if isinstance(value, str) else value


Next = Annotated[tuple[Case, ...], BeforeValidator(_cases, json_schema_input_type=str | list[Case])]
Logged = dict[
    Literal["walk", "training", "night", "cold", "plate", "sitting", "fiber", "draw", "note"], dict[str, Scalar]
]
"""What a step records: per log its fields. A text names a variable (`answer`: this step's own)."""


class Evidence(Model):
    """What a claim rests on: keys of `sources.yaml`, how strong, and the words for /why."""

    strength: Strength
    """How well it is shown."""
    sources: tuple[str, ...] = ()
    """Keys of sources.yaml."""
    article: str | None = None
    """What the article says, where the evidence says otherwise."""
    why: str | None = None
    """What the evidence supports, in one or two plain sentences."""


def _option(value: Any) -> Any:
    return {"label": value} if isinstance(value, str) else value


class Option(Model):
    """One answer of a choice; its id is permanent and is what a button carries."""

    label: str
    """What the button says, 60 characters at most."""
    words: str | None = None
    """How it reads inside a sentence, where the label does not."""
    typed: tuple[str, ...] = ()
    """Other words a person may type for it."""
    heard: tuple[str, ...] = ()
    """In a `text`: words by which the person's own line means this; it is called back as they wrote it."""
    when: Condition | None = None
    """When it is offered."""
    alone: bool = False
    """In a multi-select: choosing it clears the others ("None of these")."""
    next: Next = ()
    """Where this answer leads, instead of the question's own `next`."""
    reflect: Text | None = None
    """Said after this answer, instead of the question's own `reflect`."""
    set: dict[str, Scalar | tuple[Scalar, ...]] = {}
    """Facts that this answer also establishes; `"=name"` copies a variable."""
    log: Logged = {}
    """What this answer records, as `{walk: {minutes: 5}}`."""
    counts: Status | None = None
    """In a check-in: what this answer makes of it."""
    snooze: Span | None = None
    """In a check-in: asks again after so long."""
    move: int | None = None
    """In a check-in: moves it by so many days."""
    adjust: Literal["next_day", "five", "rest", "keep"] | None = None
    """What to do about the week's hardest day, next week."""
    start: str | None = None
    """Begins that script once this one has ended."""
    evidence: Evidence | None = None
    """What its `reflect` rests on, where that makes a claim."""
    rests_on: str | None = None
    """The lesson, as `script.step`, whose evidence this rests on too: a claim that is only called back."""
    advice: bool = False
    """Its `reflect` claims nothing that a study could show."""
    was: str | None = None
    """The id it had before."""


OneOption = Annotated[Option, BeforeValidator(_option, json_schema_input_type=str | Option)]
Options = dict[Id, OneOption]


class Step(Model):
    """What every step may have."""

    when: Condition | None = None
    """When the step is walked; otherwise it is passed over."""
    next: Next = ()
    """Where it leads: a step's id, `end`, or cases as in `branch`. Without it, to the step below."""
    was: str | None = None
    """The id it had before, so that conversations under way find it."""
    figures: bool = False
    """The person came for these figures: shown and asked for also where they want no numbers otherwise."""


class Say(Step):
    """Tells something. Adjoining says and a reflection become one message."""

    say: Text
    """What is told."""
    lesson: bool = False
    """Teaching: shown also to those who chose only to be taught, so it must not speak of their data."""
    evidence: Evidence | None = None
    """What the claim rests on. Every lesson has it, unless it is `advice`."""
    rests_on: str | None = None
    """The lesson, as `script.step`, whose evidence this rests on too: a claim that is only called back."""
    advice: bool = False
    """Claims nothing that a study could show (when to stop, whom to ask, a careful rule of ours): needs no source."""
    names: tuple[Id, ...] = ()
    """Gated topics that this text only names, to warn or to refuse; what advises on one lies behind its gate."""
    picture: Literal["week"] | None = None
    """The picture that goes with it; the message is then its caption, 1,024 characters at most."""


class End(Step):
    """Ends the script with a recap; `quiet` ends without a word."""

    end: Annotated[Literal["quiet"] | Text, Field(union_mode="left_to_right")]
    """The last words, or `quiet`."""
    undo: bool = False
    """Offers to take the last answer back."""
    evidence: Evidence | None = None
    """What the last words rest on, where they make a claim."""
    rests_on: str | None = None
    """The lesson, as `script.step`, whose evidence this rests on too: a claim that is only called back."""
    advice: bool = False
    """Claims nothing that a study could show."""


class Branch(Step):
    """Goes where the first case that holds leads; says nothing."""

    branch: Annotated[tuple[Case, ...], Field(min_length=1)]
    """The cases: `[{when: {sure: {below: 7}}, go: smaller}, {go: plan}]`."""


class Remember(Step):
    """Establishes facts without asking. A text that begins with `=` names a variable."""

    remember: dict[Id, Scalar | tuple[Scalar, ...]]
    """Each fact with its value."""


class Switch(Step):
    """Switches check-ins on or off, if their gate is open and the day is not full; else goes to `refused`."""

    switch: dict[Switchable, bool]
    """Each check-in, on (`true`) or off."""
    refused: str | None = None
    """The step for when it cannot be switched on."""


class LogStep(Step):
    """Records a log entry without asking."""

    log: Logged
    """What is recorded, as `{walk: {minutes: 5}}`. A text names a variable."""
    counts: Status | None = None
    """In a check-in: what this makes of it."""


class Use(Step):
    """Walks another script (a part) and comes back."""

    use: str
    """The part's id."""


class Do(Step):
    """One of the few acts that are more than a fact."""

    do: Literal[
        "agree",
        "teach_only",
        "pause",
        "resume",
        "erase",
        "export",
        "stop_asking",
        "safety_stop",
        "clear_cold",
        "fewer_days",
        "once_a_week",
        "usual_days",
        "rest_week",
    ]
    """`agree`: consent, with its version. `teach_only`: no consent, nothing is stored. `pause`: for `pause_days` days,
    or without end. `resume`, `export`, `erase`: as they say. `stop_asking`: switches this check-in off.
    `safety_stop`: this conversation stops, and coaching goes on only by the person's tap. `clear_cold`: forgets when
    cold is due. `fewer_days`, `once_a_week`, `usual_days`: thins the days of this habit's check-ins, or brings
    them back (in /plan, all of them). `rest_week`: seven days without this habit."""


class Question(Step):
    """Asks one thing and waits."""

    ask: Text
    """What is asked."""
    skip: bool | str = True
    """Whether it may be skipped; a step's id says where that leads."""
    remember: Id | None = None
    """The fact that the answer becomes. Without it the answer lives as long as the run."""
    reflect: Text | None = None
    """Said after the answer, which is `{{ answer }}` in it."""
    hint: Text | None = None
    """Said when a reply cannot be read; each kind has its own in phrases.yaml."""
    log: Logged = {}
    """What is recorded; `answer` stands for the answer: `{walk: {minutes: answer}}`."""
    counts: Status | None = None
    """In a check-in: what any answer makes of it."""
    safety: bool = False
    """Skipping it is stored as "not sure", which closes every gate it decides."""
    again: bool = True
    """When the script is walked again, last time's answer is offered; `false` leaves it out."""
    picture: Literal["week"] | None = None
    """The picture that goes with it; the question is then its caption, 1,024 characters at most."""
    evidence: Evidence | None = None
    """What the question, or its own `reflect`, rests on, where that makes a claim."""
    rests_on: str | None = None
    """The lesson, as `script.step`, whose evidence this rests on too: a claim that is only called back."""
    advice: bool = False
    """Neither claims anything that a study could show."""


class Choice(Question):
    """One answer of a few."""

    choice: Options
    """The options by their ids: `{often: Often, rare: {label: Hardly ever, next: idea}}`."""


class Several(Question):
    """Any number of the options, with a Done button."""

    several: Options
    """The options by their ids; `alone: true` on "None of these" and "Not sure"."""


class YesNoOf(Model):
    """The two answers, and a third where `unsure` is given. Each is a label or an option."""

    yes: OneOption = Option(label="Yes")
    """The label of the yes, or an option."""
    no: OneOption = Option(label="No")
    """The label of the no, or an option."""
    unsure: OneOption | None = None
    """The third answer; without it there are two."""


class YesNo(Question):
    """Yes or no, and "not sure" where it is offered."""

    yesno: YesNoOf
    """The answers: `{}`, or `{yes: Yes, no: No, unsure: Not sure}`."""


class Permission(Question):
    """Asks before advising; a no skips to `otherwise`."""

    permission: YesNoOf
    """The answers: `{yes: Go on, no: Not now}`."""
    otherwise: str
    """The step a no leads to."""


class NumberOf(Model):
    """A number and its limits."""

    unit: str = ""
    """What stands behind the number."""
    from_: float = Field(alias="from")
    """The least that is taken."""
    to: float
    """The most that is taken."""
    offer: tuple[float, ...] = ()
    """Numbers that get a button."""
    whole: bool = True
    """`false` takes 7.5 too."""


class Number(Question):
    """A number, tapped or typed."""

    number: NumberOf
    """`{unit: min, from: 1, to: 300, offer: [5, 10]}`."""


class ScaleOf(Model):
    """The ends of a scale."""

    from_: int = Field(0, alias="from")
    """The lowest."""
    to: int = 10
    """The highest."""


class Scale(Question):
    """How sure, how hard: a row of buttons from 0 to 10."""

    scale: ScaleOf
    """`{from: 0, to: 10}`."""


class TimeOf(Model):
    """A time of day."""

    hint: Literal["morning", "noon", "evening", "night", "none"] = "none"
    """Which part of the day a bare "7" means; a "night" is bedtime, where "8:30" is asked about."""
    offer: tuple[Clock, ...] = ()
    """Times that get a button, in quotes."""


class TimeOfDay(Question):
    """A time of day, by the person's own clock."""

    time: TimeOf
    """`{hint: evening, offer: ["18:30"]}`."""


class DurationOf(Model):
    """A length of time and its limits."""

    unit: Literal["min", "s"] = "min"
    """Minutes or seconds."""
    from_: int = Field(1, alias="from")
    """The shortest that is taken."""
    to: int = 300
    """The longest that is taken."""
    offer: tuple[int, ...] = ()
    """Lengths that get a button."""


class Duration(Question):
    """A length of time, kept in the unit named."""

    duration: DurationOf
    """`{unit: min, from: 1, to: 60, offer: [5]}`."""


class NightOf(Model):
    """A night."""

    offer: bool = True
    """Offers the person's usual bedtime and waking."""


class Night(Question):
    """Bedtime and waking ("23:00-6:45"), or hours slept."""

    night: NightOf
    """`{}`."""


class FreeTextOf(Model):
    """The person's own words."""

    to: int = 300
    """How many characters are taken."""
    offer: Options = {}
    """Ready answers, as options; a tap stands for the option's `words`."""
    private: bool = False
    """Never quoted back."""
    name: bool = False
    """A person's name: "call me" and the like before it are left out."""


class FreeText(Question):
    """The person's own words: quoted back, and not interpreted beyond what an option says is `heard`."""

    text: FreeTextOf
    """`{to: 160, offer: {id: A ready answer}}`."""


class SetsOf(Model):
    """Whose sets."""

    each: str
    """The fact that lists the lifts; each is asked in turn, as `{{ lift }}`."""


class Sets(Question):
    """A lift's sets: load × reps × sets."""

    sets: SetsOf
    """`{each: lifts}`."""


class WeekdaysOf(Model):
    """Days of the week."""

    offer: dict[Id, tuple[Literal[WEEKDAYS], ...]] = {}  # type: ignore[valid-type]
    """Sets of days that get a button; their labels stand in phrases.yaml."""
    at_most: int = 7
    """How many days may be chosen."""


class Weekdays(Question):
    """Days of the week, as buttons that toggle or typed ("Mon, Thu"). Kept as numbers, Monday 0."""

    weekdays: WeekdaysOf
    """`{offer: {workdays: [monday, tuesday]}}`."""


class DateOf(Model):
    """A date."""

    past: int = 365
    """How many days back it may lie."""
    ahead: int = 0
    """How many days ahead it may lie; with it, it must lie ahead."""


class Date(Question):
    """A date that is not in the future; or, with `ahead`, one that is."""

    date: DateOf
    """`{}`, `{past: 365}`, or `{ahead: 365}`."""


class PlaceOf(Model):
    """Nothing to set."""


class Place(Question):
    """Where the person is, for their time zone: a city, a shared location or what their clock says."""

    place: PlaceOf
    """`{}`."""


class LabOf(Model):
    """Which value."""

    test: Literal["glucose", "insulin", "hba1c", "triglycerides"]
    """The blood value; the unit comes with the answer."""


class Lab(Question):
    """A blood value with its unit; an implausible one is asked again."""

    lab: LabOf
    """`{test: glucose}`."""


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


def kinds() -> dict[str, type[Step]]:
    """Every kind of step by the key that makes it one."""
    return {**_QUESTIONS, **_OTHERS}


def kind_of(value: Any) -> str:
    """The kind of a step, from the key that names it; the tag of the union below."""
    if isinstance(value, Step):
        value = type(value).model_fields
    keys = list(value) if isinstance(value, dict) else []
    for kind in _QUESTIONS if "ask" in keys else (*_QUESTIONS, *_OTHERS):  # what asks is no other kind
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
    """The id of this time of the day; a script has one row of `starts` for each."""
    when: Condition | None = None
    """When this start counts."""
    days: str | None = None
    """The fact that lists the weekdays; without it, or before it is known, `or_days`."""
    or_days: tuple[Literal[WEEKDAYS], ...] = WEEKDAYS  # type: ignore[valid-type]
    """The days until the person has said which."""
    date: str | None = None
    """The fact that holds one date: it is asked on that day only, and not at all without it."""
    at: str
    """The fact that holds the local time."""
    or_at: Clock | None = None
    """The time until the person has said one; without it the slot waits for the fact."""
    after: Span = dt.timedelta()
    """So long after that time, as `15 min`."""
    before: Span = dt.timedelta()
    """So long before that time."""
    useful_for: Span
    """Past this it is not sent any more: a late check-in helps nobody."""


class Script(Model):
    """A conversation: its id, its title and its steps in order."""

    id: Id
    """Permanent; small letters, digits and _."""
    title: str
    """What people see it called."""
    kind: Literal["onboarding", "area", "checkin", "weekly", "log", "part", "command"]
    """What it is for. A part is walked by other scripts with `use`."""
    command: str | None = None
    """The chat command that starts it, without the slash."""
    about: str | None = None
    """One line for the commands menu."""
    order: int = 0
    """Its place among its like."""
    habit: Switchable | None = None
    """The switch a check-in belongs to."""
    gate: str | None = None
    """The safety gate that must be open."""
    starts: tuple[Start, ...] = ()
    """When the clock starts it: a row for each time of the day."""
    priority: int = 50
    """Which check-in goes first when two are due (higher first)."""
    reply: bool = True
    """`false` for a reminder that needs no reply: it never blocks another."""
    steps: Annotated[dict[Id, AnyStep], Field(min_length=1)]
    """The steps by their ids, walked from top to bottom."""

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
