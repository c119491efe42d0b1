"""The buttons of each kind of question, and what a tap on one means."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.coach.conditions import holds
from bot.coach.dialogue import SKIPPED, Said, State
from bot.coach.phrases import Phrases
from bot.coach.script import (
    WEEKDAYS,
    Choice,
    Date,
    Duration,
    FreeText,
    Night,
    Number,
    Permission,
    Place,
    Question,
    Scale,
    Several,
    Text,
    TimeOfDay,
    Weekdays,
    YesNo,
    options_of,
)
from bot.coach.training import LoadUnit, in_unit

BACK, SKIP, DONE, SAME, NEITHER, GO_ON = "~back", "~skip", "~done", "~same", "~neither", "~on"
"""What the coach's own buttons carry; an author's ids never begin with ~."""
UNTICK = "-"
"""Before the id on a ticked button, so that a double tap ticks once and does not untick again."""
BELOW = 2
"""In the place of `small`: a button with a row of its own under all others."""


@dataclass(frozen=True)
class Button:
    """A button: what it carries and what it says. `small` ones stand in the row below."""

    id: str
    label: str
    small: bool = False


@dataclass(frozen=True)
class Around:
    """What the buttons of a question depend on beside the question."""

    state: State
    phrases: Phrases
    say: Callable[..., str]
    """Renders a text with the names of the run, and with values given by keyword."""
    lookup: Callable[[str], Said | None]
    today: dt.date
    earlier: Said | None
    """Last time's answer, offered again."""
    may_go_back: bool
    bare: bool
    """A check-in's first question, or one that needs no reply: nothing but its own buttons."""
    load_unit: str = "kg"


def number_words(value: float, unit: str = "", units: Mapping[str, str] | None = None) -> str:
    """A number as it is read: 15, 7.5; with its unit's name where there is one."""
    text = f"{value:g}"
    return f"{text} {(units or {}).get(unit, unit)}".strip()


def load_words(load_kg: float, unit: LoadUnit, phrases: Phrases) -> str:
    """A load as it is read, in the person's unit: 20 kg."""
    return number_words(in_unit(load_kg, unit), unit, phrases.units)


def weekday_words(days: list[int], phrases: Phrases) -> str:
    """Weekdays in a sentence: "Monday and Thursday"."""
    if len(set(days)) == 7:
        return phrases.every_day
    if sorted(set(days)) == [0, 1, 2, 3, 4]:
        return phrases.workdays
    names = [phrases.weekdays[day] for day in sorted(set(days))]
    return in_a_row(names, phrases)


def in_a_row(names: list[str], phrases: Phrases) -> str:
    """A list as it is read: "a, b and c"."""
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} {phrases.and_[0]} {names[-1]}"


def buttons(question: Question, around: Around) -> tuple[Button, ...]:
    """Every button of a question as it stands now, the coach's own last."""
    state, phrases = around.state, around.phrases
    if state.guesses:
        guesses = [Button(f"~g{n}", said.words) for n, said in enumerate(state.guesses)]
        return (*guesses, Button(NEITHER, around.say(phrases.neither)))
    own = list(_own(question, around))
    earlier = around.earlier
    if earlier is not None and _offers_same(question, earlier, own):
        own.insert(0, Button(SAME, shorten(around.say(phrases.same, answer=earlier.words))))
    small: list[Button] = []
    if around.may_go_back:
        small.append(Button(BACK, around.say(phrases.back), small=True))
    if question.skip and not around.bare:
        small.append(Button(SKIP, around.say(phrases.skip), small=True))
    return (*own, *small)


def shorten(label: str, most: int = 60) -> str:
    """A label that fits on a button."""
    return label if len(label) <= most else label[: most - 1].rstrip() + "…"


def _offers_same(question: Question, earlier: Said, own: list[Button]) -> bool:
    if not question.again or earlier.value is None or isinstance(question, (Permission, Place)):
        return False
    if isinstance(question, (Choice, YesNo)):
        return False  # its own button is there already
    return earlier.words not in {button.label for button in own} and bool(earlier.words)


def _own(question: Question, around: Around) -> list[Button]:
    say, phrases = around.say, around.phrases
    match question:
        case Several():
            found = [_tick(name, label, around) for name, label in _labels(question, around)]
            return [*found, Button(DONE, say(phrases.done))]
        case Choice() | YesNo() | Permission() | FreeText():
            before = around.earlier.value if around.earlier and question.again else None
            return [
                Button(name, say(phrases.last_time, label=label) if name == before else label)
                for name, label in _labels(question, around)
            ]
        case Number(number=of):
            return [Button(f"v{value:g}", number_words(value, of.unit, phrases.units)) for value in of.offer]
        case Duration(duration=of):
            return [Button(f"v{value}", number_words(value, of.unit, phrases.units)) for value in of.offer]
        case Scale(scale=of):
            return [Button(f"v{value}", str(value)) for value in range(of.from_, of.to + 1)]
        case TimeOfDay(time=of):
            return [Button(f"v{time:%H:%M}", f"{time:%H:%M}") for time in of.offer]
        case Night(night=of):
            usual = around.lookup("usual_night") if of.offer else None
            return [Button("usual", usual.words)] if usual else []
        case Weekdays(weekdays=of):
            days = [_tick(f"d{n}", label, around) for n, label in enumerate(phrases.weekdays_short)]
            groups = [Button(name, _group_label(name, list(group), phrases)) for name, group in of.offer.items()]
            return [*groups, *days, Button(DONE, say(phrases.done))]
        case Date(date=of) if not of.ahead:
            return [Button("v0", say(phrases.today)), Button("v1", say(phrases.yesterday))]
        case _:
            return []


