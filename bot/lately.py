"""What a person logged in the last two weeks, as words that a follow-up lesson may say."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable
from typing import Any

from bot.coach import path, schedule, training
from bot.coach.dialogue import Facts, Said
from bot.coach.questions import load_words
from bot.coach.week.nights import asleep, regularity
from bot.coach.week.records import WeekRecords
from bot.knowledge import Knowledge
from bot.store import people, records, runs

DAYS = 14
"""How far back a lesson looks, in the person's days, today among them."""
OBSTACLES = ("walk", "lifting", "cold")
"""The check-ins that ask what got in the way, in a step called `obstacle`."""


def _span(know: Knowledge) -> tuple[dt.date, dt.date]:
    today = know.date(know.now)
    return today - dt.timedelta(days=DAYS - 1), today


def _records(know: Knowledge) -> list[WeekRecords]:
    _, today = _span(know)
    return [
        records.week_records(know.session, know.person, ending, today, know.zone, {}, None)
        for ending in (today - dt.timedelta(days=7), today)
    ]


def _walks(know: Knowledge) -> int:
    return sum(len(found.walks) for found in _records(know))


def _walk_minutes(know: Knowledge) -> int:
    return round(sum(walk.minutes for found in _records(know) for walk in found.walks))


def _walk_days(know: Knowledge) -> int:
    return len({walk.date for found in _records(know) for walk in found.walks})


def _longest_gap(know: Knowledge) -> int:
    """The longest run of days in a row without a walk or a set logged."""
    first, today = _span(know)
    if know.person.consented_at:  # nobody could note anything before
        first = max(first, know.date(know.person.consented_at))
    moved: set[dt.date] = set()
    for found in _records(know):
        moved |= {walk.date for walk in found.walks} | {lifted.date for lifted in found.sets}
    longest = run = 0
    for n in range((today - first).days):  # today is not over
        run = 0 if first + dt.timedelta(days=n) in moved else run + 1
        longest = max(longest, run)
    return longest


def _sessions(know: Knowledge) -> int:
    return len({one.date for found in _records(know) for one in found.sets})


def _sets(know: Knowledge) -> int:
    return sum(len(found.sets) for found in _records(know))


def _best_set(know: Knowledge, facts: Facts) -> Said | None:
    """The best set lately, by the rule of the weekly summary."""
    best = training.best_lift(one.done for found in _records(know) for one in found.sets)
    if best is None:
        return None
    phrases = know.library.phrases
    name = phrases.lifts.get(best.exercise, best.exercise)
    load = f" {load_words(best.load_kg, training.load_unit(facts), phrases)}" if best.load_kg else ""
    return Said(best.reps, f"{name}{load} × {best.reps}")


def _nights(know: Knowledge) -> int:
    return sum(asleep(night) is not None for found in _records(know) for night in found.nights)


def _sleep(know: Knowledge) -> Said | None:
    """The usual length of the nights that were noted, to five minutes."""
    minutes = [found for one in _records(know) for night in one.nights if (found := asleep(night)) is not None]
    if not minutes:
        return None
    mean = round(sum(minutes) / len(minutes) / 5) * 5
    hours, rest = divmod(mean, 60)
    units = know.library.phrases.units
    return Said(mean, f"{hours} {units['h']} {rest:02d} {units['min']}" if rest else f"{hours} {units['h']}")


def _night_spread(know: Knowledge) -> int | None:
    """How far the middle of the nights lay apart, in minutes, to five."""
    found, _ = regularity([night for one in _records(know) for night in one.nights])
    return None if found is None else round(found / 5) * 5


def _colds(know: Knowledge) -> int:
    return sum(len(found.colds) for found in _records(know))


def _cold_longest(know: Knowledge) -> int:
    return round(max((one.seconds for found in _records(know) for one in found.colds), default=0))


def _draws(know: Knowledge) -> int:
    return records.how_many_draws(know.session, know.person.id)


def _obstacle(know: Knowledge) -> Said | None:
    """What got in the way most often lately, by the word on its button; None below two."""
    since = know.now - dt.timedelta(days=DAYS)
    counted = Counter(
        (script, value)
        for script in OBSTACLES
        if script in know.scripts
        for value in runs.recent_values(know.session, know.person.id, script, "obstacle", since)
        if value in _NAMED
    )
    if not counted:
        return None
    (script, value), times = counted.most_common(1)[0]
    option = getattr(know.scripts[script].steps.get("obstacle"), "choice", {}).get(value)
    return Said(value, (option.words or option.label).lower()) if option and times > 1 else None


_NAMED = ("time", "tired", "weather", "forgot", "sore")
"""Obstacles that may be called back; what somebody would rather not say may not, nor feeling unwell."""


# the path


def _value(facts: Facts, name: str) -> Any:
    return facts[name].value if name in facts else None


def _order(know: Knowledge, facts: Facts) -> list[str]:
    kept = _value(facts, "path_order")
    if isinstance(kept, list) and sorted(kept) == sorted(path.AREAS):
        return kept
    return list(_suggested(know, facts).value)


def _suggested(know: Knowledge, facts: Facts) -> Said:
    answers = {name: said.value for name, said in facts.items()}
    last = people.last_answers(know.session, know.person.id, "sleep_stress")
    for step in ("hours", "stress"):
        said = last.get(f"sleep_stress.{step}")
        if said is not None:
            answers.setdefault(step, said.value)
    found = path.order(answers, {name: gate.open for name, gate in know.gates(facts).items()})
    return _as_titles(know, found)


