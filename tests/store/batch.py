"""A migration that makes a table anew on SQLite, run through the project's own env.py."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.script import ScriptDirectory

from bot.store.database import MIGRATIONS, alembic_config

CHANGE = """
from alembic import op
import sqlalchemy as sa

revision, down_revision, branch_labels, depends_on = "test", "{head}", None, None


def anew():
    return "always" if op.get_bind().dialect.name == "sqlite" else "never"  # PostgreSQL alters in place


def upgrade():
    with op.batch_alter_table("person", recreate=anew()) as table:
        table.add_column(sa.Column("shoe_size", sa.Integer()))


def downgrade():
    with op.batch_alter_table("person", recreate=anew()) as table:
        table.drop_column("shoe_size")
"""


def add_and_drop_a_column(url: str, folder: Path) -> None:
    """Adds a column to the table that all others hang on, by making it anew, and takes it away again."""
    config = alembic_config(url)
    head = ScriptDirectory.from_config(config).get_current_head()
    (folder / "0002_test.py").write_text(CHANGE.format(head=head))
    config.set_main_option("version_locations", f"{MIGRATIONS / 'versions'}\n{folder}")
    config.set_main_option("path_separator", "newline")
    command.upgrade(config, "test")
    command.downgrade(config, str(head))
