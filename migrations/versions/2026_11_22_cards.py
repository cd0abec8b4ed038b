"""Cards: one form makes one card, however often it is submitted; a child's contact."""

import sqlalchemy as sa
from alembic import op

revision = "cards"
down_revision = "history"
branch_labels = None
depends_on = None

CONTACT = ("contact_name", "contact_phone", "contact_phone_key")


def upgrade() -> None:
    op.add_column("patient", sa.Column("once_key", sa.String(), nullable=True))
    for name in CONTACT:
        op.add_column("patient", sa.Column(name, sa.String(), nullable=True))
    op.create_index("ix_patient_organization_id_contact_phone_key", "patient", ["organization_id", "contact_phone_key"])
    op.create_index("uq_patient_organization_id_once_key", "patient", ["organization_id", "once_key"], unique=True)


def downgrade() -> None:
    op.drop_index("ix_patient_organization_id_contact_phone_key", "patient")
    for name in CONTACT:
        op.drop_column("patient", name)
    op.drop_index("uq_patient_organization_id_once_key", "patient")
    op.drop_column("patient", "once_key")
