"""The club: players, matches and their logs."""

import sqlalchemy as sa
from alembic import op

revision = "club"
down_revision = "clinic"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "club",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("about", sa.String(), nullable=False),
        sa.Column("is_public", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"], name="fk_club_organization_id_organization"),
        sa.PrimaryKeyConstraint("id", name="pk_club"),
    )
    op.create_index("ix_club_organization_id", "club", ["organization_id"])

    op.create_table(
        "player",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("club_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["club_id"], ["club.id"], name="fk_player_club_id_club"),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name="fk_player_user_id_user_account"),
        sa.PrimaryKeyConstraint("id", name="pk_player"),
    )
    op.create_index("ix_player_club_id", "player", ["club_id"])

    op.create_table(
        "club_match",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("club_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("ruleset_code", sa.String(), nullable=False),
        sa.Column("first_server", sa.String(length=32), nullable=False),
        sa.Column("table_number", sa.Integer(), nullable=True),
        sa.Column("started_by_id", sa.Integer(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("log_length", sa.Integer(), nullable=False),
        sa.Column("points_a", sa.Integer(), nullable=False),
        sa.Column("points_b", sa.Integer(), nullable=False),
        sa.Column("games", sa.JSON(), nullable=False),
        sa.Column("server", sa.String(length=32), nullable=True),
        sa.Column("winner", sa.String(length=32), nullable=True),
        sa.ForeignKeyConstraint(["club_id"], ["club.id"], name="fk_club_match_club_id_club"),
        sa.ForeignKeyConstraint(
            ["started_by_id"], ["user_account.id"], name="fk_club_match_started_by_id_user_account"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_club_match"),
    )
    op.create_index("ix_club_match_club_id_ended_at", "club_match", ["club_id", "ended_at"])

    op.create_table(
        "match_player",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("match_id", sa.Integer(), nullable=False),
        sa.Column("side", sa.String(length=32), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("player_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.CheckConstraint("place IN (1, 2)", name="ck_match_player_place"),
        sa.ForeignKeyConstraint(["match_id"], ["club_match.id"], name="fk_match_player_match_id_club_match"),
        sa.ForeignKeyConstraint(["player_id"], ["player.id"], name="fk_match_player_player_id_player"),
        sa.PrimaryKeyConstraint("id", name="pk_match_player"),
        sa.UniqueConstraint("match_id", "side", "place", name="uq_match_player_match_id_side_place"),
        sa.UniqueConstraint("match_id", "player_id", name="uq_match_player_match_id_player_id"),
    )
    op.create_index("ix_match_player_player_id", "match_player", ["player_id"])

    op.create_table(
        "log_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("match_id", sa.Integer(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("tap_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("side", sa.String(length=32), nullable=True),
        sa.Column("target", sa.Integer(), nullable=True),
        sa.Column("actor_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["user_account.id"], name="fk_log_entry_actor_id_user_account"),
        sa.ForeignKeyConstraint(["match_id"], ["club_match.id"], name="fk_log_entry_match_id_club_match"),
        sa.PrimaryKeyConstraint("id", name="pk_log_entry"),
        sa.UniqueConstraint("match_id", "seq", name="uq_log_entry_match_id_seq"),
        sa.UniqueConstraint("match_id", "tap_id", name="uq_log_entry_match_id_tap_id"),
    )


def downgrade() -> None:
    for table in ("log_entry", "match_player", "club_match", "player", "club"):
        op.drop_table(table)
