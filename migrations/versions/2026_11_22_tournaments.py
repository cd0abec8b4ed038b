"""Tournaments: their entrants and matches."""

import sqlalchemy as sa
from alembic import op

revision = "tournaments"
down_revision = "calendars"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "tournament",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("club_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("system", sa.String(length=32), nullable=False),
        sa.Column("ruleset_code", sa.String(), nullable=False),
        sa.Column("tables", sa.Integer(), nullable=False),
        sa.Column("has_third", sa.Boolean(), nullable=False),
        sa.Column("opened_by_id", sa.Integer(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["club_id"], ["club.id"], name="fk_tournament_club_id_club"),
        sa.ForeignKeyConstraint(["opened_by_id"], ["user_account.id"], name="fk_tournament_opened_by_id_user_account"),
        sa.PrimaryKeyConstraint("id", name="pk_tournament"),
    )
    op.create_index("ix_tournament_club_id", "tournament", ["club_id"])

    op.create_table(
        "entrant",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("tournament_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("player_id", sa.Integer(), nullable=False),
        sa.Column("partner_id", sa.Integer(), nullable=True),
        sa.Column("withdrew_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["tournament_id"], ["tournament.id"], name="fk_entrant_tournament_id_tournament"),
        sa.ForeignKeyConstraint(["player_id"], ["player.id"], name="fk_entrant_player_id_player"),
        sa.ForeignKeyConstraint(["partner_id"], ["player.id"], name="fk_entrant_partner_id_player"),
        sa.PrimaryKeyConstraint("id", name="pk_entrant"),
        sa.UniqueConstraint("tournament_id", "number", name="uq_entrant_tournament_id_number"),
    )
    op.create_index("ix_entrant_player_id", "entrant", ["player_id"])
    op.create_index("ix_entrant_partner_id", "entrant", ["partner_id"])

    with op.batch_alter_table("club_match") as table:
        table.add_column(sa.Column("tournament_id", sa.Integer(), nullable=True))
        table.add_column(sa.Column("tie_number", sa.Integer(), nullable=True))
        table.create_foreign_key("fk_club_match_tournament_id_tournament", "tournament", ["tournament_id"], ["id"])
        table.create_index("ix_club_match_tournament_id", ["tournament_id"])


def downgrade() -> None:
    with op.batch_alter_table("club_match") as table:
        table.drop_index("ix_club_match_tournament_id")
        table.drop_constraint("fk_club_match_tournament_id_tournament", type_="foreignkey")
        table.drop_column("tie_number")
        table.drop_column("tournament_id")
    for each in ("entrant", "tournament"):
        op.drop_table(each)
