"""Asks the check-ins that are due, by the laws of a check-in, and closes those that nobody answered."""

from __future__ import annotations

import datetime as dt

from sqlalchemy.orm import Session

from bot.coach import attention, schedule
from bot.coach.dialogue import Said
from bot.coach.script import Script
from bot.conversation import Conversation
from bot.knowledge import Knowledge
from bot.store import dues, outbox, people, records, runs
from bot.store.tables import Due

MISSED = 60
"""Days of a downtime whose check-ins are recorded as not sent."""


def fire(talk: Conversation, due: Due) -> None:
    """Asks a check-in that is due, or records why it was not (laws 2, 4, 6, 8 and 12)."""
    know, now = talk.know, talk.now
    reason = _why_not(talk, due)
    if reason in ("paused", "break", "held", "unreachable") and _of_one_date(know, due):
        _tomorrow(know, due)
        return
    if reason:
        due.status, due.reason = "not_sent", reason
        if reason == "late":
            _record_missed(talk, due)
    elif not due.habit and schedule.quiet(now, know.zone, know.facts):
        due.due_at, due.fixed = schedule.quiet_ends(now, know.zone, know.facts), True
        return
    elif due.habit and due.reply and (other := dues.blocking(talk.session, know.person.id, now, due.id)):
        _wait(due, other)
        return
    elif due.habit and due.reply and (turn := _attention(talk, due)) != "ask":
        _ask_less(talk, due, turn)
    else:
        due.status, due.asked_at = "asked", now
        if know.library.sums_up(due.script):
            talk.keep_week(due.local_date)
        trigger = {"slot": due.slot, "date": due.local_date.isoformat()}
        run = talk.begin(due.script, trigger, due)
        if outbox.last_of_run(talk.session, run.id) is None:
            due.status, due.reason = "not_sent", "nothing to say"
    talk.replan = True
    talk.finish()


def _attention(talk: Conversation, due: Due) -> attention.Turn:
    """Law 9. What the person put off or moved here is asked: they said when."""
    if due.habit is None or (due.fixed and due.reason in ("snoozed", dues.MOVED_HERE)):
        return "ask"
    session, person_id = talk.session, due.person_id
    changed = people.since(session, person_id, f"{due.habit}_thin")
    history = dues.asked_lately(session, person_id, due.habit, changed, talk.now)
    first = history[0].date if history else due.local_date
    return attention.turn_of(
        due.local_date,
        history,
        schedule.thinned(due.habit, talk.know.facts),
        breaks=people.break_days(session, person_id, first, due.local_date),
        heard=records.last_own_word(session, person_id, due.habit),
    )


def _ask_less(talk: Conversation, due: Due, turn: attention.Turn) -> None:
    """Asks about the messages in this one's place; or thins them out, and asks it if its day is left."""
    know = talk.know
    trigger = {"slot": due.slot, "date": due.local_date.isoformat(), "habit": due.habit}
    if turn == "offer" and "unanswered" not in know.scripts:
        turn = "weekly"  # this content has no words for the question
    if turn == "offer":
        due.status, due.asked_at, due.reason = "asked", talk.now, dues.OFFER
        talk.begin("unanswered", trigger, due)
        return
    if turn in attention.BY_ITSELF:
        talk.remember(f"{due.habit}_thin", Said(turn, turn), None, talk.now)
    script = know.scripts[due.script]
    start = next(one for one in script.starts if one.slot == due.slot)
    if turn == "weekly" and due.local_date.weekday() in schedule.days_asked(script, start, know.facts):
        due.status, due.asked_at = "asked", talk.now
        talk.begin(due.script, trigger, due)
    else:
        due.status, due.reason = "not_sent", dues.FEWER


