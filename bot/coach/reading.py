"""Reads a typed reply as the answer of the question it is for: the value, or why not and what it may have meant."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, TypeVar

from bot.coach import replies
from bot.coach.bloodwork import Glucose, GlucoseUnit, HbA1c, Insulin, Triglycerides
from bot.coach.dialogue import Said
from bot.coach.phrases import Phrases
from bot.coach.questions import (
    SAME,
    Around,
    buttons,
    date_words,
    load_words,
    number_words,
    option_ids,
    several_said,
    weekday_words,
)
from bot.coach.script import (
    Choice,
    Date,
    DateOf,
    Duration,
    FreeText,
    Lab,
    Night,
    Number,
    NumberOf,
    Permission,
    Question,
    Scale,
    Sets,
    Several,
    TimeOfDay,
    Weekdays,
    YesNo,
    options_of,
)
from bot.coach.tokens import normalise
from bot.coach.training import LoadUnit
from bot.coach.words import Words

R = TypeVar("R", bound=replies.Read[Any] | replies.Unread[Any])


@dataclass(frozen=True)
class Unread:
    """Why a reply could not be taken; `guesses` are offered as buttons, `bound` and `unit` fill the line."""

    reason: str
    guesses: tuple[Said, ...] = ()
    bound: str = ""
    unit: str = ""


_LINES = {
    "inexact": "not_a_number",
    "not_whole": "not_a_number",
    "not_a_day": "not_days",
    "not_yes_or_no": "not_an_option",
    "no_match": "not_an_option",
    "did_you_mean": "not_an_option",
    "negated": "not_an_option",
}
"""Reasons of the readers that share a line."""
_LABS: dict[str, Callable[[str, Words], replies.Read[Any] | replies.Unread[Any]]] = {
    "insulin": replies.insulin,
    "hba1c": replies.hba1c,
    "triglycerides": replies.triglycerides,
}
_LAB_LINES = {"hba1c": "not_an_hba1c"}
_GLUCOSE_UNITS: tuple[GlucoseUnit, ...] = ("mg_dl", "mmol_l")


def read(question: Question, text: str, words: Words, around: Around) -> Said | Unread:
    """The answer a text is, as the question's own kind of value."""
    if not normalise(text):
        return Unread("empty")
    phrases = around.phrases
    if question.safety and "not_sure" in options_of(question) and replies.is_not_sure(text, words):
        return _option("not_sure", question, around)
    match question:
        case FreeText(text=of):
            said = as_labelled(question, text, around)
            if said:
                return said
            if len(text) > of.to:
                return Unread("too_long", bound=str(of.to))
            own = replies.name(text, words) if of.name else text.strip()
            heard = replies.heard(own, words, _heard_for(question, around))
            return Said(_option(heard, question, around).value if heard else own, own)
        case Several():
            return _several(question, text, words, around)
        case Choice() | YesNo() | Permission():
            return _choice(question, text, words, around)
        case Number(number=asked):
            known = asked.unit if asked.unit in words.units else None
            found = replies.number(text, words, unit=known, lo=asked.from_, hi=asked.to, whole=asked.whole)
            if isinstance(found, replies.Unread) and not found.candidates and asked.unit in ("min", "s"):
                found = _in_words(text, words, asked) or found
            found = _within(found, asked.from_, asked.to, whole=asked.whole)
            return _settled(found, lambda value: _number_said(value, asked.unit, phrases), asked.unit, phrases)
        case Duration(duration=asked_for):
            span = replies.duration(text, words, unit=asked_for.unit, lo=asked_for.from_, hi=asked_for.to)
            span = _within(span, asked_for.from_, asked_for.to)
            return _settled(span, lambda value: _number_said(value, asked_for.unit, phrases), asked_for.unit, phrases)
        case Scale(scale=of):
            score = replies.scale(text, words, lo=of.from_, hi=of.to)
            return _settled(score, lambda value: Said(value, str(value)), "", phrases)
        case TimeOfDay(time=of):
            offered = next((time for time in of.offer if normalise(text).zfill(5) == f"{time:%H:%M}"), None)
            if offered:  # as its button says it, whichever half of the day the hint means
                return _time_said(offered)
            return _settled(replies.time_of_day(text, words, hint=of.hint), _time_said, "", phrases)
        case Night():
            return _settled(replies.night(text, words), lambda night: night_words(night, phrases), "h", phrases)
        case Weekdays(weekdays=of):
            return _weekdays(text, words, of.at_most, phrases)
        case Sets():
            unit: LoadUnit = "lb" if around.load_unit == "lb" else "kg"
            done = replies.sets(text, words, unit=unit)
            return _settled(done, lambda sets: sets_said(sets, unit, phrases), "", phrases)
        case Date(date=of):
            return _date(text, words, around, of)
        case Lab(lab=of):
            return _lab(of.test, text, words, around)
        case _:
            return Unread("other")


