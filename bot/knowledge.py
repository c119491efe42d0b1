"""What the coach knows of one person during one turn: facts, gates, the plan, the week."""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from bot.coach import dialogue, safety, schedule, training, week
from bot.coach.dialogue import Facts, Said, State
from bot.coach.safety import GateState, Given
from bot.coach.script import Script, Text
from bot.library import Library
from bot.store import people, records, runs
from bot.store.tables import Person

FEWER_FOR = dt.timedelta(days=14)
"""How long a lift has two sets before it has three, as the areas say."""


@dataclass(frozen=True)
class Coach:
    """What does not change while the bot runs."""

    library: Library
    operator: str
    contact: str
    bot_id: int
    operator_chat: int | None = None
    """Where the operator is told of what went wrong."""


class Knowledge:
    """One person, as the records have them now."""

    def __init__(self, coach: Coach, session: Session, person: Person, now: dt.datetime) -> None:
        self.coach = coach
        self.library = coach.library
        self.session = session
        self.person = person
        self.now = now
        self.reload()

    def reload(self) -> None:
        """Reads anew what holds of the person."""
        self.facts: Facts = people.facts(self.session, self.person.id)
        self._read = self.facts
        self._answered: dict[str, list[Given]] | None = None

    # what a walk may look at

    @property
    def scripts(self) -> Mapping[str, Script]:
        return self.library.scripts

    @property
    def teach_only(self) -> bool:
        return self.person.consent != "agreed"

    @property
    def without_figures(self) -> bool:
        """Whether this person wants no figures of theirs."""
        return dialogue.without_figures(self.facts)

    @property
    def discreet(self) -> bool:
        """Whether what comes unasked is to show nothing of health on a lock screen."""
        return "discreet" in self.facts and bool(self.facts["discreet"].value == "yes")

    def gates(self, facts: Facts) -> Mapping[str, GateState]:
        values = {name: said.value for name, said in facts.items()}
        if self.teach_only:
            return safety.gates(self.library.safety, values, consented=False)
        past, today = self.answered(facts), self.date(self.now)
        return safety.gates(self.library.safety, values, consented=True, history=past, today=today)

    @property
    def screened_on(self) -> dt.date | None:
        """The date of the oldest answer of the safety screen that still decides something."""
        return safety.screened_on(self.library.safety, self.answered(self.facts))

    @property
    def screen_old(self) -> bool:
        """Whether the yearly look at the safety answers is due."""
        on = self.screened_on
        return on is not None and self.date(self.now) - on >= safety.A_YEAR

    @property
    def clock_facts(self) -> Facts:
        """The facts, and what only the calendar makes true."""
        return {**self.facts, "screen_old": Said(True, "")} if self.screen_old else self.facts

    def answered(self, facts: Facts) -> safety.History:
        """The answers to the screen with their dates; what this turn has added was given today, after all others."""
        names = self.library.safety.facts()
        if self._answered is None:
            self._answered = {}
            for name, value, at, rank in people.given(self.session, self.person.id, names):
                self._answered.setdefault(name, []).append(Given(value, self.date(at), rank))
        now = {
            name: Given(facts[name].value, self.date(self.now), sys.maxsize)
            for name in names
            if name in facts and facts[name] is not self._read.get(name)
        }
        return {name: [*self._answered.get(name, []), *([now[name]] if name in now else [])] for name in names}

    def may_switch(self, habit: str, facts: Facts) -> bool:
        if "zone" not in facts:
            return False
        on = {**facts, f"{habit}_on": Said(True, "on")}
        gates = self.gates(facts)
        needed = {script.gate for script in self.checkins if script.habit == habit and script.gate}
        if any(not gates[gate].open for gate in needed if gate in gates):
            return False
        return schedule.most_a_day(self.checkins, on) <= schedule.MOST_A_DAY

    def render(self, text: Text, lookup: Callable[[str], Said | None], turn: int) -> str:
        return self.library.render(text, lookup, turn)

    # the person's day

    @property
    def checkins(self) -> list[Script]:
        return [script for script in self.scripts.values() if script.starts]

    @property
    def zone(self) -> ZoneInfo:
        """The confirmed zone; UTC until there is one."""
        return zone_of(self.facts)

    def date(self, at: dt.datetime) -> dt.date:
        return schedule.local_date(at, self.zone)

    def usual_night(self, facts: Facts | None = None) -> Said | None:
        """Bedtime to waking as a night's value, when both are known."""
        facts = self.facts if facts is None else facts
        if "bedtime" not in facts or "waking" not in facts:
            return None
        return night_said(facts["bedtime"].value, facts["waking"].value)

    def lifting_plan(self, facts: Facts | None = None) -> list[training.NextSession]:
        """The next session of each lift the person chose, from their log."""
        facts = self.facts if facts is None else facts
        lifts = facts["lifts"].value if "lifts" in facts else []
        today = self.date(self.now)
        since = today - dt.timedelta(days=90)
        loaded = "lift_version" not in facts or facts["lift_version"].value not in ("bodyweight", "band")
        found = []
        for lift in lifts:
            log = records.trainings(self.session, self.person.id, lift, since)
            begun = bool(log) and today - log[0].date >= FEWER_FOR
            lower_body = lift in ("squat", "chair_squat", "hinge")
            plan = training.LiftPlan(
                lift, sets=3 if begun else 2, unit=training.load_unit(facts), lower_body=lower_body
            )
            found.append(training.next_session(training.comparable(log, loaded=loaded), plan))
        return found

    @cached_property
    def area_statuses(self) -> dict[str, str]:
        """Of each area whether it is done, begun or waiting. The fact `<area>_begun` says that one was left midway."""
        seen = {} if self.teach_only else runs.scripts_by_status(self.session, self.person.id)

        def status(area: str) -> str:
            had, left = seen.get(area, set()), self.facts.get(f"{area}_begun")
            if left is not None and left.value is True:
                return "begun"
            return "done" if "ended" in had else "begun" if had & {"open", "parked"} else "waiting"

        return {area.id: status(area.id) for area in self.library.areas()}

    def figures(self, ending: dt.date | None = None) -> week.WeekFigures:
        """The figures of the seven local dates that end on a date, the next summary's day unless given."""
        today = self.date(self.now)
        ending = ending or self.summary_day(today)
        before = ending - dt.timedelta(days=7)
        kept = records.figures(self.session, self.person.id, before)
        return week.summarise(self._records(ending, today, kept or self._week_before(before, today)))

    def _records(self, ending: dt.date, today: dt.date, before: week.WeekFigures | None) -> week.WeekRecords:
        ahead = self._ahead(ending, today)
        return records.week_records(self.session, self.person, ending, today, self.zone, ahead, before)

    def _week_before(self, ending: dt.date, today: dt.date) -> week.WeekFigures | None:
        """Last week's figures where no summary stored them; None before the person began."""
        begun = self.person.consented_at
        if begun is None or self.date(begun) > ending:
            return None
        return week.summarise(self._records(ending, today, None))

    def summary_day(self, today: dt.date) -> dt.date:
        """The day on which the week that today belongs to ends: the next day of a summary, today if it is one."""
        summaries = [start for script in self.checkins if script.kind == "weekly" for start in script.starts]
        days = {day for start in summaries for day in schedule.weekdays_of(start, self.facts)} or {today.weekday()}
        return today + dt.timedelta(days=min((day - today.weekday()) % 7 for day in days))

    def week_of(self, state: State) -> week.WeekFigures:
        """The week that a run is about: the one that ends on the summary's own day, however late it came."""
        date = state.trigger.get("date")
        return self.figures(dt.date.fromisoformat(date) if date else None)

    def _ahead(self, ending: dt.date, today: dt.date) -> dict[str, list[week.Slot]]:
        """What the plan still holds for the rest of the week: it leaves the denominator."""
        if ending < today or "zone" not in self.facts:
            return {}
        found: dict[str, list[week.Slot]] = {}
        for script in self.checkins:
            if not script.habit or not script.reply:
                continue
            for one in schedule.coming(script, self.facts, self.zone, self.now):
                if one.local_date <= ending:
                    slot = week.Slot(one.local_date, one.slot, "planned")
                    found.setdefault(script.habit, []).append(slot)
        return found


def zone_of(facts: Facts) -> ZoneInfo:
    """The zone among a person's facts; UTC without one."""
    return ZoneInfo(facts["zone"].value) if "zone" in facts else ZoneInfo("UTC")


def night_said(bed: str, wake: str) -> Said:
    """A night from bedtime and waking ("23:00", "06:45"), with the minutes between."""
    start, end = (dt.datetime.combine(dt.date(2000, 1, 1), dt.time.fromisoformat(t)) for t in (bed, wake))
    minutes = round((end - start).total_seconds() / 60) % 1440
    short = wake.removeprefix("0")
    return Said({"bed": bed, "wake": wake, "minutes": minutes}, f"{bed.removeprefix('0')}–{short}")
