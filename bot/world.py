"""The words the coach computes from the records, and with them all that a walk through a script may look at."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

from markupsafe import Markup

from bot import blood, lately, summary
from bot.coach import attention, schedule, training
from bot.coach.dialogue import Facts, Said, State, finder, without_figures
from bot.coach.questions import date_words, in_a_row, load_words, weekday_words
from bot.coach.script import HABITS, SWITCHES, Script
from bot.knowledge import Knowledge
from bot.own_lines import OWN_LINES
from bot.store import dues, runs
from bot.whom_to_call import NUMBERS

LATELY = dt.timedelta(days=14)
"""How far back a repeated obstacle is looked for."""


class PersonsWorld(Knowledge):
    """The `dialogue.World` of one person and one turn."""

    def computed(self, name: str, facts: Facts, state: State) -> Any:
        """A word the coach computes, or None where there is nothing to say."""
        if name in NUMBERS:
            return NUMBERS[name](self.library, facts)
        make = _COMPUTED.get(name)
        if make:
            return make(self, facts, state)
        of_late = lately.LATELY.get(name)
        return of_late(self, facts) if of_late else None


Make = Callable[[PersonsWorld, Facts, State], Any]


def _open_list(know: PersonsWorld, facts: Facts, state: State) -> Said:
    """What the safety answers leave open, with the words of care that go with it."""
    library, gates = know.library, know.gates(facts)
    table = library.safety.gates
    names = [table[name].title for name, gate in gates.items() if gate.open and not table[name].quiet]
    care = list(dict.fromkeys(line for gate in gates.values() if gate.open for line in gate.lines))
    line = library.phrase(library.phrases.open_list, names=", ".join(names), care=" ".join(care))
    return Said(len(names), Markup(line))  # noqa: S704 -- rendered


def _held_list(know: PersonsWorld, facts: Facts, state: State) -> Said:
    """What is held, by its reasons; and what only waits for its own short list."""
    library, phrases, gates = know.library, know.library.phrases, know.gates(facts)
    later: list[str] = []
    by_reason: dict[tuple[str, ...], list[str]] = {}
    for name, state_of in gates.items():
        gate = library.safety.gates[name]
        if state_of.open or gate.quiet:
            continue
        if gate.own_list and state_of.lines == (gate.unanswered,):
            later.append(gate.title)
        else:
            by_reason.setdefault(state_of.lines, []).append(gate.title)
    lines = [
        library.phrase(phrases.held_line, names=", ".join(names), why=in_a_row(list(reasons), phrases))
        for reasons, names in by_reason.items()
    ]
    said = []
    if lines:
        joined = Markup("").join(Markup(line) for line in lines)  # noqa: S704 -- rendered
        said.append(library.phrase(phrases.held_list, lines=joined))
    if later:
        said.append(library.phrase(phrases.later_list, names=", ".join(later)))
    said = said or [library.phrase(phrases.held_none)]
    return Said(len(by_reason), Markup("\n").join(Markup(one) for one in said))  # noqa: S704 -- rendered


def _held_moving(know: PersonsWorld, facts: Facts, state: State) -> Said:
    """The one line on moving, with its own reasons."""
    library, phrases, gate = know.library, know.library.phrases, know.gates(facts)["exercise"]
    if gate.open:
        return Said("open", library.phrase(phrases.held_none))
    text = phrases.moving_waits if gate.word in ("wanted", "pending") else phrases.moving_held
    why = in_a_row(list(gate.lines), phrases)
    line = library.phrase(text, name=library.safety.gates["exercise"].title, why=why)
    return Said(gate.word, Markup(line))  # noqa: S704 -- rendered


def _waiting_list(know: PersonsWorld, facts: Facts, state: State) -> Said | None:
    """How it stands with a clinician's word, gate by gate; None where nobody's is asked for."""
    library, phrases = know.library, know.library.phrases
    lines = [
        library.phrase(
            phrases.waiting[gate.word],
            name=library.safety.gates[name].title,
            day=date_words(gate.since, phrases) if gate.since else "",
        )
        for name, gate in know.gates(facts).items()
        if gate.word != "none" and library.safety.gates[name].cleared_by
    ]
    if not lines:
        return None
    joined = Markup("; ").join(Markup(line) for line in lines)  # noqa: S704 -- rendered
    return Said(len(lines), Markup(library.phrase(phrases.waiting_list, lines=joined)))  # noqa: S704 -- rendered


def _areas_list(know: PersonsWorld, facts: Facts, state: State) -> Said:
    phrases = know.library.phrases
    marks = {"done": phrases.area_done, "begun": phrases.area_begun, "waiting": phrases.area_waiting}
    lines = [know.library.phrase(marks[know.area_statuses[area.id]], title=area.title) for area in know.library.areas()]
    where = lately.line(know, facts)
    lines = [where, "", *lines] if where else lines
    return Said(len(lines), Markup("\n").join(Markup(line) for line in lines))  # noqa: S704 -- rendered


def _next_area(know: PersonsWorld, facts: Facts, state: State) -> Said | None:
    for wanted in ("begun", "waiting"):
        for area in know.library.areas():
            if know.area_statuses[area.id] == wanted:
                return Said(area.id, area.title)
    return None


def _plan_list(know: PersonsWorld, facts: Facts, state: State) -> Said:
    phrases, gates = know.library.phrases, know.gates(facts)
    lines = []
    for habit in SWITCHES:
        on = facts.get(f"{habit}_on")
        scripts = [script for script in know.checkins if script.habit == habit]
        name = phrases.habits[habit]
        held = any(script.gate and not gates[script.gate].open for script in scripts)
        if on and on.value and held:
            text = know.library.phrase(phrases.plan_held, name=name)
        elif on and on.value and schedule.thinned(habit, facts) == "silent":
            text = know.library.phrase(phrases.plan_silent, name=name)
        elif on and on.value:
            when = [_slot_words(know, script, facts) for script in scripts]
            text = know.library.phrase(phrases.plan_on, name=name, when=in_a_row([w for w in when if w], phrases))
            if _is_thinned(habit, facts):
                text += " " + know.library.phrase(phrases.plan_fewer)
        elif held:
            text = know.library.phrase(phrases.plan_off_held, name=name)
        else:
            text = know.library.phrase(phrases.plan_off, name=name)
        lines.append(Markup(text))  # noqa: S704 -- rendered
    if retest := blood.WORDS["retest_date"](know, facts, state):
        lines.append(Markup(know.library.phrase(phrases.plan_retest, when=retest.words)))  # noqa: S704 -- rendered
    if know.person.paused:
        lines.append(Markup(know.library.phrase(phrases.paused_now)))  # noqa: S704 -- rendered
    return Said(len(lines), Markup("\n").join(lines))


def _is_thinned(habit: str, facts: Facts) -> bool:
    on = facts.get(f"{habit}_on")
    return bool(on and on.value) and schedule.thinned(habit, facts) not in (None, attention.USUAL)


def _days_a_week(know: PersonsWorld, facts: Facts, state: State) -> int:
    """On how many weekdays the habit a run is about is asked."""
    days: set[int] = set()
    for script in know.checkins:
        if script.habit == state.trigger.get("habit") and script.reply:
            for start in script.starts:
                days |= schedule.days_asked(script, start, facts) if schedule.wanted(script, start, facts) else set()
    return len(days)


def _habit_name(know: PersonsWorld, facts: Facts, state: State) -> str | None:
    return know.library.phrases.habits.get(state.trigger.get("habit", ""))


def _quiet_habits(know: PersonsWorld, facts: Facts, state: State) -> Said | None:
    line = summary.quiet_line(know.library, facts)
    return Said(1, Markup(line)) if line else None  # noqa: S704 -- rendered


def _slot_words(know: PersonsWorld, script: Script, facts: Facts) -> str:
    times: dict[str, list[str]] = {}
    for start in script.starts:
        time = schedule.time_of(start, facts)
        if time is None or not schedule.wanted(script, start, facts):
            continue
        at = (dt.datetime.combine(dt.date(2000, 1, 1), time) + start.after - start.before).time()
        days = weekday_words(sorted(schedule.days_asked(script, start, facts)), know.library.phrases)
        times.setdefault(days, []).append(f"{at:%H:%M}")
    return "; ".join(f"{days} {', '.join(at)}" for days, at in times.items())


def _today_list(know: PersonsWorld, facts: Facts, state: State) -> Said:
    phrases = know.library.phrases
    today = know.date(know.now)
    rows = [
        row
        for row in dues.between(know.session, know.person.id, today, today)
        if row.habit or (row.script in know.scripts and know.scripts[row.script].kind == "checkin")
    ]
    if not rows:
        return Said(0, know.library.phrase(phrases.today_nothing))
    lines = [
        know.library.phrase(
            phrases.today_item,
            time=f"{row.due_at.astimezone(know.zone):%H:%M}",
            name=know.scripts[row.script].title if row.script in know.scripts else row.script,
            slot=phrases.meals.get(row.slot, ""),
            status=phrases.statuses["told" if row.status == "asked" and not row.reply else row.status],
        )
        for row in rows
    ]
    if know.person.paused:
        lines.append(know.library.phrase(phrases.paused_now))
    return Said(len(lines), Markup("\n").join(Markup(line) for line in lines))  # noqa: S704 -- rendered


def _messages_a_day(know: PersonsWorld, facts: Facts, state: State) -> Said:
    count = schedule.most_a_day(know.checkins, facts)
    phrases = know.library.phrases.messages_a_day
    return Said(count, know.library.phrase(phrases.get(str(count), phrases["many"]), n=count))


def _guessed_time(know: PersonsWorld, facts: Facts, state: State) -> str | None:
    guess = finder(know, State(state.frames, state.said), facts)("zone_guess") if "zone_guess" in facts else None
    return f"{know.now.astimezone(ZoneInfo(guess.value)):%H:%M}" if guess else None


def _meal(know: PersonsWorld, facts: Facts, state: State) -> Said | None:
    slot = state.trigger.get("slot")
    return Said(slot, know.library.phrases.meals[slot]) if slot in know.library.phrases.meals else None


def _lift(know: PersonsWorld, facts: Facts, state: State) -> Said | None:
    lifts = facts["lifts"].value if "lifts" in facts else []
    if state.each >= len(lifts):
        return None
    return Said(lifts[state.each], know.library.phrases.lifts.get(lifts[state.each], lifts[state.each]))


def _lifting_today(know: PersonsWorld, facts: Facts, state: State) -> Said | None:
    plan = know.lifting_plan(facts)
    names = know.library.phrases.lifts
    unit = training.load_unit(facts)
    if plan and without_figures(facts):
        lifts = in_a_row([names.get(one.exercise, one.exercise).lower() for one in plan], know.library.phrases)
        if any(one.reason == "deload_offer" for one in plan):
            lifts = know.library.phrase(know.library.phrases.lifts_lighter, lifts=lifts)
        elif all(one.reason != "first" for one in plan):
            lifts = know.library.phrase(know.library.phrases.lifts_again, lifts=lifts)
        return Said(len(plan), lifts)
    parts = []
    for one in plan:
        load = f" {load_words(one.load_kg, unit, know.library.phrases)}" if one.load_kg else ""
        parts.append(f"{names.get(one.exercise, one.exercise)}{load} {one.sets}×{one.reps}")
    words = ", ".join(part if n == 0 else part[:1].lower() + part[1:] for n, part in enumerate(parts))
    return Said(len(parts), words) if parts else None


def _night_length(know: PersonsWorld, facts: Facts, state: State) -> int | None:
    """The minutes from the person's bedtime to their waking."""
    usual = know.usual_night(facts)
    return usual.value["minutes"] if usual else None


