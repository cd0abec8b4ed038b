"""The waiting list, and freed times."""

import sqlalchemy as sa
from alembic import op

revision = "waitlist"
down_revision = "tickets"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "freed_time",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column("practitioner_id", sa.Integer(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name="fk_freed_time_organization_id_organization"
        ),
        sa.ForeignKeyConstraint(
            ["practitioner_id"], ["practitioner.id"], name="fk_freed_time_practitioner_id_practitioner"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_freed_time"),
    )
    op.create_index("ix_freed_time_organization_id", "freed_time", ["organization_id"])
    op.create_index("ix_freed_time_practitioner_id", "freed_time", ["practitioner_id"])
    op.create_index("ix_freed_time_organization_id_starts_at", "freed_time", ["organization_id", "starts_at"])
    op.create_table(
        "waitlist_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column("patient_id", sa.Integer(), nullable=False),
        sa.Column("service_id", sa.Integer(), nullable=True),
        sa.Column("practitioner_ids", sa.JSON(), nullable=False),
        sa.Column("weekdays", sa.JSON(), nullable=False),
        sa.Column("parts", sa.JSON(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("is_urgent", sa.Boolean(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("claimed_by_id", sa.Integer(), nullable=True),
        sa.Column("claimed_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name="fk_waitlist_entry_organization_id_organization"
        ),
        sa.ForeignKeyConstraint(["patient_id"], ["patient.id"], name="fk_waitlist_entry_patient_id_patient"),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name="fk_waitlist_entry_service_id_service"),
        sa.ForeignKeyConstraint(
            ["claimed_by_id"], ["user_account.id"], name="fk_waitlist_entry_claimed_by_id_user_account"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_waitlist_entry"),
    )
    op.create_index("ix_waitlist_entry_organization_id", "waitlist_entry", ["organization_id"])
    op.create_index("ix_waitlist_entry_patient_id", "waitlist_entry", ["patient_id"])
    op.create_index("ix_waitlist_entry_organization_id_state", "waitlist_entry", ["organization_id", "state"])


def downgrade() -> None:
    op.drop_table("waitlist_entry")
    op.drop_table("freed_time")
