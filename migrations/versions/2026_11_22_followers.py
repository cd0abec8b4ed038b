"""Browsers that follow clubs and players, and the outbox of notifications."""

import sqlalchemy as sa
from alembic import op

revision = "followers"
down_revision = "tickets_returned"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "follower",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("endpoint", sa.String(), nullable=False),
        sa.Column("public_key", sa.String(), nullable=False),
        sa.Column("secret", sa.String(), nullable=False),
        sa.Column("language", sa.String(32), nullable=False),
        sa.Column("sign_in_id", sa.Integer(), sa.ForeignKey("sign_in.id", ondelete="SET NULL")),
        sa.UniqueConstraint("endpoint"),
    )
    op.create_index("ix_follower_sign_in_id", "follower", ["sign_in_id"])
    op.create_table(
        "follow",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("follower_id", sa.Integer(), sa.ForeignKey("follower.id", ondelete="CASCADE"), nullable=False),
        sa.Column("club_id", sa.Integer(), sa.ForeignKey("club.id"), nullable=False),
        sa.Column("topic", sa.String(), nullable=False),
        sa.Column("since", MOMENT, nullable=False),
        sa.UniqueConstraint("follower_id", "topic"),
    )
    op.create_index("ix_follow_club_id", "follow", ["club_id"])
    op.create_index("ix_follow_topic", "follow", ["topic"])
    _create_notices()


def _create_notices() -> None:
    op.create_table(
        "notice",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("follower_id", sa.Integer(), sa.ForeignKey("follower.id", ondelete="CASCADE"), nullable=False),
        sa.Column("match_id", sa.Integer(), sa.ForeignKey("club_match.id"), nullable=False),
        sa.Column("occasion", sa.String(32), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("state_since", MOMENT, nullable=False),
        sa.Column("next_try_at", MOMENT, nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.UniqueConstraint("follower_id", "match_id", "occasion"),
    )
    op.create_index("ix_notice_match_id", "notice", ["match_id"])
    op.create_index("ix_notice_state_next_try_at", "notice", ["state", "next_try_at"])


def downgrade() -> None:
    for table in ("notice", "follow", "follower"):
        op.drop_table(table)
