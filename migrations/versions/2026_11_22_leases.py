"""The current scorer of a match."""

import sqlalchemy as sa
from alembic import op

revision = "leases"
down_revision = "screen_language"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("club_match") as table:
        table.add_column(sa.Column("holder_id", sa.Integer(), nullable=True))
        table.add_column(sa.Column("holder_pass_id", sa.Integer(), nullable=True))
        table.add_column(sa.Column("held_at", sa.DateTime(timezone=True), nullable=True))
        table.create_foreign_key("fk_club_match_holder_id_user_account", "user_account", ["holder_id"], ["id"])
        table.create_foreign_key("fk_club_match_holder_pass_id_guest_pass", "guest_pass", ["holder_pass_id"], ["id"])


def downgrade() -> None:
    with op.batch_alter_table("club_match") as table:
        table.drop_constraint("fk_club_match_holder_pass_id_guest_pass", type_="foreignkey")
        table.drop_constraint("fk_club_match_holder_id_user_account", type_="foreignkey")
        table.drop_column("held_at")
        table.drop_column("holder_pass_id")
        table.drop_column("holder_id")