def _record_missed(talk: Conversation, due: Due) -> None:
    """After a downtime every check-in it swallowed is recorded as not sent; one that is still useful is asked."""
    know, script = talk.know, talk.know.scripts[due.script]
    if not script.habit:
        return
    taken = dues.taken(talk.session, know.person.id, due.local_date)
    for one in schedule.coming(script, know.facts, know.zone, due.due_at, MISSED):
        if one.slot != due.slot or one.due_at > know.now or (one.script, one.slot, one.local_date) in taken:
            continue
        row = dues.plan(talk.session, know.person.id, script, one)
        if one.useful_until < know.now:
            row.status, row.reason = "not_sent", "late"


def _why_not(talk: Conversation, due: Due) -> str | None:
    know, now = talk.know, talk.now
    person, script = know.person, know.scripts.get(due.script)
    if script is None:
        return "gone"
    if not _wanted(know, script, due):
        return "off"
    if now > due.useful_until:
        return "another was open" if due.reason == "waits" else "late"
    if (silenced := people.silenced(person, now)) is not None:
        return silenced
    day = know.date(now) if _of_one_date(know, due) else due.local_date
    if day in people.break_days(talk.session, person.id, day, day):
        return "break"
    if not due.habit:
        return None
    gate = know.gates(know.facts).get(script.gate) if script.gate else None
    if gate and not gate.open:
        return "gate"
    if _done_already(talk.session, know, due):
        return "own_word"
    if dues.asked_today(talk.session, person.id, due.local_date) >= schedule.MOST_A_DAY and due.asked_at is None:
        return "ceiling"
    if due.reason in ("snoozed", "waits") and schedule.quiet(now, know.zone, know.facts):
        return "quiet"
    if due.habit == "path" and _late_into_quiet(know, due, now):
        return "quiet"
    return None


def _late_into_quiet(know: Knowledge, due: Due, now: dt.datetime) -> bool:
    """A lesson is of use all day, so it may come late; not in quiet hours, unless the person chose that time."""
    quiet = (schedule.quiet(at, know.zone, know.facts) for at in (now, due.due_at))
    return next(quiet) and not next(quiet)


def _wanted(know: Knowledge, script: Script, due: Due) -> bool:
    """Law 6: what was switched off since it was planned, snoozed or moved is not asked."""
    return any(
        one.slot == due.slot
        and schedule.wanted(script, one, know.clock_facts)
        and (one.date is None or schedule.date_of(one, know.facts) == due.local_date)
        for one in script.starts
    )


def _of_one_date(know: Knowledge, due: Due) -> bool:
    """Whether it comes once and not again: what a break swallows of it would be lost."""
    return any(one.slot == due.slot and one.date for one in know.scripts[due.script].starts)


def _tomorrow(know: Knowledge, due: Due) -> None:
    """Waits a day, at the same local time, for as long as it is useful."""
    local = due.due_at.astimezone(know.zone)
    due.due_at = schedule.instant(local.date() + dt.timedelta(days=1), local.time(), know.zone)
    due.fixed = True


def _done_already(session: Session, know: Knowledge, due: Due) -> bool:
    """Law 4: what the person logged by their own word is not asked about."""
    if due.habit == "walk":
        return records.walked_after(session, due.person_id, due.local_date, due.slot)
    if not due.reply or not due.habit:
        return False
    return bool(records.logged_habits(session, due.person_id, due.local_date).get(due.habit))


def _wait(due: Due, other: Due) -> None:
    """Law 6: behind a standing one it waits until that is answered or stops blocking, while it is useful itself."""
    until = min(other.useful_until, due.useful_until)
    due.due_at, due.reason, due.fixed = until + dt.timedelta(seconds=1), "waits", True


def close(talk: Conversation, due: Due) -> None:
    """Silence is its own status; what was asked is over."""
    due.status = "unanswered"
    run = runs.of_due(talk.session, due.id)
    if run is not None and run.status == "open":
        talk.close_question(run, None)
        run.status, run.ended_at = "cancelled", talk.now
    talk.correct_weeks(due.local_date)
