"""The lease on PostgreSQL: of several replicas one runs the clock and drains the outbox.

Its times are the database's own, so the replicas' clocks need not agree.
"""

from __future__ import annotations

import datetime as dt
import secrets

from sqlalchemy import func, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from bot.store.tables import Lease

NAME = "lead"
LASTS = dt.timedelta(seconds=7)
"""How long a replica that says nothing more is taken to be alive."""


def holder(instance: str) -> str:
    """A name for one process of an instance (host and address); no other process has it."""
    return f"{instance}#{secrets.token_hex(8)}"


def take(session: Session, mine: str, *, begins: bool = False) -> bool:
    """Takes the lease or holds on to it; False while another has it.

    A process that begins takes it from an earlier process of its own instance at once: that one is dead.
    """
    until = func.clock_timestamp() + LASTS
    free = [Lease.holder == mine, Lease.until < func.clock_timestamp()]
    if begins:
        free.append(Lease.holder.startswith(mine.partition("#")[0] + "#", autoescape=True))
    statement = (
        insert(Lease)
        .values(name=NAME, holder=mine, until=until)
        .on_conflict_do_update(index_elements=[Lease.name], set_={"holder": mine, "until": until}, where=or_(*free))
        .returning(Lease.holder)
    )
    return session.scalar(statement) is not None


def held(session: Session, mine: str) -> bool:
    """Whether the lease is ours until the end of this transaction: nobody takes it meanwhile."""
    statement = select(Lease.holder).where(
        Lease.name == NAME, Lease.holder == mine, Lease.until > func.clock_timestamp()
    )
    return session.scalar(statement.with_for_update(read=True)) is not None


def release(session: Session, mine: str) -> None:
    """Lets another replica take over at once."""
    session.execute(update(Lease).where(Lease.name == NAME, Lease.holder == mine).values(until=func.clock_timestamp()))
