"""The outbox: strictly in order within a chat, replies first across chats, edits after their message."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.store import outbox
from bot.store.database import Database
from bot.store.tables import Due, Outbox, Person
from tests.store.rows import NOW, fill


def put(session: Session, chat: int, text: str, priority: int = outbox.REPLY, **more: Any) -> Outbox:
    return outbox.put(session, chat_id=chat, person_id=None, text=text, priority=priority, now=NOW, **more)


def heads(session: Session, now: dt.datetime = NOW, busy: frozenset[int] = frozenset(), limit: int = 10) -> list[str]:
    return [row.text for row in outbox.next_to_send(session, now, set(busy), limit)]


def drained(session: Session) -> list[str]:
    """Everything in the order it goes out when each is settled before the next is taken."""
    found = []
    while rows := outbox.next_to_send(session, NOW, set(), 1):
        rows[0].status = "sent"
        found.append(rows[0].text)
        session.flush()
    return found


def test_within_a_chat_the_order_is_strict_whatever_the_priority(database: Database) -> None:
    def unit(session: Session) -> list[str]:
        put(session, 1, "check-in", outbox.CHECK_IN)
        put(session, 1, "reply")
        put(session, 1, "summary", outbox.SUMMARY)
        return drained(session)

    assert database.work(unit) == ["check-in", "reply", "summary"]


def test_across_chats_replies_go_before_check_ins(database: Database) -> None:
    def unit(session: Session) -> list[str]:
        for chat in range(1, 5):
            put(session, chat, f"check-in {chat}", outbox.CHECK_IN)
        put(session, 5, "summary", outbox.SUMMARY)
        put(session, 6, "reply")
        return drained(session)

    assert database.work(unit) == ["reply", *(f"check-in {chat}" for chat in range(1, 5)), "summary"]


def test_a_check_in_before_a_reply_of_its_chat_is_as_urgent_as_the_reply(database: Database) -> None:
    def unit(session: Session) -> list[str]:
        put(session, 1, "check-in 1", outbox.CHECK_IN)
        put(session, 2, "check-in 2", outbox.CHECK_IN)
        put(session, 2, "reply 2")
        return drained(session)

    assert database.work(unit) == ["check-in 2", "reply 2", "check-in 1"]


def test_one_message_of_a_chat_is_on_its_way_at_a_time(database: Database) -> None:
    def unit(session: Session) -> tuple[list[str], list[str]]:
        first = put(session, 1, "one")
        put(session, 1, "two")
        put(session, 2, "other")
        now = heads(session)
        first.status = "sending"
        session.flush()
        return now, heads(session)

    assert database.work(unit) == (["one", "other"], ["other"])


def test_a_busy_chat_is_left_alone(database: Database) -> None:
    def unit(session: Session) -> list[str]:
        put(session, 1, "one")
        put(session, 2, "two")
        return heads(session, busy=frozenset({1}))

    assert database.work(unit) == ["two"]


def test_a_message_that_waits_for_a_retry_holds_back_those_behind_it(database: Database) -> None:
    def unit(session: Session) -> tuple[list[str], list[str]]:
        first = put(session, 1, "one")
        put(session, 1, "two")
        first.not_before = NOW + dt.timedelta(seconds=5)
        session.flush()
        return heads(session), heads(session, NOW + dt.timedelta(seconds=5))

    assert database.work(unit) == ([], ["one"])


def test_an_edit_goes_out_after_its_message_and_two_that_wait_become_one(database: Database) -> None:
    def unit(session: Session) -> list[tuple[str, str]]:
        row = put(session, 1, "question")
        row.status = "sending"
        session.flush()
        outbox.edit(session, row, "question, one tick", [], NOW)
        outbox.edit(session, row, "question, two ticks", [], NOW)
        assert heads(session) == [], "its message has no id yet"
        row.status, row.message_id = "sent", 5
        session.flush()
        return [(one.kind, one.text) for one in outbox.next_to_send(session, NOW, set(), 5)]

    assert database.work(unit) == [("edit", "question, two ticks")]


def test_what_is_new_goes_before_a_change_of_what_is_there(database: Database) -> None:
    """The person waits for the next question, not for the old one's buttons to go."""

    def unit(session: Session) -> list[str]:
        row = put(session, 1, "question")
        row.status, row.message_id = "sent", 5
        session.flush()
        outbox.edit(session, row, "question, answered", [], NOW)
        put(session, 1, "next question")
        put(session, 2, "check-in", outbox.CHECK_IN)
        return drained(session)

    assert database.work(unit) == ["next question", "question, answered", "check-in"]


def test_a_message_that_waits_is_changed_in_place(database: Database) -> None:
    def unit(session: Session) -> list[str]:
        row = put(session, 1, "question")
        outbox.edit(session, row, "better question", [], NOW)
        return drained(session)

    assert database.work(unit) == ["better question"]


