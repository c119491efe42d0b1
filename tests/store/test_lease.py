"""One replica of several leads: it says so again and again, and another takes over when it does not."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import func, text, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from bot.store import lease
from bot.store.database import Database
from bot.store.tables import Lease


@pytest.fixture
def shared(_postgresql: Database) -> Database:
    """PostgreSQL alone: on SQLite there is one process."""
    _postgresql.work(lambda session: session.execute(Lease.__table__.delete()))  # type: ignore[attr-defined]
    return _postgresql


ONE, TWO = lease.holder("one:8080"), lease.holder("two:8080")


def take(database: Database, mine: str, *, begins: bool = False) -> bool:
    return database.work(lambda session: lease.take(session, mine, begins=begins))


def run_out(database: Database) -> None:
    """The holder has said nothing for too long."""
    past = func.clock_timestamp() - dt.timedelta(milliseconds=1)
    database.work(lambda session: session.execute(update(Lease).values(until=past)))


def test_one_of_two_holds_the_lease_and_keeps_it(shared: Database) -> None:
    assert take(shared, ONE)
    assert not take(shared, TWO)
    assert take(shared, ONE)


def test_a_lease_that_ran_out_is_taken_over_and_the_first_finds_out(shared: Database) -> None:
    take(shared, ONE)
    run_out(shared)
    assert not shared.work(lambda session: lease.held(session, ONE)), "it slept too long to go on"
    assert take(shared, TWO)
    assert not take(shared, ONE)


def test_a_released_lease_is_free_at_once(shared: Database) -> None:
    take(shared, ONE)
    shared.work(lambda session: lease.release(session, ONE))
    assert take(shared, TWO)


def test_nobody_releases_what_another_holds(shared: Database) -> None:
    take(shared, ONE)
    shared.work(lambda session: lease.release(session, TWO))
    assert not take(shared, TWO)


def test_a_process_that_begins_succeeds_the_dead_one_of_its_own_address_at_once(shared: Database) -> None:
    take(shared, ONE)
    again = lease.holder("one:8080")
    assert not take(shared, again), "but only as it begins"
    assert take(shared, again, begins=True)
    assert not take(shared, ONE)


@pytest.mark.parametrize("other", ["one:80", "one:80800", "on_:8080", "%", ""])
def test_a_beginner_of_another_address_waits(shared: Database, other: str) -> None:
    take(shared, ONE)
    assert not take(shared, lease.holder(other), begins=True)


def test_while_a_transaction_relies_on_the_lease_nobody_takes_it(shared: Database) -> None:
    take(shared, ONE)

    def take_over(session: Session) -> None:
        session.execute(text("set local lock_timeout = '1ms'"))  # instead of waiting for the other to end
        lease.take(session, lease.holder("one:8080"), begins=True)

    def send(session: Session) -> None:
        assert lease.held(session, ONE)
        with pytest.raises(OperationalError, match="lock timeout"):
            shared.work(take_over)

    shared.work(send)
    shared.work(take_over)
    assert not take(shared, ONE)
