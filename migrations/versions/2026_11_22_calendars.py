"""Links to practitioners' calendars."""

import sqlalchemy as sa
from alembic import op

revision = "calendars"
down_revision = "reminders"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "calendar_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column("practitioner_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name="fk_calendar_link_organization_id_organization"
        ),
        sa.ForeignKeyConstraint(
            ["practitioner_id"], ["practitioner.id"], name="fk_calendar_link_practitioner_id_practitioner"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_calendar_link"),
        sa.UniqueConstraint("code", name="uq_calendar_link_code"),
        sa.UniqueConstraint("practitioner_id", name="uq_calendar_link_practitioner_id"),
    )
    op.create_index("ix_calendar_link_organization_id", "calendar_link", ["organization_id"])


def downgrade() -> None:
    op.drop_table("calendar_link")