def _as_titles(know: Knowledge, places: tuple[str, ...]) -> Said:
    return Said(list(places), ", ".join(_title(know, place) for place in places))


def _title(know: Knowledge, place: str) -> str:
    script = know.scripts.get(place)
    return script.title if script else place


def _week(know: Knowledge, facts: Facts) -> int | None:
    """The week of the path today; None before it was begun."""
    began = _value(facts, "path_began")
    if began is None:
        return None
    first, today = dt.date.fromisoformat(began), know.date(know.now)
    breaks = people.break_days(know.session, know.person.id, first, max(first, today))
    return path.week(first, today, breaks, int(_value(facts, "path_before") or 0))


def _area(know: Knowledge, facts: Facts) -> Said | None:
    number = _week(know, facts)
    if number is None:
        return None
    place = path.area(_order(know, facts), number)
    return Said(place, _title(know, place))


def _next_area(know: Knowledge, facts: Facts) -> Said | None:
    """The area of the coming week, for the weekly summary; None where the path is off or over."""
    number = _week(know, facts)
    if number is None or number >= path.WEEKS or not _value(facts, "path_on"):
        return None
    place = path.area(_order(know, facts), number + 1)
    return Said(place, _title(know, place))


def _lesson(know: Knowledge, facts: Facts) -> str | None:
    number = _week(know, facts)
    return None if number is None else path.lesson(_order(know, facts), number, _value(facts, "path_told") or ())


def _last(know: Knowledge, facts: Facts) -> bool:
    """Whether nothing is left to tell after this week's lesson, however many weeks that took."""
    number = _week(know, facts)
    told = _told_now(know, facts).value
    return number is not None and path.lesson(_order(know, facts), number, told) is None


def _told_now(know: Knowledge, facts: Facts) -> Said:
    """What was told, with the lesson of this week: what is told once is not told again."""
    now = _value(facts, "path_now")
    told = [*(_value(facts, "path_told") or ()), *([now] if now else ())]
    return Said(told, "")


def _reordered(know: Knowledge, facts: Facts) -> Said | None:
    picked = _value(facts, "path_pick")
    if picked not in path.AREAS:
        return None
    return _as_titles(know, path.reordered(_order(know, facts), _week(know, facts) or 1, picked))


def _first_day(know: Knowledge, facts: Facts) -> Said | None:
    """The local date of the first lesson, from the day and time the person chose."""
    days, time = _value(facts, "path_day"), _value(facts, "path_time")
    if not days or not time:
        return None
    today = know.date(know.now)
    ahead = schedule.instant(today, dt.time.fromisoformat(time), know.zone) > know.now
    date = path.first_day(today, int(days[0]), ahead)
    return Said(date.isoformat(), know.library.phrases.weekdays[date.weekday()])


def line(know: Knowledge, facts: Facts) -> str | None:
    """Where the person is on the path, as one line; None where it is off."""
    found = _area(know, facts)
    if found is None or not _value(facts, "path_on"):
        return None
    return know.library.phrase(know.library.phrases.path_line, week=_week(know, facts), title=found.words)


def _why_back(know: Knowledge, facts: Facts) -> Said | None:
    """Why it matters to the person, in their words, where it may be called back: never near an eating disorder."""
    if "why" not in facts or _value(facts, "why_open") or know.person.held or know.teach_only:
        return None
    life = _value(facts, "life")
    if not isinstance(life, list) or {"eating", "not_sure"} & set(life):
        return None
    return facts["why"]


LATELY: dict[str, Callable[[Knowledge, Facts], Any]] = {
    "walks_lately": lambda know, facts: _walks(know),
    "walk_minutes_lately": lambda know, facts: _walk_minutes(know),
    "walk_days_lately": lambda know, facts: _walk_days(know),
    "longest_gap": lambda know, facts: _longest_gap(know),
    "sessions_lately": lambda know, facts: _sessions(know),
    "sets_lately": lambda know, facts: _sets(know),
    "best_set_lately": _best_set,
    "nights_lately": lambda know, facts: _nights(know),
    "sleep_lately": lambda know, facts: _sleep(know),
    "night_spread": lambda know, facts: _night_spread(know),
    "colds_lately": lambda know, facts: _colds(know),
    "cold_longest": lambda know, facts: _cold_longest(know),
    "draws_kept": lambda know, facts: _draws(know),
    "obstacle_lately": lambda know, facts: _obstacle(know),
    "path_week": _week,
    "path_area": _area,
    "path_next_area": _next_area,
    "path_lesson": _lesson,
    "path_last": _last,
    "path_told_now": _told_now,
    "path_weeks_told": lambda know, facts: len(_value(facts, "path_told") or ()),
    "path_suggested": _suggested,
    "path_reordered": _reordered,
    "path_first_day": _first_day,
    "why_back": _why_back,
}
"""Each word by its name."""
MAY_LACK = frozenset(
    {
        "best_set_lately",
        "sleep_lately",
        "night_spread",
        "obstacle_lately",
        "path_week",
        "path_area",
        "path_next_area",
        "path_lesson",
        "path_reordered",
        "path_first_day",
        "why_back",
    }
)
"""Words that are sometimes nothing."""
COUNTED = frozenset(
    {
        "walks_lately",
        "walk_minutes_lately",
        "walk_days_lately",
        "longest_gap",
        "sessions_lately",
        "sets_lately",
        "best_set_lately",
        "nights_lately",
        "sleep_lately",
        "night_spread",
        "colds_lately",
        "cold_longest",
        "draws_kept",
        "path_week",
        "path_weeks_told",
    }
)
"""Words that read as a figure."""
