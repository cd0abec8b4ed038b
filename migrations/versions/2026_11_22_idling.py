"""The time of a match's latest tap, and when it was closed as unfinished."""

import sqlalchemy as sa
from alembic import op

revision = "idling"
down_revision = "leases"
branch_labels = None
depends_on = None

HEARD = """
UPDATE club_match SET heard_at = COALESCE(
    (SELECT MAX(log_entry.at) FROM log_entry WHERE log_entry.match_id = club_match.id), started_at)
"""


def upgrade() -> None:
    with op.batch_alter_table("club_match") as table:
        table.add_column(sa.Column("heard_at", sa.DateTime(timezone=True), nullable=True))
        table.add_column(sa.Column("abandoned_at", sa.DateTime(timezone=True), nullable=True))
    op.execute(HEARD)
    with op.batch_alter_table("club_match") as table:
        table.alter_column("heard_at", existing_type=sa.DateTime(timezone=True), nullable=False)


def downgrade() -> None:
    with op.batch_alter_table("club_match") as table:
        table.drop_column("abandoned_at")
        table.drop_column("heard_at")
