"""The reason for the correction of an old rally."""

import sqlalchemy as sa
from alembic import op

revision = "corrections"
down_revision = "guest_passes"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("log_entry", sa.Column("reason", sa.String(), nullable=False, server_default=""))


def downgrade() -> None:
    with op.batch_alter_table("log_entry") as table:
        table.drop_column("reason")
