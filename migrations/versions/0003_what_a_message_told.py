"""What a message told and what led to it, for /why"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("outbox", sa.Column("told", sa.JSON(), nullable=True))


def downgrade() -> None:
    op.drop_column("outbox", "told")