def test_a_change_that_changes_nothing_is_not_sent(database: Database) -> None:
    def unit(session: Session) -> list[str]:
        row = put(session, 1, "question")
        row.status, row.message_id = "sent", 5
        session.flush()
        outbox.edit(session, row, "question", [], NOW)
        return heads(session)

    assert database.work(unit) == []


def asked(session: Session, status: str = "asked") -> tuple[Due, Outbox]:
    """A check-in whose message still waits."""
    person = fill(session)
    due = session.scalars(select(Due)).one()
    session.execute(Outbox.__table__.delete())  # type: ignore[attr-defined]
    due.status = status
    row = outbox.put(
        session,
        chat_id=person.chat_id,
        person_id=person.id,
        text="Dinner done?",
        priority=outbox.CHECK_IN,
        due_id=due.id,
        now=NOW,
    )
    return due, row


def test_a_check_in_withdrawn_before_it_went_out_was_not_sent(database: Database) -> None:
    def unit(session: Session) -> tuple[str, str, str]:
        due, row = asked(session)
        outbox.withdraw_all(session, due.person_id, "blocked")
        return due.status, row.status, row.reason or ""

    assert database.work(unit) == ("not_sent", "withdrawn", "blocked")


@pytest.mark.parametrize("status", ["done", "skipped", "planned", "unanswered"])
def test_what_became_of_a_check_in_is_not_rewritten(database: Database, status: str) -> None:
    def unit(session: Session) -> str:
        due, _ = asked(session, status)
        outbox.withdraw_all(session, due.person_id, "blocked")
        return due.status

    assert database.work(unit) == status


def test_only_what_was_not_asked_for_is_withdrawn_by_a_pause(database: Database) -> None:
    def unit(session: Session) -> list[str]:
        person = fill(session)
        for priority in (outbox.REPLY, outbox.CHECK_IN, outbox.SUMMARY):
            outbox.put(session, chat_id=1, person_id=person.id, text=str(priority), priority=priority, now=NOW)
        outbox.withdraw_all(session, person.id, "paused", only_unasked=True)
        return drained(session)

    assert database.work(unit) == ["0"]


def test_another_persons_messages_are_left_alone(database: Database) -> None:
    def unit(session: Session) -> list[str]:
        robin, kim = fill(session, 1), fill(session, 2)
        for person in (robin, kim):
            outbox.put(session, chat_id=person.chat_id, person_id=person.id, text=str(person.chat_id), now=NOW)
        outbox.withdraw_all(session, robin.id, "blocked")
        return drained(session)

    assert database.work(unit) == ["2"]


def test_a_withdrawn_message_is_not_found_as_a_question(database: Database) -> None:
    def unit(session: Session) -> tuple[str | None, str | None]:
        fill(session)
        run_id = session.scalars(select(Outbox.run_id).where(Outbox.run_id.is_not(None))).one()
        assert run_id is not None
        person = session.scalars(select(Person)).one()
        old, new = (
            outbox.put(session, chat_id=1, person_id=person.id, text=text, run_id=run_id, turn=7, now=NOW)
            for text in ("asked", "asked again")
        )
        outbox.withdraw(session, new, "superseded")
        session.flush()
        found = outbox.question_of(session, run_id, 7)
        outbox.withdraw(session, old, "superseded")
        session.flush()
        return found.text if found else None, getattr(outbox.question_of(session, run_id, 7), "text", None)

    assert database.work(unit) == ("asked", None)


def test_what_was_on_its_way_at_a_crash_is_found(database: Database) -> None:
    def unit(session: Session) -> bool:
        one = put(session, 1, "one")
        one.status = "sending"
        put(session, 2, "two")
        session.flush()
        return outbox.interrupted(session) == [(one.id, 1)]

    assert database.work(unit)


def test_words_to_nobody_are_dropped_once_they_are_out(database: Database) -> None:
    def unit(session: Session) -> list[str]:
        put(session, 1, "gone").status = "sent"
        put(session, 2, "still waiting")
        session.flush()
        outbox.drop_ownerless(session, NOW + dt.timedelta(days=1))
        return list(session.scalars(select(Outbox.text)))

    assert database.work(unit) == ["still waiting"]


def test_old_figures_are_dropped_and_the_message_stays(database: Database) -> None:
    def unit(session: Session) -> list[tuple[str, object]]:
        put(session, 1, "week", figures={"a": 1}).status = "sent"
        session.flush()
        outbox.forget(session, NOW + dt.timedelta(days=1))
        session.expire_all()
        return [(row.text, row.figures) for row in session.scalars(select(Outbox))]

    assert database.work(unit) == [("week", None)]
