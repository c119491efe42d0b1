"""What a training log says: volume, estimated one-repetition maximum and the next session.

Rules and figures are those of the evidence brief, section 3: double progression from the bottom to the
top of a repetition range, a small load after two sessions at the top, half the sets after a stall.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from bot.coach.dialogue import Facts

KG_PER_LB = 0.45359237  # exact, by definition of the international pound

LoadUnit = Literal["kg", "lb"]
Reason = Literal["first", "hold", "add_reps", "offer_load", "deload_offer"]

# The largest step first. In pounds the steps are the plates people own, not converted kilograms.
_STEPS: dict[tuple[LoadUnit, bool], tuple[float, ...]] = {
    ("kg", False): (2.5, 2.0, 1.5, 1.0),
    ("kg", True): (5.0, 2.5),
    ("lb", False): (5.0, 2.5),
    ("lb", True): (10.0, 5.0),
}
_LARGEST_RAISE = 0.10
_TOP_SESSIONS = 2
_STALLED_SESSIONS = 2
_REST_AFTER = dt.timedelta(weeks=8)
_RESTED_BY_A_GAP_OF = dt.timedelta(days=10)


@dataclass(frozen=True, slots=True)
class SetDone:
    """One set: the load in kilograms (None when the body is the load) and the repetitions."""

    exercise: str
    load_kg: float | None
    reps: int


@dataclass(frozen=True, slots=True)
class Session:
    """The sets of ONE exercise on one local date, and the repetitions left in reserve if the person said."""

    date: dt.date
    sets: tuple[SetDone, ...]
    reserve: int | None = None


def comparable(sessions: Iterable[Session], *, loaded: bool) -> list[Session]:
    """The sessions that the next one follows: a band or the body has no load, so a weight's sets say nothing of it."""
    if loaded:
        return list(sessions)
    kept = [replace(one, sets=tuple(done for done in one.sets if done.load_kg is None)) for one in sessions]
    return [one for one in kept if one.sets]


@dataclass(frozen=True, slots=True)
class LiftPlan:
    """What was agreed for one exercise. Only the person's yes changes it.

    `load_kg` None means bodyweight, or a load not agreed yet: then the last logged load is followed.
    `answered` is the date the person last answered an offer or changed this plan: sessions up to it earn no
    new offer, so a declined one is not repeated the next day, and an accepted load starts afresh.
    """

    exercise: str
    load_kg: float | None = None
    sets: int = 3
    low: int = 8
    high: int = 12
    reserve: int = 2
    lower_body: bool = False
    unit: LoadUnit = "kg"
    answered: dt.date | None = None


@dataclass(frozen=True, slots=True)
class NextSession:
    """What to do next time, and what may be offered.

    `sets`, `reps` (of each set) and `load_kg` hold whether or not an offer is accepted. "first" is the first
    session of all or the first with a newly agreed load. With "offer_load" an
    `offered_load_kg` of None means no step of at most 10% exists (bodyweight, or a very light load): offer a
    harder version instead. With "deload_offer" `offered_sets` are those of the lighter week.
    """

    exercise: str
    sets: int
    reps: int
    load_kg: float | None
    reason: Reason
    offered_load_kg: float | None = None
    offered_sets: int | None = None


@dataclass(frozen=True, slots=True)
class Volume:
    """Kilograms moved (load × repetitions) and, apart from them, what was done against the body's weight."""

    kg: float = 0.0
    bodyweight_sets: int = 0
    bodyweight_reps: int = 0


def volume(sets: Iterable[SetDone]) -> Volume:
    """Add up sets. Bodyweight sets are counted, not weighed: the coach does not ask what a person weighs."""
    kg, bodyweight_sets, bodyweight_reps = 0.0, 0, 0
    for done in sets:
        if done.load_kg:
            kg += done.load_kg * done.reps
        else:
            bodyweight_sets += 1
            bodyweight_reps += done.reps
    return Volume(kg, bodyweight_sets, bodyweight_reps)


def e1rm(done: SetDone) -> float | None:
    """Estimated one-repetition maximum in kg, by Epley: load × (1 + reps / 30).

    Only for 2 to 10 repetitions, where the estimate holds to about 5–10%; a single repetition is its own
    maximum. None for bodyweight and for any other count.
    """
    if not done.load_kg or not 1 <= done.reps <= 10:
        return None
    return done.load_kg if done.reps == 1 else done.load_kg * (1 + done.reps / 30)


def best_lift(sets: Iterable[SetDone]) -> SetDone | None:
    """Return the set with the highest estimated maximum, else the heaviest, else the longest.

    Among equals the first one wins.
    """
    return max(sets, key=_worth, default=None)


