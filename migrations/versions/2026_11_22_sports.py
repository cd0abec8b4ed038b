"""Matches of all sports: more fields of a log line, and the score at which games begin."""

import sqlalchemy as sa
from alembic import op

revision = "sports"
down_revision = "holds"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("log_entry") as table:
        table.add_column(sa.Column("details", sa.JSON(), nullable=False, server_default="{}"))
    with op.batch_alter_table("club_match") as table:
        table.add_column(sa.Column("handicap_a", sa.Integer(), nullable=False, server_default="0"))
        table.add_column(sa.Column("handicap_b", sa.Integer(), nullable=False, server_default="0"))


def downgrade() -> None:
    with op.batch_alter_table("club_match") as table:
        table.drop_column("handicap_b")
        table.drop_column("handicap_a")
    with op.batch_alter_table("log_entry") as table:
        table.drop_column("details")
