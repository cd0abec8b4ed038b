"""The visit from which a ticket's holder went back to the queue."""

import sqlalchemy as sa
from alembic import op

revision = "tickets_returned"
down_revision = "courts"
branch_labels = None
depends_on = None


def upgrade() -> None:
    visit = sa.ForeignKey("appointment.id", name="fk_queue_ticket_returned_from_id_appointment")
    returned_from = sa.Column("returned_from_id", sa.Integer(), visit, nullable=True)
    op.add_column("queue_ticket", returned_from, inline_references=True)
    op.create_index("ix_queue_ticket_returned_from_id", "queue_ticket", ["returned_from_id"])


def downgrade() -> None:
    op.drop_index("ix_queue_ticket_returned_from_id", "queue_ticket")
    op.drop_column("queue_ticket", "returned_from_id")
