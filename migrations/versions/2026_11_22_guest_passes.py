"""Guest passes for scorers without an account; a log line is written by a user or a guest."""

import sqlalchemy as sa
from alembic import op

revision = "guest_passes"
down_revision = "players"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "guest_pass",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("topic", sa.String(), nullable=False),
        sa.Column("seed", sa.String(), nullable=False),
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("code_hash", sa.String(), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["made_by_id"], ["user_account.id"], name="fk_guest_pass_made_by_id_user_account"),
        sa.PrimaryKeyConstraint("id", name="pk_guest_pass"),
        sa.UniqueConstraint("token_hash", name="uq_guest_pass_token_hash"),
    )
    op.create_index("ix_guest_pass_topic", "guest_pass", ["topic"])
    op.create_index("ix_guest_pass_code_hash", "guest_pass", ["code_hash"])
    with op.batch_alter_table("log_entry") as table:
        table.alter_column("actor_id", existing_type=sa.Integer(), nullable=True)
        table.add_column(sa.Column("pass_id", sa.Integer(), nullable=True))
        table.create_foreign_key("fk_log_entry_pass_id_guest_pass", "guest_pass", ["pass_id"], ["id"])


def downgrade() -> None:
    op.execute(
        "UPDATE log_entry SET actor_id = (SELECT made_by_id FROM guest_pass WHERE id = pass_id) WHERE actor_id IS NULL"
    )
    with op.batch_alter_table("log_entry") as table:
        table.drop_constraint("fk_log_entry_pass_id_guest_pass", type_="foreignkey")
        table.drop_column("pass_id")
        table.alter_column("actor_id", existing_type=sa.Integer(), nullable=False)
    op.drop_table("guest_pass")
