"""A tournament plays at tables that were chosen, and not at the first ones of the list."""

import sqlalchemy as sa
from alembic import op

revision = "tournament_tables"
down_revision = "groups"
branch_labels = None
depends_on = None

TOURNAMENT = sa.table(
    "tournament",
    sa.column("id", sa.Integer),
    sa.column("club_id", sa.Integer),
    sa.column("tables", sa.Integer),
    sa.column("table_numbers", sa.JSON),
)
COURT = sa.table(
    "court",
    sa.column("club_id", sa.Integer),
    sa.column("number", sa.Integer),
    sa.column("place", sa.Integer),
    sa.column("retired_at", sa.DateTime(timezone=True)),
)


def upgrade() -> None:
    op.add_column("tournament", sa.Column("table_numbers", sa.JSON(), nullable=False, server_default="[]"))
    connection = op.get_bind()
    listed: dict[int, list[int]] = {}
    courts = sa.select(COURT.c.club_id, COURT.c.number).where(COURT.c.retired_at.is_(None)).order_by(COURT.c.place)
    for club, number in connection.execute(courts):
        listed.setdefault(club, []).append(number)
    for tournament in connection.execute(sa.select(TOURNAMENT)).all():
        numbers = listed.get(tournament.club_id) or list(range(1, tournament.tables + 1))
        chosen = TOURNAMENT.update().where(TOURNAMENT.c.id == tournament.id)
        connection.execute(chosen.values(table_numbers=numbers[: tournament.tables]))
    op.drop_column("tournament", "tables")


def downgrade() -> None:
    op.add_column("tournament", sa.Column("tables", sa.Integer(), nullable=False, server_default="1"))
    connection = op.get_bind()
    for tournament in connection.execute(sa.select(TOURNAMENT)).all():
        counted = TOURNAMENT.update().where(TOURNAMENT.c.id == tournament.id)
        connection.execute(counted.values(tables=max(1, len(tournament.table_numbers))))
    op.drop_column("tournament", "table_numbers")
