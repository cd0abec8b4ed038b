"""Names of players are unique in a club and searchable; players can be hidden and merged."""

import sqlalchemy as sa
from alembic import op

from models.club.player import SORTED_LENGTH, name_key
from rules.names import sort_key

revision = "players"
down_revision = "tournaments"
branch_labels = None
depends_on = None

PLAYER = sa.table(
    "player",
    *(sa.column(name) for name in ("id", "club_id", "name", "name_key", "sort_key", "user_id")),
)


def upgrade() -> None:
    key = sa.ForeignKey("player.id", name="fk_player_merged_into_id_player")
    op.add_column("player", sa.Column("merged_into_id", sa.Integer(), key, nullable=True), inline_references=True)
    op.add_column("player", sa.Column("is_hidden", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("player", sa.Column("sort_key", sa.String(), nullable=False, server_default=""))
    op.add_column("player", sa.Column("name_key", sa.String(), nullable=True))
    _tell_apart()
    op.create_index("uq_player_club_id_name_key", "player", ["club_id", "name_key"], unique=True)
    op.create_index("uq_player_club_id_user_id", "player", ["club_id", "user_id"], unique=True)
    op.create_index("ix_player_club_id_sort_key", "player", ["club_id", "sort_key"])


def _tell_apart() -> None:
    """Numbers the namesakes of a club; of two players with one account the first keeps it."""
    connection, seen = op.get_bind(), set[tuple[int, object]]()
    for row in connection.execute(sa.select(PLAYER).order_by(PLAYER.c.id)).all():
        name, number = row.name, 1
        while (row.club_id, name_key(name)) in seen:
            number += 1
            name = f"{row.name} {number}"
        user_id = None if (row.club_id, row.user_id) in seen else row.user_id
        seen |= {(row.club_id, name_key(name)), (row.club_id, user_id)}
        told = {"name": name, "name_key": name_key(name), "sort_key": sort_key(name[:SORTED_LENGTH])}
        connection.execute(sa.update(PLAYER).where(PLAYER.c.id == row.id).values(user_id=user_id, **told))


def downgrade() -> None:
    for index in ("ix_player_club_id_sort_key", "uq_player_club_id_user_id", "uq_player_club_id_name_key"):
        op.drop_index(index, "player")
    for column in ("name_key", "sort_key", "is_hidden", "merged_into_id"):
        op.drop_column("player", column)
