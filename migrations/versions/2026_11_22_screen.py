"""The link of the waiting room's screen."""

import sqlalchemy as sa
from alembic import op

revision = "screen"
down_revision = "recalls"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "screen",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name="fk_screen_organization_id_organization"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_screen"),
        sa.UniqueConstraint("code", name="uq_screen_code"),
        sa.UniqueConstraint("organization_id", name="uq_screen_organization_id"),
    )
    op.create_index("ix_screen_organization_id", "screen", ["organization_id"])


def downgrade() -> None:
    op.drop_table("screen")
