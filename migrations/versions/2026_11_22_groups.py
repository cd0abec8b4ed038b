"""Tournaments may begin in groups; the bracket after them is stored with who drew it."""

import sqlalchemy as sa
from alembic import op

revision = "groups"
down_revision = "walk"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("tournament", sa.Column("advance", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("entrant", sa.Column("group_number", sa.Integer(), nullable=True))
    op.add_column("entrant", sa.Column("bracket_seed", sa.Integer(), nullable=True))


def downgrade() -> None:
    op.drop_column("entrant", "bracket_seed")
    op.drop_column("entrant", "group_number")
    op.drop_column("tournament", "advance")
