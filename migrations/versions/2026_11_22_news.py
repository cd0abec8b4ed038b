"""The time up to which a person has read what others did at the desk."""

import sqlalchemy as sa
from alembic import op

revision = "news"
down_revision = "merging"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "news_look",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name="fk_news_look_organization_id_organization"
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name="fk_news_look_user_id_user_account"),
        sa.PrimaryKeyConstraint("id", name="pk_news_look"),
        sa.UniqueConstraint("organization_id", "user_id", name="uq_news_look_organization_id_user_id"),
    )
    op.create_index("ix_news_look_organization_id", "news_look", ["organization_id"])


def downgrade() -> None:
    op.drop_table("news_look")
