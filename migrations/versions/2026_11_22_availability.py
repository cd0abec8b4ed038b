"""Absences, a clinic's holidays and extra hours."""

import sqlalchemy as sa
from alembic import op

revision = "availability"
down_revision = "sign_ins"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "availability_exception",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column("practitioner_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("marked_by_id", sa.Integer(), nullable=True),
        sa.Column("marked_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("starts_at < ends_at", name="ck_availability_exception_order"),
        sa.CheckConstraint("practitioner_id IS NOT NULL OR kind = 'closed'", name="ck_availability_exception_whose"),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name="fk_availability_exception_organization_id_organization"
        ),
        sa.ForeignKeyConstraint(
            ["practitioner_id"], ["practitioner.id"], name="fk_availability_exception_practitioner_id_practitioner"
        ),
        sa.ForeignKeyConstraint(
            ["marked_by_id"], ["user_account.id"], name="fk_availability_exception_marked_by_id_user_account"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_availability_exception"),
    )
    op.create_index("ix_availability_exception_organization_id", "availability_exception", ["organization_id"])
    op.create_index(
        "ix_availability_exception_organization_id_ends_at", "availability_exception", ["organization_id", "ends_at"]
    )
    op.create_index("ix_availability_exception_practitioner_id", "availability_exception", ["practitioner_id"])


def downgrade() -> None:
    op.drop_table("availability_exception")
