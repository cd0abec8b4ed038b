"""Changes of a practitioner's whole day, and the list of people to call."""

import sqlalchemy as sa
from alembic import op

revision = "day_changes"
down_revision = "series"
branch_labels = None
depends_on = None


def _to(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=f"fk_{table}_{column}_{target}")


def upgrade() -> None:
    op.create_table(
        "day_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column("practitioner_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        _to("day_change", "organization_id", "organization"),
        _to("day_change", "practitioner_id", "practitioner"),
        _to("day_change", "made_by_id", "user_account"),
        sa.PrimaryKeyConstraint("id", name="pk_day_change"),
    )
    op.create_index("ix_day_change_organization_id", "day_change", ["organization_id"])
    op.create_index("ix_day_change_practitioner_id", "day_change", ["practitioner_id"])
    op.create_table(
        "day_change_line",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("day_change_id", sa.Integer(), nullable=False),
        sa.Column("appointment_id", sa.Integer(), nullable=False),
        sa.Column("practitioner_id", sa.Integer(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status", sa.String(length=32), nullable=False),
        sa.Column("status_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("called_at", sa.DateTime(timezone=True), nullable=True),
        _to("day_change_line", "day_change_id", "day_change"),
        _to("day_change_line", "appointment_id", "appointment"),
        _to("day_change_line", "practitioner_id", "practitioner"),
        sa.PrimaryKeyConstraint("id", name="pk_day_change_line"),
    )
    op.create_index("ix_day_change_line_day_change_id", "day_change_line", ["day_change_id"])


def downgrade() -> None:
    op.drop_table("day_change_line")
    op.drop_table("day_change")
