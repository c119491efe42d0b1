"""The weekly summary in words: figures become the lines an author wrote for them."""

from __future__ import annotations

from bot.coach.dialogue import Facts, without_figures
from bot.coach.questions import in_a_row
from bot.coach.schedule import thinned
from bot.coach.training import KG_PER_LB, LoadUnit, in_unit, load_unit
from bot.coach.week import HABITS, Habit, HabitFigures, WeekFigures
from bot.library import Library

FAIR_SHARE = 0.5
"""Below it "went best" would sound like mockery."""
MOST = 0.5
"""More than this of what was planned is most of it."""


def lines(library: Library, figures: WeekFigures, facts: Facts) -> str:
    """The summary as Telegram's HTML: one line a habit, what it adds up to, what went well."""
    say, words = library.phrase, library.phrases.week
    if figures.empty:
        planned = any(habit.planned or habit.unanswered for habit in figures.habits.values())
        return say(words["empty_planned"] if planned else words["empty"])
    counted = [habit for habit in HABITS if _counts(figures, habit)]
    close = [text for text in (_well(library, figures), _note(library, figures)) if text]
    close += [line for line in (quiet_line(library, facts),) if line]
    head = say(words["first"] if figures.first else words["head"])
    if without_figures(facts):
        told = [_in_words(library, habit, figures.habits[habit]) for habit in counted]
        if figures.went_well is not None and figures.went_well.kind != "improved":
            close = [note for note in (_note(library, figures),) if note]  # each habit's line says it already
        return "\n\n".join(part for part in (head, "\n".join(told), "\n".join(close)) if part)
    habits = [_habit(library, habit, figures.habits[habit]) for habit in counted]
    sums = [text for text in (_walking(library, figures), _lifting(library, figures, facts)) if text]
    sums += [text for text in (_sleep(library, figures), _cold(library, figures)) if text]
    return "\n\n".join(part for part in (head, "\n".join(habits), "\n".join(sums), "\n".join(close)) if part)


def quiet_line(library: Library, facts: Facts) -> str:
    """One line on the check-ins that fell silent by themselves; their plan is kept."""
    silent = [h for h in HABITS if thinned(h, facts) == "silent" and f"{h}_on" in facts and facts[f"{h}_on"].value]
    if not silent:
        return ""
    names = in_a_row([library.phrases.habits[habit] for habit in silent], library.phrases)
    return library.phrase(library.phrases.week["quiet"], names=names)


def _counts(figures: WeekFigures, habit: Habit) -> bool:
    found = figures.habits.get(habit)
    return bool(found and (found.planned or found.extra))


def _habit(library: Library, habit: Habit, it: HabitFigures) -> str:
    say, words = library.phrase, library.phrases.week
    name = library.phrases.habits[habit]
    if not it.planned:
        return say(words["extra_only"], name=name, extra=it.extra)
    text = say(words["habit"], name=name, done=it.done, planned=it.planned)
    if it.last_done is not None and it.last_planned:
        text += " " + say(words["last_week"], last=it.last_done)
    more = [
        say(words[key if count == 1 else f"{key}_many"], n=count)
        for key, count in (("partly", it.partly), ("unanswered", it.unanswered), ("extra", it.extra))
        if count
    ]
    return text + "".join(more) + say(words["stop"])


def _in_words(library: Library, habit: Habit, it: HabitFigures) -> str:
    """A habit's week for those who want no figures: not even how often of how often."""
    share = it.share
    if not it.planned or share is None:
        key = "quiet_extra" if it.extra else "quiet_none"
    elif share >= 1:
        key = "quiet_all"
    elif share > MOST:
        key = "quiet_most"
    else:
        key = "quiet_some" if it.done or it.partly or it.extra else "quiet_none"
    return library.phrase(library.phrases.week[key], name=library.phrases.habits[habit])


def _walking(library: Library, figures: WeekFigures) -> str:
    if not figures.walk_minutes:
        return ""
    say, words = library.phrase, library.phrases.week
    text = say(words["minutes"], minutes=round(figures.walk_minutes))
    if figures.previous_walk_minutes:
        text += " " + say(words["last_week"], last=round(figures.previous_walk_minutes))
    return text + say(words["stop"])


def _lifting(library: Library, figures: WeekFigures, facts: Facts) -> str:
    say, words = library.phrase, library.phrases.week
    unit = load_unit(facts)
    name_of_unit = library.phrases.units[unit]
    parts = []
    if figures.volume_kg:
        text = say(words["volume"], load=_whole(figures.volume_kg, unit), unit=name_of_unit)
        if figures.previous_volume_kg:
            text += " " + say(words["last_week"], last=_whole(figures.previous_volume_kg, unit))
        parts.append(text + say(words["stop"]))
    if figures.bodyweight_sets:
        key = "bodyweight" if figures.bodyweight_sets == 1 else "bodyweight_many"
        parts.append(say(words[key], n=figures.bodyweight_sets) + say(words["stop"]))
    best = figures.best_lift
    if best:
        name = library.phrases.lifts.get(best.exercise, best.exercise)
        if best.load_kg:
            text = say(
                words["best_load"],
                lift=name,
                load=f"{in_unit(best.load_kg, unit):g}",
                unit=name_of_unit,
                reps=best.reps,
            )
            if best.e1rm_kg and best.reps > 1:
                text += " " + say(words["e1rm"], load=f"{in_unit(best.e1rm_kg, unit):g}", unit=name_of_unit)
        else:
            text = say(words["best_reps"], lift=name, reps=best.reps)
        parts.append(text + say(words["stop"]))
    return " ".join(parts)


def _sleep(library: Library, figures: WeekFigures) -> str:
    if not figures.sleep_minutes:
        return ""
    say, words = library.phrase, library.phrases.week
    hours, minutes = divmod(round(figures.sleep_minutes / 5) * 5, 60)
    text = say(words["sleep" if minutes else "sleep_full"], hours=hours, minutes=f"{minutes:02d}")
    if figures.regularity_minutes is not None:
        spread = round(figures.regularity_minutes / 5) * 5
        text += say(words["regular"], minutes=spread) if spread else say(words["very_regular"])
    return text + say(words["stop"])


def _cold(library: Library, figures: WeekFigures) -> str:
    if not figures.cold_seconds:
        return ""
    say, words = library.phrase, library.phrases.week
    return say(words["cold"], seconds=round(figures.cold_seconds), minutes=f"{figures.cold_seconds / 60:.1f}")


def _well(library: Library, figures: WeekFigures) -> str:
    well = figures.went_well
    if well is None:
        nothing = not any(it.done or it.partly or it.extra for it in figures.habits.values())
        return library.phrase(library.phrases.week["well_none"]) if nothing else ""
    share = figures.habits[well.habit].share
    alone = sum(bool(it.planned) for it in figures.habits.values()) < 2
    weak = well.kind == "fullest" and (alone or share is None or share < FAIR_SHARE)
    kind = "some" if weak else well.kind
    return library.phrase(library.phrases.week[f"well_{kind}"], name=library.phrases.habits[well.habit])


def _note(library: Library, figures: WeekFigures) -> str:
    return library.phrase(library.phrases.week["note"], note=figures.note) if figures.note else ""


def _whole(load_kg: float, unit: LoadUnit) -> str:
    """A sum of loads in whole kilograms or pounds."""
    return f"{round(load_kg / KG_PER_LB if unit == 'lb' else load_kg)}"
