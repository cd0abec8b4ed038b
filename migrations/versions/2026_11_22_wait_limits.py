"""The minutes from which a wait is shown as long and as too long."""

import sqlalchemy as sa
from alembic import op

revision = "wait_limits"
down_revision = "waitlist"
branch_labels = None
depends_on = None

LIMITS = {"warm_minutes": "10", "long_minutes": "20"}


def upgrade() -> None:
    for name, usual in LIMITS.items():
        op.add_column("organization", sa.Column(name, sa.Integer(), nullable=False, server_default=usual))


def downgrade() -> None:
    for name in LIMITS:
        op.drop_column("organization", name)