def _in_words(text: str, words: Words, asked: NumberOf) -> replies.Read[Any] | None:
    """Minutes or seconds that are no plain number: "half an hour"."""
    unit: Literal["min", "s"] = "min" if asked.unit == "min" else "s"
    found = replies.duration(text, words, unit=unit, lo=asked.from_, hi=asked.to)
    return found if isinstance(found, replies.Read) else None


def _within(found: R, least: float, most: float, *, whole: bool = True) -> R:
    """Without the guesses that the question could not take either."""
    if not isinstance(found, replies.Unread):
        return found
    fitting = (one for one in found.candidates if least <= one <= most and (not whole or float(one).is_integer()))
    return replace(found, candidates=tuple(fitting))


def _settled(
    found: replies.Read[Any] | replies.Unread[Any], say: Callable[[Any], Said], unit: str, phrases: Phrases
) -> Said | Unread:
    if isinstance(found, replies.Read):
        return say(found.value)
    bound = "" if found.bound is None else number_words(found.bound, unit, phrases.units)
    guesses = () if found.reason in ("below", "above") else tuple(say(value) for value in found.candidates)
    return Unread(_LINES.get(found.reason, found.reason), guesses, bound, phrases.units.get(unit, unit))


def _number_said(value: float, unit: str, phrases: Phrases) -> Said:
    value = int(value) if float(value).is_integer() else value
    return Said(value, number_words(value, unit, phrases.units))


def _time_said(time: dt.time) -> Said:
    return Said(f"{time:%H:%M}", f"{time:%H:%M}")


def night_words(night: replies.Night, phrases: Phrases) -> Said:
    """A night as a value, and as it is read: "23:00–6:45" or "7 h"."""
    if night.bed is None or night.up is None:
        hours, minutes = divmod(night.minutes, 60)
        words = f"{hours} {phrases.units['h']}" + (f" {minutes:02d}" if minutes else "")
        return Said({"minutes": night.minutes}, words)
    bed, wake = f"{night.bed:%H:%M}", f"{night.up:%H:%M}"
    words = f"{bed.removeprefix('0')}–{wake.removeprefix('0')}"
    return Said({"bed": bed, "wake": wake, "minutes": night.minutes}, words)


def sets_said(sets: Sequence[replies.Set], unit: LoadUnit, phrases: Phrases) -> Said:
    """Sets as a value, and as they are read: "20 kg × 10, 8, 8"."""
    values = [{"load": one.load_kg, "reps": one.reps} for one in sets]
    parts: list[str] = []
    last: float | None = -1.0
    for one in sets:
        if one.load_kg == last and parts:
            parts[-1] += f", {one.reps}"
        else:
            load = f"{load_words(one.load_kg, unit, phrases)} × " if one.load_kg else ""
            parts.append(f"{load}{one.reps}")
        last = one.load_kg
    return Said(values, "; ".join(parts))


def _option(name: str, question: Question, around: Around) -> Said:
    option = options_of(question)[name]
    words = option.words or around.say((option.label,))
    if isinstance(question, Several):
        return Said([name], words)
    if isinstance(question, FreeText):
        return Said(words, words)
    return Said(name, words)


def _heard_for(question: FreeText, around: Around) -> dict[str, tuple[str, ...]]:
    offered = option_ids(question, around)
    return {name: option.heard for name, option in question.text.offer.items() if name in offered}


def _choice(question: Question, text: str, words: Words, around: Around) -> Said | Unread:
    options = option_ids(question, around)
    found = replies.choice(text, words, options)
    if isinstance(found, replies.Read):
        return _option(found.value, question, around)
    if isinstance(question, (YesNo, Permission)):
        plain = replies.yes_no(text, words)
        if isinstance(plain, replies.Read):
            name = {"yes": "yes", "no": "no", "not_sure": "unsure"}[plain.value]
            if name in options:
                return _option(name, question, around)
    if replies.is_not_sure(text, words):
        unsure = next((name for name in options if name in ("not_sure", "unsure")), None)
        if unsure:
            return _option(unsure, question, around)
    guesses = tuple(_option(name, question, around) for name in found.candidates)
    return Unread(_LINES.get(found.reason, found.reason), guesses)


