"""Series of visits."""

import sqlalchemy as sa
from alembic import op

revision = "series"
down_revision = "news"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "appointment_series",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column("weeks", sa.Integer(), nullable=False),
        sa.Column("weekdays", sa.String(), nullable=False),
        sa.Column("planned_by_id", sa.Integer(), nullable=True),
        sa.Column("planned_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name="fk_appointment_series_organization_id_organization"
        ),
        sa.ForeignKeyConstraint(
            ["planned_by_id"], ["user_account.id"], name="fk_appointment_series_planned_by_id_user_account"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_appointment_series"),
    )
    op.create_index("ix_appointment_series_organization_id", "appointment_series", ["organization_id"])
    belongs = sa.ForeignKey("appointment_series.id", name="fk_appointment_series_id_appointment_series")
    op.add_column("appointment", sa.Column("series_id", sa.Integer(), belongs, nullable=True), inline_references=True)
    op.create_index("ix_appointment_series_id", "appointment", ["series_id"])


def downgrade() -> None:
    op.drop_index("ix_appointment_series_id", "appointment")
    op.drop_column("appointment", "series_id")
    op.drop_table("appointment_series")
