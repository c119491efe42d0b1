"""Runs Alembic's migrations for both databases."""

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import create_engine, event, pool

from bot.store.database import ONE_AT_A_TIME
from bot.store.tables import Table, Utc


def render_item(type_: str, obj: Any, autogen: AutogenContext) -> str | Literal[False]:
    """Migrations name what our column type is to the database, so that they stand alone, whatever becomes of it."""
    if type_ == "type" and isinstance(obj, Utc):
        return "sa.DateTime(timezone=True)"
    return False


def run() -> None:
    engine = create_engine(context.config.attributes["url"], poolclass=pool.NullPool)
    sqlite = engine.dialect.name == "sqlite"
    if sqlite:

        @event.listens_for(engine, "connect")
        def _set_up(connection: Any, _record: Any) -> None:
            # with foreign keys on, batch mode's drop-and-rename silently deletes the child rows
            connection.isolation_level = None
            connection.execute("PRAGMA foreign_keys=off")

        @event.listens_for(engine, "begin")
        def _begin(connection: Any) -> None:
            connection.exec_driver_sql("BEGIN IMMEDIATE")

    with engine.connect() as connection:
        if not sqlite:
            # several replicas may start at once; the lock ends with the connection
            connection.exec_driver_sql(f"select pg_advisory_lock({ONE_AT_A_TIME})")
            connection.commit()
        context.configure(
            connection=connection,
            target_metadata=Table.metadata,
            render_as_batch=sqlite,
            render_item=render_item,
            # on SQLite only one transaction around all of it keeps others out; its tables can be made in one
            transactional_ddl=True,
            transaction_per_migration=not sqlite,
        )
        with context.begin_transaction():
            context.run_migrations()
        if sqlite:
            broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
            if broken:
                raise RuntimeError(f"the migration left rows without their parent: {broken[:3]}")
    engine.dispose()


run()
