"""A visit's state before each change of its booking."""

import sqlalchemy as sa
from alembic import op

revision = "revisions"
down_revision = "search"
branch_labels = None
depends_on = None

REFERENCES = {
    "organization_id": "organization",
    "appointment_id": "appointment",
    "actor_id": "user_account",
    "patient_id": "patient",
    "practitioner_id": "practitioner",
    "service_id": "service",
    "room_id": "room",
}
INDEXES = {
    "ix_appointment_revision_organization_id": ["organization_id"],
    "ix_appointment_revision_appointment_id": ["appointment_id"],
    "ix_appointment_revision_organization_id_at": ["organization_id", "at"],
}


def upgrade() -> None:
    op.create_table(
        "appointment_revision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column("appointment_id", sa.Integer(), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("patient_id", sa.Integer(), nullable=False),
        sa.Column("practitioner_id", sa.Integer(), nullable=False),
        sa.Column("service_id", sa.Integer(), nullable=True),
        sa.Column("room_id", sa.Integer(), nullable=True),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("overbooked", sa.Boolean(), nullable=False),
        *(
            sa.ForeignKeyConstraint([column], [f"{table}.id"], name=f"fk_appointment_revision_{column}_{table}")
            for column, table in REFERENCES.items()
        ),
        sa.PrimaryKeyConstraint("id", name="pk_appointment_revision"),
    )
    for name, columns in INDEXES.items():
        op.create_index(name, "appointment_revision", columns)


def downgrade() -> None:
    op.drop_table("appointment_revision")