def _turned(fact: str) -> Make:
    """A time of the person's as it would be with "9" meant the other way: twelve hours apart."""

    def turned(know: PersonsWorld, facts: Facts, state: State) -> str | None:
        if fact not in facts:
            return None
        time = dt.time.fromisoformat(facts[fact].value)
        return f"{time.replace(hour=(time.hour + 12) % 24):%H:%M}"

    return turned


def _repeated_obstacle(know: PersonsWorld, facts: Facts, state: State) -> int:
    said = state.said.get(f"{state.root}.obstacle") if state.frames else None
    if said is None or said.value is None:
        return 0
    values = runs.recent_values(know.session, know.person.id, state.root, "obstacle", know.now - LATELY)
    return values.count(said.value)


def _week_lines(know: PersonsWorld, facts: Facts, state: State) -> Said:
    found = know.week_of(state)
    return Said(0, Markup(summary.lines(know.library, found, facts)))  # noqa: S704 -- rendered


def _hard_day(know: PersonsWorld, facts: Facts, state: State) -> Said | None:
    """The hardest day, unless most of the week stayed quiet: then no single day was."""
    found = know.week_of(state)
    missed = sum(it.skipped + it.unanswered for it in found.habits.values())
    hardest = found.hardest if missed * 2 <= sum(it.planned for it in found.habits.values()) else None
    return Said(hardest.weekday(), know.library.phrases.weekdays[hardest.weekday()]) if hardest else None


