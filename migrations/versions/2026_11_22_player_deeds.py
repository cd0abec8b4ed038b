"""Who hid, restored, merged and separated players."""

import sqlalchemy as sa
from alembic import op

revision = "player_deeds"
down_revision = "followers"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "player_deed",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("player_id", sa.Integer(), nullable=False),
        sa.Column("other_id", sa.Integer(), nullable=True),
        sa.Column("change", sa.String(32), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("other_before", sa.JSON(), nullable=False),
        sa.Column("moved", sa.JSON(), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["player_id"], ["player.id"], name="fk_player_deed_player_id_player"),
        sa.ForeignKeyConstraint(["other_id"], ["player.id"], name="fk_player_deed_other_id_player"),
        sa.ForeignKeyConstraint(["actor_id"], ["user_account.id"], name="fk_player_deed_actor_id_user_account"),
    )
    op.create_index("ix_player_deed_player_id", "player_deed", ["player_id"])
    op.create_index("ix_player_deed_other_id", "player_deed", ["other_id"])


def downgrade() -> None:
    op.drop_table("player_deed")