def as_labelled(question: Question, text: str, around: Around) -> Said | None:
    """The option that a text names just as it stands on its button, or as its author spelled it otherwise."""
    typed = normalise(text).casefold()
    for name, labels in option_ids(question, around).items():
        if typed in {normalise(label).casefold() for label in labels}:
            return _option(name, question, around)
    for button in buttons(question, around):  # last time's answer says so on its button
        if typed != normalise(button.label).casefold():
            continue
        if button.id == SAME:
            return around.earlier
        if button.id in options_of(question):
            return _option(button.id, question, around)
    return None


def _several(question: Several, text: str, words: Words, around: Around) -> Said | Unread:
    found = replies.several(text, words, option_ids(question, around))
    if isinstance(found, replies.Unread):
        guesses = tuple(_option(name, question, around) for name in found.candidates)
        return Unread("not_options", guesses)
    picked = found.value
    if not picked and "none" in question.several:
        picked = ("none",)
    alone = [name for name in picked if question.several[name].alone]
    if alone and len(picked) > 1:
        if not around_all(question, picked):
            return Unread("not_options")
        picked = tuple(name for name in picked if name not in alone)
    if not picked:
        return Unread("none_picked")
    return several_said(question, tuple(picked), around)


def around_all(question: Several, picked: Sequence[str]) -> bool:
    """Whether "all" was said: every option, those that stand alone among them."""
    return len(picked) == len(question.several)


def _weekdays(text: str, words: Words, at_most: int, phrases: Phrases) -> Said | Unread:
    found = replies.weekdays(text, words)
    if isinstance(found, replies.Unread):
        return Unread("not_days")
    days = list(found.value)
    if len(days) > at_most:
        return Unread("above", bound=str(at_most))
    return Said(days, weekday_words(days, phrases))


def _date(text: str, words: Words, around: Around, of: DateOf) -> Said | Unread:
    date = _read_date(text, around, coming=of.ahead > 0)
    away = (date - around.today).days if date else None
    if date is None or away is None or not (0 < away <= of.ahead if of.ahead else -of.past <= away <= 0):
        return Unread("not_a_coming_date" if of.ahead else "not_a_date")
    return Said(date.isoformat(), date_words(date, around.phrases))


def _read_date(text: str, around: Around, *, coming: bool = False) -> dt.date | None:
    """Today, yesterday, 2026-11-03 or "3 November": only forms that cannot mean two dates.

    Without a year it is the last such day, or with `coming` the next.
    """
    plain = normalise(text).casefold().strip(" .")
    for back, phrase in enumerate((around.phrases.today, around.phrases.yesterday)):
        if plain == around.say(phrase).casefold():
            return around.today - dt.timedelta(days=back)
    try:
        return dt.date.fromisoformat(plain)
    except ValueError:
        pass
    parts = [part for part in plain.replace(",", " ").replace(".", " ").split() if part]
    months = [n for n, month in enumerate(around.phrases.months, 1) for part in parts if _is_month(part, month)]
    numbers = [int(part.rstrip("stndrh")) for part in parts if part.rstrip("stndrh").isdecimal()]
    days = [number for number in numbers if 1 <= number <= 31]
    years = [number for number in numbers if number > 31]
    if len(months) != 1 or len(days) != 1 or len(years) > 1:
        return None
    step = 1 if coming else -1
    for year in years or range(around.today.year, around.today.year + 9 * step, step):  # a 29 February may be 8 away
        try:
            date = dt.date(year, months[0], days[0])
        except (ValueError, OverflowError):
            continue
        if date > around.today if coming else date <= around.today:
            return date
    return None


def _is_month(part: str, month: str) -> bool:
    return len(part) >= 3 and month.casefold().startswith(part)


def _lab(test: str, text: str, words: Words, around: Around) -> Said | Unread:
    phrases, usual = around.phrases, around.lookup("glucose_unit")
    found: replies.Read[Any] | replies.Unread[Any]
    if test == "glucose":
        unit = next((one for one in _GLUCOSE_UNITS if usual is not None and usual.value == one), None)
        found = replies.glucose(text, words, unit=unit)
    else:
        found = _LABS[test](text, words)
    if isinstance(found, replies.Unread) and found.reason in ("not_a_number", "inexact", "wrong_unit"):
        return Unread(_LAB_LINES.get(test, "not_a_lab"))
    return _settled(found, lambda value: _lab_said(value, phrases), "", phrases)


def _lab_said(value: Glucose | Insulin | HbA1c | Triglycerides, phrases: Phrases) -> Said:
    return Said({"value": value.value, "unit": value.unit}, number_words(value.value, value.unit, phrases.units))
