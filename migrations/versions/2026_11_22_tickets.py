"""Tickets of patients without a booking."""

import sqlalchemy as sa
from alembic import op

revision = "tickets"
down_revision = "sports"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "queue_ticket",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("practitioner_id", sa.Integer(), nullable=True),
        sa.Column("patient_id", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name="fk_queue_ticket_organization_id_organization"
        ),
        sa.ForeignKeyConstraint(
            ["practitioner_id"], ["practitioner.id"], name="fk_queue_ticket_practitioner_id_practitioner"
        ),
        sa.ForeignKeyConstraint(["patient_id"], ["patient.id"], name="fk_queue_ticket_patient_id_patient"),
        sa.PrimaryKeyConstraint("id", name="pk_queue_ticket"),
        sa.UniqueConstraint("organization_id", "day", "number", name="uq_queue_ticket_organization_id_day_number"),
    )
    op.create_index("ix_queue_ticket_organization_id", "queue_ticket", ["organization_id"])
    op.create_index("ix_queue_ticket_patient_id", "queue_ticket", ["patient_id"])


def downgrade() -> None:
    op.drop_table("queue_ticket")
