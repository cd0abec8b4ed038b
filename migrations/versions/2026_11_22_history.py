"""The history of the clinic's records: who did what, when, and what changed."""

import sqlalchemy as sa
from alembic import op

revision = "history"
down_revision = "availability"
branch_labels = None
depends_on = None

INDEXES = {
    "ix_audit_event_organization_id": ["organization_id"],
    "ix_audit_event_appointment_id": ["appointment_id"],
    "ix_audit_event_organization_id_at": ["organization_id", "at", "id"],
    "ix_audit_event_actor_id_at": ["organization_id", "actor_id", "at", "id"],
    "ix_audit_event_deed_at": ["organization_id", "deed", "at", "id"],
    "ix_audit_event_patient_id_at": ["patient_id", "at", "id"],
}


def upgrade() -> None:
    op.create_table(
        "audit_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("deed", sa.String(length=32), nullable=False),
        sa.Column("patient_id", sa.Integer(), nullable=True),
        sa.Column("appointment_id", sa.Integer(), nullable=True),
        sa.Column("changes", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name="fk_audit_event_organization_id_organization"
        ),
        sa.ForeignKeyConstraint(["actor_id"], ["user_account.id"], name="fk_audit_event_actor_id_user_account"),
        sa.ForeignKeyConstraint(["patient_id"], ["patient.id"], name="fk_audit_event_patient_id_patient"),
        sa.ForeignKeyConstraint(
            ["appointment_id"], ["appointment.id"], name="fk_audit_event_appointment_id_appointment"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_audit_event"),
    )
    for name, columns in INDEXES.items():
        op.create_index(name, "audit_event", columns)


def downgrade() -> None:
    op.drop_table("audit_event")
