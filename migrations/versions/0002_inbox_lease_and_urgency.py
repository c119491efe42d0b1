"""An inbox for floods, a lease for several replicas, and what is urgent found without looking at all that waits"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "inbox",
        sa.Column("bot_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("update_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("bot_id", "update_id", name=op.f("pk_inbox")),
    )
    op.create_index("ix_inbox_chat", "inbox", ["bot_id", "chat_id", "update_id"], unique=False)
    op.create_table(
        "lease",
        sa.Column("name", sa.String(length=16), nullable=False),
        sa.Column("holder", sa.String(length=255), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_lease")),
    )
    op.create_index("ix_due_status_closes_at", "due", ["status", "closes_at"], unique=False)
    op.create_index("ix_outbox_status_priority", "outbox", ["status", "priority", "id"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_outbox_status_priority", table_name="outbox")
    op.drop_index("ix_due_status_closes_at", table_name="due")
    op.drop_table("lease")
    op.drop_index("ix_inbox_chat", table_name="inbox")
    op.drop_table("inbox")