def _weekday(know: PersonsWorld, days: int) -> str:
    return know.library.phrases.weekdays[(know.date(know.now) + dt.timedelta(days=days)).weekday()]


_COMPUTED: dict[str, Make] = {
    "operator": lambda know, facts, state: know.coach.operator,
    "contact": lambda know, facts, state: know.coach.contact,
    "weekday": lambda know, facts, state: _weekday(know, 0),
    "tomorrow": lambda know, facts, state: _weekday(know, 1),
    "visits": lambda know, facts, state: 0,  # a run knows its own number
    "open_list": _open_list,
    "held_list": _held_list,
    "held_moving": _held_moving,
    "waiting_list": _waiting_list,
    "screen_old": lambda know, facts, state: know.screen_old,
    "areas_list": _areas_list,
    "areas_done": lambda know, facts, state: list(know.area_statuses.values()).count("done"),
    "next_area": _next_area,
    "plan_list": _plan_list,
    "today_list": _today_list,
    "messages_a_day": _messages_a_day,
    "guessed_time": _guessed_time,
    "meal": _meal,
    "habit_name": _habit_name,
    "days_a_week": _days_a_week,
    "thinned": lambda know, facts, state: any(_is_thinned(habit, facts) for habit in HABITS),
    "quiet_habits": _quiet_habits,
    "lift": _lift,
    "lifting_today": _lifting_today,
    "night_length": _night_length,
    "bedtime_turned": _turned("bedtime"),
    "waking_turned": _turned("waking"),
    "usual_night": lambda know, facts, state: know.usual_night(facts),
    "repeated_obstacle": _repeated_obstacle,
    **blood.WORDS,
    **OWN_LINES,
    "week_lines": _week_lines,
    "week_empty": lambda know, facts, state: know.week_of(state).empty,
    "week_first": lambda know, facts, state: know.week_of(state).first,
    "hard_day": _hard_day,
    "no_habits": lambda know, facts, state: (
        not any(f"{habit}_on" in facts and facts[f"{habit}_on"].value for habit in HABITS)
    ),
    "teach_end": lambda know, facts, state: know.library.phrase(know.library.phrases.teach_end),
}
COMPUTED = frozenset(_COMPUTED) | frozenset(lately.LATELY) | frozenset(NUMBERS) | {"certainty", "also", "slot", "habit"}
"""Every name a text or a condition may use beside facts and steps."""
COUNTED = lately.COUNTED | {
    *("areas_done", "days_a_week", "night_length", "repeated_obstacle"),
    *("homa_ir", "glucose_both", "insulin_both"),
}
"""Those of them that read as a figure, and are hidden from people who want none."""
