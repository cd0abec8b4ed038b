"""A ticket refers to the visit that was booked from it."""

import sqlalchemy as sa
from alembic import op

revision = "seats"
down_revision = "joint_changes"
branch_labels = None
depends_on = None


def upgrade() -> None:
    visit = sa.ForeignKey("appointment.id", name="fk_queue_ticket_appointment_id_appointment")
    op.add_column(
        "queue_ticket", sa.Column("appointment_id", sa.Integer(), visit, nullable=True), inline_references=True
    )
    op.create_index("ix_queue_ticket_appointment_id", "queue_ticket", ["appointment_id"])


def downgrade() -> None:
    op.drop_index("ix_queue_ticket_appointment_id", "queue_ticket")
    op.drop_column("queue_ticket", "appointment_id")
