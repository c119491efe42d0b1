"""Says when a check-in is due and until when it is useful, at the person's own local times.

Local times become instants through zoneinfo with fold=0: a time that a clock change skips moves on by the gap, one
that occurs twice is taken the first time, so that a change neither skips nor doubles a check-in (law 1).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal
from zoneinfo import ZoneInfo

from bot.coach.attention import days_left
from bot.coach.conditions import holds
from bot.coach.dialogue import Said
from bot.coach.script import WEEKDAYS, Script, Start

DAY_STARTS = dt.time(4)
"""The person's day runs from 04:00 to 04:00, so that a late evening counts for its own day."""
MOST_A_DAY = 5
AHEAD = 8
"""Days looked at for the next occurrence: a week and the day on which it comes round."""


@dataclass(frozen=True)
class Occurrence:
    """One coming check-in. Instants are aware and in UTC."""

    script: str
    slot: str
    local_date: dt.date
    due_at: dt.datetime
    useful_until: dt.datetime
    closes_at: dt.datetime


@dataclass(frozen=True)
class Exception_:
    """The person's word about one coming day of a habit: moved, resting or small."""

    habit: str
    date: dt.date
    how: Literal["next_day", "five", "rest"]

    def to_json(self) -> list[str]:
        return [self.habit, self.date.isoformat(), self.how]


def exceptions(facts: Mapping[str, Said]) -> list[Exception_]:
    said = facts.get("exceptions")
    rows = said.value if said else []
    return [Exception_(habit, dt.date.fromisoformat(date), how) for habit, date, how in rows]


def local_date(at: dt.datetime, zone: ZoneInfo) -> dt.date:
    """The person's day an instant belongs to; it starts at 04:00."""
    local = at.astimezone(zone)
    return local.date() if local.time() >= DAY_STARTS else local.date() - dt.timedelta(days=1)


def instant(date: dt.date, time: dt.time, zone: ZoneInfo) -> dt.datetime:
    """The UTC instant of a local time on a calendar date, fold=0."""
    return dt.datetime.combine(date, time.replace(fold=0), zone).astimezone(dt.UTC)


def day_end(date: dt.date, zone: ZoneInfo) -> dt.datetime:
    """When the person's day ends: 04:00 on the next calendar date."""
    return instant(date + dt.timedelta(days=1), DAY_STARTS, zone)


def weekdays_of(start: Start, facts: Mapping[str, Said]) -> set[int]:
    """The weekdays of a slot, Monday 0."""
    said = facts.get(start.days) if start.days else None
    if said and isinstance(said.value, list):
        return {int(day) for day in said.value}
    return {WEEKDAYS.index(day) for day in start.or_days}


def thinned(habit: str | None, facts: Mapping[str, Said]) -> str | None:
    """How a habit's days are thinned, see `attention`; None where nothing was ever thinned."""
    said = facts.get(f"{habit}_thin")
    return str(said.value) if said else None


def days_asked(script: Script, start: Start, facts: Mapping[str, Said]) -> set[int]:
    """The weekdays of a slot that are left when its habit is thinned (law 9), Monday 0."""
    return days_left(weekdays_of(start, facts), thinned(script.habit, facts))


def time_of(start: Start, facts: Mapping[str, Said]) -> dt.time | None:
    """The local time a slot is counted from, before `after` and `before`."""
    said = facts.get(start.at)
    if said is not None:
        return dt.time.fromisoformat(said.value)
    return start.or_at


def date_of(start: Start, facts: Mapping[str, Said]) -> dt.date | None:
    """The one date of a slot that has one; None where it is not known, or was taken back."""
    return date_in(facts, start.date) if start.date else None


def date_in(facts: Mapping[str, Said], name: str) -> dt.date | None:
    """The date that a fact keeps; None where it is not known, or says that there is none."""
    said = facts.get(name)
    try:
        return dt.date.fromisoformat(said.value) if said and isinstance(said.value, str) else None
    except ValueError:
        return None


def wanted(script: Script, start: Start, facts: Mapping[str, Said]) -> bool:
    """Whether the person switched this slot on (law 6) and has said when."""
    if script.habit:
        switch = facts.get(f"{script.habit}_on")
        if not switch or not switch.value:
            return False
    if start.date and date_of(start, facts) is None:
        return False
    if not holds(start.when, lambda name: facts[name].value if name in facts else None):
        return False
    return time_of(start, facts) is not None


