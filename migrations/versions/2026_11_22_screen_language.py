"""The second language of the waiting room's screen."""

import sqlalchemy as sa
from alembic import op

revision = "screen_language"
down_revision = "imports"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("screen", sa.Column("second_language", sa.String(length=32), nullable=True))


def downgrade() -> None:
    op.drop_column("screen", "second_language")
