"""Holds: times for which somebody is filling in a booking."""

import sqlalchemy as sa
from alembic import op

revision = "holds"
down_revision = "revisions"
branch_labels = None
depends_on = None

REFERENCES = {"organization_id": "organization", "user_id": "user_account", "practitioner_id": "practitioner"}


def upgrade() -> None:
    op.create_table(
        "hold",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("practitioner_id", sa.Integer(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        *(
            sa.ForeignKeyConstraint([column], [f"{table}.id"], name=f"fk_hold_{column}_{table}")
            for column, table in REFERENCES.items()
        ),
        sa.UniqueConstraint("organization_id", "user_id", name="uq_hold_organization_id_user_id"),
        sa.PrimaryKeyConstraint("id", name="pk_hold"),
    )
    op.create_index("ix_hold_organization_id", "hold", ["organization_id"])
    op.create_index("ix_hold_practitioner_id", "hold", ["practitioner_id"])


def downgrade() -> None:
    op.drop_table("hold")
