"""HbA1c, triglycerides and the lab of a blood draw, the factor of its insulin, and what spoke against its arithmetic"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

COLUMNS: dict[str, sa.types.TypeEngine[Any]] = {
    "insulin_factor": sa.Double(),
    "hba1c": sa.Double(),
    "hba1c_unit": sa.String(length=16),
    "triglycerides": sa.Double(),
    "triglycerides_unit": sa.String(length=16),
    "lab": sa.String(length=80),
    "against": sa.String(length=120),
}


def upgrade() -> None:
    for name, kind in COLUMNS.items():
        op.add_column("blood_draw", sa.Column(name, kind, nullable=True))


def downgrade() -> None:
    for name in reversed(COLUMNS):
        op.drop_column("blood_draw", name)