def occurrence(script: Script, start: Start, date: dt.date, time: dt.time, zone: ZoneInfo) -> Occurrence:
    """A slot on one of the person's days. A time before 04:00 lies on the next calendar date."""
    calendar = date if time >= DAY_STARTS else date + dt.timedelta(days=1)
    wall = dt.datetime.combine(calendar, time) + start.after - start.before
    due = instant(wall.date(), wall.time(), zone)
    return Occurrence(
        script=script.id,
        slot=start.slot,
        local_date=date,
        due_at=due,
        useful_until=due + start.useful_for,
        closes_at=max(day_end(date + dt.timedelta(days=1), zone), due + start.useful_for),
    )


def coming(
    script: Script, facts: Mapping[str, Said], zone: ZoneInfo, after: dt.datetime, days: int = AHEAD
) -> Iterator[Occurrence]:
    """Every occurrence of a script that is due after an instant, over so many of the person's days.

    A slot with a date of its own has that one, however far ahead.
    """
    first = local_date(after, zone) - dt.timedelta(days=1)
    said = {(e.habit, e.date): e.how for e in exceptions(facts)}
    for start in script.starts:
        time = time_of(start, facts)
        if time is None or not wanted(script, start, facts):
            continue
        if start.date:
            only = date_of(start, facts)
            found = occurrence(script, start, only, time, zone) if only else None
            if found and found.due_at > after:
                yield found
            continue
        weekdays = days_asked(script, start, facts)
        for n in range(days + 2):
            date = first + dt.timedelta(days=n)
            how = said.get((script.habit or "", date))
            moved_here = said.get((script.habit or "", date - dt.timedelta(days=1))) == "next_day"
            planned = date.weekday() in weekdays and how not in ("rest", "next_day")
            if planned or moved_here:
                found = occurrence(script, start, date, time, zone)
                if found.due_at > after:
                    yield found


def next_of_each_slot(
    scripts: Iterable[Script],
    facts: Mapping[str, Said],
    zone: ZoneInfo,
    after: dt.datetime,
    taken: set[tuple[str, str, dt.date]],
) -> list[Occurrence]:
    """The next occurrence of every slot that is wanted, leaving out the days that already had theirs."""
    found: dict[tuple[str, str], Occurrence] = {}
    for script in scripts:
        for one in coming(script, facts, zone, after):
            key = (one.script, one.slot)
            if (*key, one.local_date) in taken:
                continue
            if key not in found or one.due_at < found[key].due_at:
                found[key] = one
    return sorted(found.values(), key=lambda one: one.due_at)


def most_a_day(scripts: Sequence[Script], facts: Mapping[str, Said]) -> int:
    """How many check-ins the fullest weekday has (law 6: five at most), before any are thinned out."""
    counts = [0] * 7
    for script in scripts:
        for start in script.starts:
            if script.habit and wanted(script, start, facts):
                for day in weekdays_of(start, facts):
                    counts[day] += 1
    return max(counts)


def planned_on(script: Script, facts: Mapping[str, Said], date: dt.date) -> list[str]:
    """The slots of a script that the plan has on one of the person's days."""
    return [
        start.slot
        for start in script.starts
        if wanted(script, start, facts)
        and (date_of(start, facts) == date if start.date else date.weekday() in days_asked(script, start, facts))
    ]


def quiet(at: dt.datetime, zone: ZoneInfo, facts: Mapping[str, Any]) -> bool:
    """Whether an instant lies in the person's quiet hours."""
    if "quiet_from" not in facts or "quiet_to" not in facts:
        return False
    begin = dt.time.fromisoformat(facts["quiet_from"].value)
    end = dt.time.fromisoformat(facts["quiet_to"].value)
    now = at.astimezone(zone).time()
    return begin <= now < end if begin <= end else now >= begin or now < end


def quiet_ends(at: dt.datetime, zone: ZoneInfo, facts: Mapping[str, Any]) -> dt.datetime:
    """When the quiet hours that an instant lies in are over."""
    end = dt.time.fromisoformat(facts["quiet_to"].value)
    local = at.astimezone(zone)
    date = local.date() if local.time() < end else local.date() + dt.timedelta(days=1)
    over = instant(date, end, zone)
    if over <= at:  # the hour that a clock change repeats, for the second time
        over = dt.datetime.combine(date, end.replace(fold=1), zone).astimezone(dt.UTC)
    return over


def week_ending(at: dt.datetime, zone: ZoneInfo) -> dt.date:
    """The last of the seven local dates that a summary asked for now is about: the person's today."""
    return local_date(at, zone)