def _tick(name: str, label: str, around: Around) -> Button:
    """A box of a multi-select: a tap on a ticked one takes the tick away."""
    if name in around.state.picked:
        return Button(f"{UNTICK}{name}", around.say(around.phrases.picked, label=label))
    return Button(name, label)


def _group_label(name: str, group: list[str], phrases: Phrases) -> str:
    """A group's name: "Every day", the days themselves when there are few, else what the author called it."""
    if len(group) == 7:
        return phrases.every_day[:1].upper() + phrases.every_day[1:]
    if len(group) == 1:
        return phrases.weekdays[WEEKDAYS.index(group[0])]
    if len(group) <= 3:
        return " + ".join(phrases.weekdays_short[WEEKDAYS.index(day)] for day in group)
    return name.replace("_", " ").capitalize()


def _labels(question: Question, around: Around) -> list[tuple[str, str]]:
    def value(name: str) -> Any:
        found = around.lookup(name)
        return None if found is None else found.value

    return [
        (name, around.say((option.label,)))
        for name, option in options_of(question).items()
        if holds(option.when, value)
    ]


def option_ids(question: Question, around: Around) -> dict[str, list[str]]:
    """What may be typed for each option shown: its label, its words and what the author added."""
    shown = dict(_labels(question, around))
    return {
        name: [shown[name], *([option.words] if option.words else []), *option.typed]
        for name, option in options_of(question).items()
        if name in shown
    }


@dataclass(frozen=True)
class Ticked:
    """A multi-select with another tick set or taken away; not an answer yet."""

    picked: tuple[str, ...]


def tapped(question: Question, option: str, around: Around) -> Said | Ticked | None:
    """What a tap on a button means; None when the question has no such button."""
    shown = {button.id.removeprefix(UNTICK) for button in buttons(question, around)}
    if option in (BACK, NEITHER) or option.removeprefix(UNTICK) not in shown:
        return None  # going back and "neither" are no answers; the turn sees to them
    if option.startswith("~g"):
        return around.state.guesses[int(option[2:])]
    if option == SAME and around.earlier is not None:
        return around.earlier
    if option == SKIP:
        return SKIPPED
    if isinstance(question, (Several, Weekdays)):
        return _ticked(question, option, around)
    if isinstance(question, FreeText):
        words = question.text.offer[option].words or around.say((question.text.offer[option].label,))
        return Said(words, words)
    known = options_of(question).get(option)
    if known is not None:
        return Said(option, known.words or around.say((known.label,)))
    if isinstance(question, Night):
        return around.lookup("usual_night")
    return _value(question, option[1:], around)


def _value(question: Question, text: str, around: Around) -> Said | None:
    match question:
        case Number(number=of):
            return Said(
                float(text) if "." in text else int(text),
                number_words(float(text), of.unit, around.phrases.units),
            )
        case Duration(duration=of):
            return Said(int(text), number_words(int(text), of.unit, around.phrases.units))
        case Scale():
            return Said(int(text), text)
        case TimeOfDay():
            return Said(text, text)
        case Date():
            date = around.today - dt.timedelta(days=int(text))
            return Said(date.isoformat(), date_words(date, around.phrases))
        case _:
            return None


def date_words(date: dt.date, phrases: Phrases) -> str:
    """A date as it is read: "22 November 2026"."""
    return f"{date.day} {phrases.months[date.month - 1]} {date.year}"


def short_date(date: dt.date, phrases: Phrases) -> str:
    """A date where there is little room: "22 Nov"."""
    return f"{date.day} {phrases.months[date.month - 1][:3]}"


def _ticked(question: Several | Weekdays, option: str, around: Around) -> Said | Ticked | None:
    picked = around.state.picked
    if option == DONE:
        return several_said(question, picked, around) if picked else None
    if option.startswith(UNTICK):
        return Ticked(tuple(one for one in picked if one != option.removeprefix(UNTICK)))
    if isinstance(question, Weekdays) and option in question.weekdays.offer:
        days = sorted(WEEKDAYS.index(day) for day in question.weekdays.offer[option])
        return Said(days, weekday_words(days, around.phrases))
    others = tuple(one for one in picked if one != option)
    if isinstance(question, Weekdays):
        return Ticked((*others, option)[-question.weekdays.at_most :])
    if question.several[option].alone:
        return Ticked((option,))
    return Ticked((*(one for one in others if not question.several[one].alone), option))


def several_said(question: Several | Weekdays, picked: tuple[str, ...], around: Around) -> Said:
    """A multi-select's answer from what is ticked, in the question's own order."""
    if isinstance(question, Weekdays):
        days = sorted(int(one[1:]) for one in picked)
        return Said(days, weekday_words(days, around.phrases))
    chosen = [name for name in question.several if name in picked]
    names = [question.several[name].words or around.say((question.several[name].label,)) for name in chosen]
    return Said(chosen, in_a_row(names, around.phrases))


def unreadable(question: Question, reason: str, phrases: Phrases) -> Text:
    """The line for a reply that could not be read."""
    if question.hint:
        return question.hint
    return phrases.unread.get(reason) or phrases.unread["other"]
