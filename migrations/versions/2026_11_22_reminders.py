"""Reminders: when a clinic sends them, and the outbox from which each is sent at most once."""

import sqlalchemy as sa
from alembic import op

revision = "reminders"
down_revision = "day_changes"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "reminder_plan",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column("timing", sa.String(length=32), nullable=False),
        sa.Column("clock", sa.Time(), nullable=False),
        sa.Column("hours", sa.Integer(), nullable=False),
        sa.Column("first", sa.String(length=32), nullable=False),
        sa.Column("phone", sa.String(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name="fk_reminder_plan_organization_id_organization"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_reminder_plan"),
        sa.UniqueConstraint("organization_id", name="uq_reminder_plan_organization_id"),
    )
    op.create_index("ix_reminder_plan_organization_id", "reminder_plan", ["organization_id"])

    op.create_table(
        "communication",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column("appointment_id", sa.Integer(), nullable=False),
        sa.Column("visit_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("channel", sa.String(length=32), nullable=True),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("is_contact", sa.Boolean(), nullable=False),
        sa.Column("planned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("state_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_try_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("fault", sa.String(length=32), nullable=True),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name="fk_communication_organization_id_organization"
        ),
        sa.ForeignKeyConstraint(
            ["appointment_id"], ["appointment.id"], name="fk_communication_appointment_id_appointment"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_communication"),
        sa.UniqueConstraint("appointment_id", "visit_at", name="uq_communication_appointment_id_visit_at"),
    )
    op.create_index("ix_communication_organization_id", "communication", ["organization_id"])
    op.create_index("ix_communication_state_next_try_at", "communication", ["state", "next_try_at"])
    op.create_index(
        "ix_communication_organization_id_planned_at", "communication", ["organization_id", "planned_at", "id"]
    )


def downgrade() -> None:
    op.drop_table("communication")
    op.drop_table("reminder_plan")
