"""Logs of a plate, of breaks from sitting and of a fiber food"""

import sqlalchemy as sa
from alembic import op

from bot.store.tables import Utc

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TABLES = {
    "plate": (
        sa.Column("whole", sa.Boolean(), nullable=False),
        sa.Column("focus", sa.Text(), nullable=True),
    ),
    "sitting": (sa.Column("several", sa.Boolean(), nullable=False),),
    "fiber": (sa.Column("what", sa.Text(), nullable=False),),
}


def upgrade() -> None:
    for name, columns in TABLES.items():
        op.create_table(
            name,
            sa.Column("id", KEY, autoincrement=True, nullable=False),
            sa.Column("person_id", KEY, nullable=False),
            *(column._copy() for column in columns),
            sa.Column("answer_id", KEY, nullable=True),
            sa.Column("at", Utc(), nullable=False),
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
