"""Joint changes of visits: a practitioner's whole day as before, and now also a series."""

import sqlalchemy as sa
from alembic import op

revision = "joint_changes"
down_revision = "corrections"
branch_labels = None
depends_on = None

HOW_MANY = "(SELECT count(*) FROM joint_change_line WHERE joint_change_id = joint_change.id)"
ONE_IS_CANCELLED = """EXISTS (
    SELECT 1 FROM joint_change_line JOIN appointment ON appointment.id = joint_change_line.appointment_id
    WHERE joint_change_id = joint_change.id AND appointment.status = 'cancelled'
)"""


def upgrade() -> None:
    _rename("day_change", "joint_change")
    op.add_column("joint_change", sa.Column("deed", sa.String(length=32), nullable=False, server_default="day-moved"))
    op.add_column("joint_change", sa.Column("size", sa.Integer(), nullable=False, server_default="0"))
    op.execute(f"UPDATE joint_change SET size = {HOW_MANY}")
    op.execute(f"UPDATE joint_change SET deed = 'day-cancelled' WHERE {ONE_IS_CANCELLED}")
    op.create_index("ix_joint_change_organization_id_made_at", "joint_change", ["organization_id", "made_at"])
    op.create_index("ix_joint_change_line_appointment_id", "joint_change_line", ["appointment_id"])


def downgrade() -> None:
    of_series = "SELECT id FROM joint_change WHERE deed LIKE 'series-%'"
    op.execute(f"DELETE FROM joint_change_line WHERE joint_change_id IN ({of_series})")
    op.execute("DELETE FROM joint_change WHERE deed LIKE 'series-%'")
    op.drop_index("ix_joint_change_line_appointment_id", "joint_change_line")
    op.drop_index("ix_joint_change_organization_id_made_at", "joint_change")
    op.drop_column("joint_change", "size")
    op.drop_column("joint_change", "deed")
    _rename("joint_change", "day_change")


def _rename(before: str, after: str) -> None:
    """The table, its lines and their indexes."""
    indexes = (("", "organization_id"), ("", "practitioner_id"), ("_line", f"{before}_id"))
    for suffix, column in indexes:
        op.drop_index(f"ix_{before}{suffix}_{column}", f"{before}{suffix}")
    op.rename_table(before, after)
    op.rename_table(f"{before}_line", f"{after}_line")
    op.execute(f"ALTER TABLE {after}_line RENAME COLUMN {before}_id TO {after}_id")
    for suffix, column in indexes:
        named = column.replace(before, after)
        op.create_index(f"ix_{after}{suffix}_{named}", f"{after}{suffix}", [named])
