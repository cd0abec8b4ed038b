"""Sign-ins are records that can be ended on the server."""

import sqlalchemy as sa
from alembic import op

revision = "sign_ins"
down_revision = "club"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "sign_in",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name="fk_sign_in_user_id_user_account"),
        sa.PrimaryKeyConstraint("id", name="pk_sign_in"),
        sa.UniqueConstraint("key", name="uq_sign_in_key"),
    )
    op.create_index("ix_sign_in_user_id", "sign_in", ["user_id"])


def downgrade() -> None:
    op.drop_table("sign_in")
