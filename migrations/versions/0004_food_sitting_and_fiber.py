"""Logs of a plate, of breaks from sitting and of a fiber food"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TABLES = ("plate", "sitting", "fiber")


def _columns(table: str) -> tuple[sa.Column[Any], ...]:
    match table:
        case "plate":
            return sa.Column("whole", sa.Boolean(), nullable=False), sa.Column("focus", sa.Text(), nullable=True)
        case "sitting":
            return (sa.Column("several", sa.Boolean(), nullable=False),)
    return (sa.Column("what", sa.Text(), nullable=False),)


def upgrade() -> None:
    for name in TABLES:
        op.create_table(
            name,
            sa.Column("id", KEY, autoincrement=True, nullable=False),
            sa.Column("person_id", KEY, nullable=False),
            *_columns(name),
            sa.Column("answer_id", KEY, nullable=True),
            sa.Column("at", sa.DateTime(timezone=True), nullable=False),
            sa.Column("local_date", sa.Date(), nullable=False),
            sa.Column("due_id", KEY, nullable=True),
            sa.ForeignKeyConstraint(
                ["answer_id"], ["answer.id"], name=op.f(f"fk_{name}_answer_id_answer"), ondelete="CASCADE"
            ),
            sa.ForeignKeyConstraint(["due_id"], ["due.id"], name=op.f(f"fk_{name}_due_id_due"), ondelete="SET NULL"),
            sa.ForeignKeyConstraint(
                ["person_id"], ["person.id"], name=op.f(f"fk_{name}_person_id_person"), ondelete="CASCADE"
            ),
            sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{name}")),
        )
        op.create_index(op.f(f"ix_{name}_answer_id"), name, ["answer_id"], unique=False)
        op.create_index(op.f(f"ix_{name}_person_id"), name, ["person_id"], unique=False)


def downgrade() -> None:
    for name in reversed(TABLES):
        op.drop_table(name)
