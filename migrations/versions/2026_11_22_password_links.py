"""One-time links by which people choose their password."""

import sqlalchemy as sa
from alembic import op

revision = "password_links"
down_revision = "staff"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "password_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("code_hash", sa.String(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name="fk_password_link_user_id_user_account"),
        sa.PrimaryKeyConstraint("id", name="pk_password_link"),
        sa.UniqueConstraint("user_id", name="uq_password_link_user_id"),
        sa.UniqueConstraint("code_hash", name="uq_password_link_code_hash"),
    )


def downgrade() -> None:
    op.drop_table("password_link")