def next_session(log: Sequence[Session], plan: LiftPlan) -> NextSession:
    """Double progression, as a function of the log (oldest first) and the agreed plan.

    It may go down by itself (it follows a person who took a lighter load); a raise is only ever an offer.
    """
    sessions = [session for session in log if session.sets]
    if not sessions:
        return _keep(plan, "first", plan.low, plan.load_kg)
    last = sessions[-1]
    lifted = _working_load(last)
    level = _lower(plan.load_kg, lifted)
    since = [s for s in sessions if plan.answered is None or s.date > plan.answered]
    if not since and level != plan.load_kg:
        return _keep(plan, "first", plan.low, plan.load_kg)
    if since and _chose_heavier(last, plan):
        return _offer(plan, plan.low, level, lifted)
    if _wants_rest(since, plan):
        half = max(1, plan.sets // 2)
        reps = _clamped(_weakest(last, plan), plan)
        return NextSession(plan.exercise, plan.sets, reps, level, "deload_offer", offered_sets=half)
    if _at_top(last, plan):
        earned = len(since) >= _TOP_SESSIONS and all(
            _at_top(s, plan) and _working_load(s) == lifted for s in since[-_TOP_SESSIONS:]
        )
        return _offer(plan, plan.high, level, raised(level, plan)) if earned else _hold(plan, level, plan.high)
    if _complete(last, plan) and not _too_hard(last, plan) and _weakest(last, plan) >= plan.low:
        return _keep(plan, "add_reps", _weakest(last, plan) + 1, level)
    return _hold(plan, level, _clamped(_weakest(last, plan), plan))


def raised(load_kg: float | None, plan: LiftPlan) -> float | None:
    """Return the next load in kg: the largest usual step of at most 10%, or None where there is none."""
    if not load_kg:
        return None
    load = in_unit(load_kg, plan.unit)
    for step in _STEPS[plan.unit, plan.lower_body]:
        if step <= load * _LARGEST_RAISE + 1e-9:
            return in_kg(load + step, plan.unit)
    return None


def load_unit(facts: Facts) -> LoadUnit:
    """Return the unit in which the person has their loads: kilograms unless they chose pounds."""
    return "lb" if "load_unit" in facts and facts["load_unit"].value == "lb" else "kg"


def in_unit(load_kg: float, unit: LoadUnit) -> float:
    """Return a load to show: kilograms to the quarter, pounds to the half, as plates come."""
    return round(load_kg * 4) / 4 if unit == "kg" else round(load_kg / KG_PER_LB * 2) / 2


def in_kg(load: float, unit: LoadUnit) -> float:
    """Return what a person typed as kilograms to store; unrounded, so that `in_unit` gives it back."""
    return load if unit == "kg" else load * KG_PER_LB


def _worth(done: SetDone) -> tuple[float, float, int]:
    return (e1rm(done) or 0.0, done.load_kg or 0.0, done.reps)


def _keep(plan: LiftPlan, reason: Reason, reps: int, load_kg: float | None) -> NextSession:
    return NextSession(plan.exercise, plan.sets, reps, load_kg, reason)


def _hold(plan: LiftPlan, load_kg: float | None, reps: int) -> NextSession:
    return _keep(plan, "hold", reps, load_kg)


def _offer(plan: LiftPlan, reps: int, load_kg: float | None, offered: float | None) -> NextSession:
    return NextSession(plan.exercise, plan.sets, reps, load_kg, "offer_load", offered_load_kg=offered)


def _working_load(session: Session) -> float | None:
    """The load most sets were done with (the heavier of two), so that warm-up sets do not count."""
    loads = Counter(done.load_kg or 0.0 for done in session.sets)
    return max(loads, key=lambda load: (loads[load], load)) or None


def _working_sets(session: Session) -> list[SetDone]:
    load = _working_load(session)
    return [done for done in session.sets if (done.load_kg or None) == load]


def _lower(planned: float | None, lifted: float | None) -> float | None:
    """The load to go on with: never above the plan, below it when the person went below."""
    if planned is None:
        return lifted
    return planned if lifted is None else min(planned, lifted)


def _chose_heavier(session: Session, plan: LiftPlan) -> bool:
    """Whether the person lifted more than planned and could: their log is their word, the plan asks once."""
    lifted = _working_load(session)
    if plan.load_kg is None or lifted is None or in_unit(lifted, plan.unit) <= in_unit(plan.load_kg, plan.unit):
        return False
    return _weakest(session, plan) >= plan.low and not _too_hard(session, plan)


def _weakest(session: Session, plan: LiftPlan) -> int:
    """Fewest repetitions among the planned number of best sets: an extra, shorter set is no failure."""
    reps = sorted((done.reps for done in _working_sets(session)), reverse=True)
    return reps[: plan.sets][-1]


def _clamped(reps: int, plan: LiftPlan) -> int:
    """The repetitions to go on with: those that were done, for more are only ever offered."""
    return min(reps, plan.high)


def _complete(session: Session, plan: LiftPlan) -> bool:
    return len(_working_sets(session)) >= plan.sets


def _too_hard(session: Session, plan: LiftPlan) -> bool:
    return session.reserve is not None and session.reserve < plan.reserve


def _at_top(session: Session, plan: LiftPlan) -> bool:
    """Every planned set at the top of the range, and with the repetitions in reserve that were agreed."""
    return _complete(session, plan) and not _too_hard(session, plan) and _weakest(session, plan) >= plan.high


def _wants_rest(sessions: Sequence[Session], plan: LiftPlan) -> bool:
    """Two sessions without progress, or eight weeks without a lighter one."""
    unrested = _unrested(sessions, plan)
    if not unrested:
        return False
    return _stalled(unrested, plan) or unrested[-1].date - unrested[0].date >= _REST_AFTER


def _unrested(sessions: Sequence[Session], plan: LiftPlan) -> list[Session]:
    """The sessions since the last rest: a light session (half the sets or fewer) or a gap of ten days."""
    block: list[Session] = []
    for session in reversed(sessions):
        if len(_working_sets(session)) * 2 <= plan.sets:
            break
        if block and block[0].date - session.date >= _RESTED_BY_A_GAP_OF:
            break
        block.insert(0, session)
    return block


def _stalled(sessions: Sequence[Session], plan: LiftPlan) -> bool:
    """Whether the last two sessions did no better than the one before them, with the same load."""
    if len(sessions) <= _STALLED_SESSIONS:
        return False
    before, *after = sessions[-_STALLED_SESSIONS - 1 :]
    same = all(_working_load(s) == _working_load(before) for s in after)
    better = any(_total(s, plan) > _total(before, plan) for s in after)
    return same and not better and not _at_top(after[-1], plan)


def _total(session: Session, plan: LiftPlan) -> int:
    reps = sorted((done.reps for done in _working_sets(session)), reverse=True)
    return sum(reps[: plan.sets])
