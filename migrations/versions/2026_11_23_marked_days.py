"""A change of several visits that was made from the whole board and not from one practitioner's column."""

import sqlalchemy as sa
from alembic import op

revision = "marked_days"
down_revision = "own_schedule"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("joint_change") as table:
        table.alter_column("practitioner_id", existing_type=sa.Integer(), nullable=True)


def downgrade() -> None:
    whole = "(SELECT id FROM joint_change WHERE practitioner_id IS NULL)"
    op.execute(f"DELETE FROM joint_change_line WHERE joint_change_id IN {whole}")
    op.execute("DELETE FROM joint_change WHERE practitioner_id IS NULL")
    with op.batch_alter_table("joint_change") as table:
        table.alter_column("practitioner_id", existing_type=sa.Integer(), nullable=False)
