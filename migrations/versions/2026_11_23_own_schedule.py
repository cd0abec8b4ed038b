"""Whether practitioners see only their own schedule and patients."""

import sqlalchemy as sa
from alembic import op

revision = "own_schedule"
down_revision = "password_links"
branch_labels = None
depends_on = None


def upgrade() -> None:
    kept = sa.Column("practitioners_see_own", sa.Boolean(), nullable=False, server_default=sa.false())
    op.add_column("organization", kept)


def downgrade() -> None:
    op.drop_column("organization", "practitioners_see_own")
