"""Imports of patients: staged tables, and the results of loaded ones."""

import sqlalchemy as sa
from alembic import op

revision = "imports"
down_revision = "seats"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "patient_import",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=False),
        sa.Column("file_name", sa.String(), nullable=False),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("loaded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("headings", sa.JSON(), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("cells", sa.JSON(), nullable=False),
        sa.Column("judgement", sa.JSON(), nullable=False),
        sa.Column("new", sa.Integer(), nullable=False),
        sa.Column("known", sa.Integer(), nullable=False),
        sa.Column("wrong", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name="fk_patient_import_organization_id_organization"
        ),
        sa.ForeignKeyConstraint(["actor_id"], ["user_account.id"], name="fk_patient_import_actor_id_user_account"),
        sa.PrimaryKeyConstraint("id", name="pk_patient_import"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_patient_import_organization_id", "patient_import", ["organization_id"])


def downgrade() -> None:
    op.drop_table("patient_import")
