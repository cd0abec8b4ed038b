"""Rooms can be closed and have unique names, and a service may need a room of its own."""

import sqlalchemy as sa
from alembic import op

revision = "rooms"
down_revision = "messages"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("room", sa.Column("is_open", sa.Boolean(), nullable=False, server_default=sa.true()))
    op.create_index("uq_room_organization_id_name", "room", ["organization_id", "name"], unique=True)
    needed = sa.Column("room_id", sa.Integer(), sa.ForeignKey("room.id", name="fk_service_room_id_room"), nullable=True)
    op.add_column("service", needed, inline_references=True)


def downgrade() -> None:
    op.drop_column("service", "room_id")
    op.drop_index("uq_room_organization_id_name", "room")
    op.drop_column("room", "is_open")
