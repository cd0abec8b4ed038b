"""Merging two cards of one person."""

import sqlalchemy as sa
from alembic import op

revision = "merging"
down_revision = "wait_limits"
branch_labels = None
depends_on = None


def upgrade() -> None:
    key = sa.ForeignKey("patient.id", name="fk_patient_merged_into_id_patient")
    op.add_column("patient", sa.Column("merged_into_id", sa.Integer(), key, nullable=True), inline_references=True)
    op.create_index("ix_patient_organization_id_merged_into_id", "patient", ["organization_id", "merged_into_id"])
    op.create_table(
        "patient_merge",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column("kept_id", sa.Integer(), nullable=False),
        sa.Column("gone_id", sa.Integer(), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("kept_before", sa.JSON(), nullable=False),
        sa.Column("kept_after", sa.JSON(), nullable=False),
        sa.Column("gone_before", sa.JSON(), nullable=False),
        sa.Column("moved", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name="fk_patient_merge_organization_id_organization"
        ),
        sa.ForeignKeyConstraint(["kept_id"], ["patient.id"], name="fk_patient_merge_kept_id_patient"),
        sa.ForeignKeyConstraint(["gone_id"], ["patient.id"], name="fk_patient_merge_gone_id_patient"),
        sa.ForeignKeyConstraint(["actor_id"], ["user_account.id"], name="fk_patient_merge_actor_id_user_account"),
        sa.PrimaryKeyConstraint("id", name="pk_patient_merge"),
    )
    for column in ("organization_id", "kept_id", "gone_id"):
        op.create_index(f"ix_patient_merge_{column}", "patient_merge", [column])


def downgrade() -> None:
    op.drop_table("patient_merge")
    op.drop_index("ix_patient_organization_id_merged_into_id", "patient")
    op.drop_column("patient", "merged_into_id")
