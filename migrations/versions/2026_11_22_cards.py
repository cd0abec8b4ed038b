"""Cards: one form makes one card, however often it is sent."""

import sqlalchemy as sa
from alembic import op

revision = "cards"
down_revision = "history"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("patient", sa.Column("once_key", sa.String(), nullable=True))
    op.create_index("uq_patient_organization_id_once_key", "patient", ["organization_id", "once_key"], unique=True)


def downgrade() -> None:
    op.drop_index("uq_patient_organization_id_once_key", "patient")
    op.drop_column("patient", "once_key")
