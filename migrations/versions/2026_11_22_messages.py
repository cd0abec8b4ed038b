"""A patient's mail address and language of messages."""

import sqlalchemy as sa
from alembic import op

revision = "messages"
down_revision = "screen"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("patient", sa.Column("email", sa.String(), nullable=True))
    op.add_column("patient", sa.Column("messages", sa.String(length=32), nullable=True))


def downgrade() -> None:
    op.drop_column("patient", "messages")
    op.drop_column("patient", "email")
