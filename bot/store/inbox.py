"""Updates that wait on our side because their chat sent many at once."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session

from bot.store.tables import Inbox


def keep(session: Session, bot_id: int, updates: Iterable[tuple[int, int, dict[str, Any]]]) -> None:
    """Keeps updates (id, chat, as Telegram sent them); one that is here already stays as it is."""
    make = pg_insert if session.get_bind().dialect.name == "postgresql" else sqlite_insert
    rows = [{"bot_id": bot_id, "update_id": number, "chat_id": chat, "payload": raw} for number, chat, raw in updates]
    session.execute(make(Inbox).on_conflict_do_nothing(), rows)


def chats(session: Session, bot_id: int) -> set[int]:
    """The chats with updates that wait."""
    return set(session.scalars(select(Inbox.chat_id).where(Inbox.bot_id == bot_id).distinct()))


def first(session: Session, bot_id: int, chat_id: int) -> tuple[int, dict[str, Any]] | None:
    """The oldest update of a chat: its id, and what Telegram sent."""
    statement = select(Inbox.update_id, Inbox.payload).where(Inbox.bot_id == bot_id, Inbox.chat_id == chat_id)
    row = session.execute(statement.order_by(Inbox.update_id).limit(1)).first()
    return (row[0], row[1]) if row else None


def drop(session: Session, bot_id: int, update_id: int) -> None:
    """An update that was handled."""
    session.execute(delete(Inbox).where(Inbox.bot_id == bot_id, Inbox.update_id == update_id))


def waiting(session: Session) -> int:
    """How many updates wait."""
    return session.scalar(select(func.count()).select_from(Inbox)) or 0
