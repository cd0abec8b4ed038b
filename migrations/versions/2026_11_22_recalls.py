"""Recalls: whom to invite again, and when."""

import sqlalchemy as sa
from alembic import op

revision = "recalls"
down_revision = "cards"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "recall",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column("patient_id", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("state_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name="fk_recall_organization_id_organization"
        ),
        sa.ForeignKeyConstraint(["patient_id"], ["patient.id"], name="fk_recall_patient_id_patient"),
        sa.PrimaryKeyConstraint("id", name="pk_recall"),
    )
    op.create_index("ix_recall_organization_id", "recall", ["organization_id"])
    op.create_index("ix_recall_patient_id", "recall", ["patient_id"])
    op.create_index("ix_recall_organization_id_due_on", "recall", ["organization_id", "due_on", "id"])


def downgrade() -> None:
    op.drop_table("recall")
