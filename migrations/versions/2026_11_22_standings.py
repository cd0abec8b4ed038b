"""Players' statistics and ratings, the sport of each match, and matches that are not rated yet."""

import sqlalchemy as sa
from alembic import op

from rules.scoring.sports import LAWS

revision = "standings"
down_revision = "idling"
branch_labels = None
depends_on = None

TALLY = ("games_won", "games_lost", "serve_won", "serve_lost", "receive_won", "receive_lost", "longest_run")


def upgrade() -> None:
    op.add_column("club_match", sa.Column("sport", sa.String(), nullable=False, server_default=""))
    op.add_column("club_match", sa.Column("is_doubles", sa.Boolean(), nullable=False, server_default=sa.false()))
    for column in TALLY:
        op.add_column("match_player", sa.Column(column, sa.Integer(), nullable=False, server_default="0"))
    op.create_index("ix_club_match_rated", "club_match", ["club_id", "sport", "is_doubles", "started_at"])
    _create_unsettled()
    _create_standing()
    _say_what_was_played()


def _create_unsettled() -> None:
    op.create_table(
        "unsettled_match",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("club_id", sa.Integer(), nullable=False),
        sa.Column("match_id", sa.Integer(), nullable=True),
        sa.Column("sport", sa.String(), nullable=False),
        sa.Column("is_doubles", sa.Boolean(), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["club_id"], ["club.id"], name="fk_unsettled_match_club_id_club"),
        sa.PrimaryKeyConstraint("id", name="pk_unsettled_match"),
    )
    op.create_index("ix_unsettled_match_club_id", "unsettled_match", ["club_id"])


def _create_standing() -> None:
    op.create_table(
        "standing",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("club_id", sa.Integer(), nullable=False),
        sa.Column("player_id", sa.Integer(), nullable=False),
        sa.Column("sport", sa.String(), nullable=False),
        sa.Column("is_doubles", sa.Boolean(), nullable=False),
        sa.Column("week", sa.Date(), nullable=False),
        *(sa.Column(name, sa.Double(), nullable=False) for name in ("value", "deviation", "volatility")),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("matches", "won")),
        sa.Column("is_newest", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["club_id"], ["club.id"], name="fk_standing_club_id_club"),
        sa.ForeignKeyConstraint(["player_id"], ["player.id"], name="fk_standing_player_id_player"),
        sa.PrimaryKeyConstraint("id", name="pk_standing"),
    )
    week = ["player_id", "sport", "is_doubles", "week"]
    op.create_index("uq_standing_player_id_week", "standing", week, unique=True)
    op.create_index("ix_standing_ladder", "standing", ["club_id", "sport", "is_doubles", "is_newest", "value"])


def _say_what_was_played() -> None:
    connection = op.get_bind()
    for (code,) in connection.execute(sa.text("SELECT DISTINCT ruleset_code FROM club_match")).all():
        told = {"sport": LAWS[code].sport, "code": code}
        connection.execute(sa.text("UPDATE club_match SET sport = :sport WHERE ruleset_code = :code"), told)
    partners = "(SELECT match_id FROM match_player WHERE place = 2)"
    op.execute(f"UPDATE club_match SET is_doubles = {sa.true()} WHERE id IN {partners}")
    op.execute(
        "INSERT INTO unsettled_match (club_id, match_id, sport, is_doubles, began_at) "
        "SELECT club_id, id, sport, is_doubles, started_at FROM club_match WHERE winner IS NOT NULL ORDER BY id"
    )


def downgrade() -> None:
    op.drop_table("standing")
    op.drop_table("unsettled_match")
    op.drop_index("ix_club_match_rated", "club_match")
    for column in TALLY:
        op.drop_column("match_player", column)
    for column in ("sport", "is_doubles"):
        op.drop_column("club_match", column)
