"""A club's tables have names and an order, with one open match per table."""

import sqlalchemy as sa
from alembic import op

revision = "courts"
down_revision = "imports_undone"
branch_labels = None
depends_on = None

# Every table number that a club has used becomes a table in its list.
LISTED = """
INSERT INTO court (club_id, number, name, place)
SELECT club_id, table_number, (CASE WHEN MIN(sport) = 'table-tennis' AND MAX(sport) = 'table-tennis'
    THEN 'Стол ' ELSE 'Корт ' END) || table_number, ROW_NUMBER() OVER (PARTITION BY club_id ORDER BY table_number)
FROM club_match WHERE table_number IS NOT NULL GROUP BY club_id, table_number
"""
# If two matches are open at one table, the newest one keeps it.
HELD = """
UPDATE club_match SET held_table = table_number WHERE id IN (
    SELECT MAX(id) FROM club_match WHERE ended_at IS NULL AND abandoned_at IS NULL AND table_number IS NOT NULL
    GROUP BY club_id, table_number)
"""


def upgrade() -> None:
    op.create_table(
        "court",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("club_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["club_id"], ["club.id"], name=op.f("fk_court_club_id_club")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_court")),
        sa.UniqueConstraint("club_id", "number", name=op.f("uq_court_club_id_number")),
        sa.UniqueConstraint("club_id", "name", name=op.f("uq_court_club_id_name")),
    )
    op.add_column("club_match", sa.Column("table_name", sa.String(), nullable=False, server_default=""))
    op.add_column("club_match", sa.Column("held_table", sa.Integer(), nullable=True))
    op.execute(LISTED)
    op.execute(HELD)
    op.create_index("uq_club_match_club_id_held_table", "club_match", ["club_id", "held_table"], unique=True)


def downgrade() -> None:
    op.drop_index("uq_club_match_club_id_held_table", "club_match")
    op.drop_column("club_match", "held_table")
    op.drop_column("club_match", "table_name")
    op.drop_table("court")
