"""One turn: an input meets a person's state and becomes records, a new state and messages, in one transaction."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from html import unescape
from typing import Any

from sqlalchemy.orm import Session

from bot import checkins
from bot.conversation import Conversation
from bot.inputs import Input
from bot.knowledge import Coach
from bot.store import outbox, people
from bot.store.tables import Due, Person
from bot.taps import Taps
from bot.texts import Texts

TOLD_ONCE = dt.timedelta(hours=1)
"""The operator is told once in so long, not a thousand times."""


@dataclass(frozen=True)
class Outcome:
    """What the edge needs to know after the commit: the line a tap is answered with."""

    notice: str = ""
    repeat: bool = False


def turn(session: Session, coach: Coach, given: Input, now: dt.datetime) -> Outcome:
    """Handles one update of one chat. Called twice with the same update it does nothing the second time."""
    people.lock_chat(session, given.chat_id)
    if not people.first_time(session, coach.bot_id, given.update_id, now):
        return Outcome(repeat=True)
    if given.kind == "group":
        _group(session, coach, given, now)
        return Outcome()
    given = replace(given, text=_storable(given.text))
    person = people.meet(session, given.chat_id, now)
    if given.kind == "blocked":
        person.reachable = False
        outbox.withdraw_all(session, person.id, "blocked")
        return Outcome()
    was_away, person.reachable = not person.reachable, True
    if given.kind == "unblocked":
        if was_away:
            Texts(coach, session, person, given, now).back_again()
        return Outcome()
    outbox.withdraw_held_back(session, person.id)
    return _take(coach, session, person, given, now)


def fire(session: Session, coach: Coach, due_id: int, chat_id: int, now: dt.datetime) -> None:
    """The clock's turn: asks a check-in that is due, or closes one whose time for an answer is over."""
    people.lock_chat(session, chat_id)
    due = session.get(Due, due_id, populate_existing=True)
    person = people.by_id(session, due.person_id) if due else None
    if due is None or person is None:
        return
    if due.status == "asked" and due.closes_at <= now:
        checkins.close(Conversation(coach, session, person, now), due)
    elif due.status == "planned" and due.due_at <= now:
        checkins.fire(Conversation(coach, session, person, now), due)


def put_aside(
    session: Session, coach: Coach, given: Input, payload: dict[str, Any], reason: str, now: dt.datetime
) -> None:
    """Keeps an update whose turn fails every time for the operator, and tells the person kindly."""
    people.lock_chat(session, given.chat_id)
    if not people.first_time(session, coach.bot_id, given.update_id, now):
        return
    _keep_failed(session, coach, given.update_id, given.chat_id, payload, reason, now)
    person = people.by_chat(session, given.chat_id)
    if person is not None:
        text = coach.library.phrase(coach.library.phrases.failed)
        outbox.put(session, chat_id=given.chat_id, person_id=person.id, text=text, now=now)


def put_aside_unread(session: Session, coach: Coach, payload: dict[str, Any], now: dt.datetime) -> None:
    """Keeps an update that could not even be read for the operator."""
    number = int(payload["update_id"])
    if people.first_time(session, coach.bot_id, number, now):
        _keep_failed(session, coach, number, None, payload, "unreadable", now)


def give_up(session: Session, coach: Coach, due_id: int, chat_id: int, reason: str, now: dt.datetime) -> None:
    """A check-in whose turn fails every time is recorded as not sent and kept for the operator."""
    people.lock_chat(session, chat_id)
    due = session.get(Due, due_id, populate_existing=True)
    if due is None or due.status not in ("planned", "asked"):
        return
    due.status = "not_sent" if due.status == "planned" else "unanswered"
    due.reason = "failed"
    _keep_failed(session, coach, None, chat_id, {"check-in": due.script, "due": due_id}, reason, now)


def _keep_failed(
    session: Session,
    coach: Coach,
    update_id: int | None,
    chat_id: int | None,
    payload: dict[str, Any],
    reason: str,
    now: dt.datetime,
) -> None:
    people.put_aside(session, update_id, chat_id, payload, reason, now)
    if coach.operator_chat is not None and people.put_aside_since(session, now - TOLD_ONCE) == 1:
        what = update_id if update_id is not None else payload.get("check-in", "")
        line = coach.library.phrase(coach.library.phrases.operator_told, update=what, reason=reason)
        outbox.put(session, chat_id=coach.operator_chat, person_id=None, text=line, now=now)


def _group(session: Session, coach: Coach, given: Input, now: dt.datetime) -> None:
    if people.first_in_group(session, given.chat_id):
        text = coach.library.phrase(coach.library.phrases.group)
        outbox.put(session, chat_id=given.chat_id, person_id=None, text=text, now=now)


def _take(coach: Coach, session: Session, person: Person, given: Input, now: dt.datetime) -> Outcome:
    """Hands the input to whoever knows its kind; a pause whose days are over ends here."""
    here: Taps | Texts = (Taps if given.kind == "tap" else Texts)(coach, session, person, given, now)
    if person.paused and person.paused_until and now >= person.paused_until:
        here.talk.unpause()
    notice = here.tap() if isinstance(here, Taps) else here.take()
    if not here.talk.erased:
        here.talk.finish()
    return Outcome(unescape(notice))


def _storable(text: str) -> str:
    """Text that every database takes: without null bytes and halves of characters."""
    return text.replace("\0", "").encode("utf-8", "ignore").decode()
