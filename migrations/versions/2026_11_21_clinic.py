"""The front desk: patients, practitioners and the calendar, with constraints against double booking."""

import sqlalchemy as sa
from alembic import op

revision = "clinic"
down_revision = "accounts"
branch_labels = None
depends_on = None


OCCUPYING = "('pending', 'booked', 'arrived', 'checked-in')"
COMPETED_FOR = ("practitioner", "room", "patient")

# SQLite has no exclusion constraints; its triggers fail with the name of PostgreSQL's constraint.
TRIGGER = """
CREATE TRIGGER ex_appointment_{competed}_{moment} BEFORE {event} ON appointment
WHEN NEW.status IN {occupying} AND NOT NEW.overbooked AND EXISTS (
    SELECT 1 FROM appointment
    WHERE {competed}_id = NEW.{competed}_id AND starts_at < NEW.ends_at AND NEW.starts_at < ends_at
      AND status IN {occupying} AND NOT overbooked AND id IS NOT NEW.id
)
BEGIN SELECT RAISE(ABORT, 'ex_appointment_{competed}'); END
"""

EXCLUSION = """
ALTER TABLE appointment ADD CONSTRAINT ex_appointment_{competed} EXCLUDE USING gist
    ({competed}_id WITH =, tstzrange(starts_at, ends_at) WITH &&)
    WHERE (status IN {occupying} AND NOT overbooked)
"""


def _guard_times() -> None:
    """No overlapping visits for one practitioner, room or patient, unless one is marked as an overbooking."""
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    if not is_sqlite:
        op.execute("CREATE EXTENSION IF NOT EXISTS btree_gist")
        op.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
        op.execute("CREATE INDEX ix_patient_search_text_trigram ON patient USING gin (search_text gin_trgm_ops)")
    for competed in COMPETED_FOR:
        if not is_sqlite:
            op.execute(EXCLUSION.format(competed=competed, occupying=OCCUPYING))
            continue
        for moment, event in (("insert", "INSERT"), ("update", "UPDATE")):
            op.execute(TRIGGER.format(competed=competed, moment=moment, event=event, occupying=OCCUPYING))


def upgrade() -> None:
    op.create_table(
        "patient",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column("family_name", sa.String(), nullable=False),
        sa.Column("given_name", sa.String(), nullable=False),
        sa.Column("middle_name", sa.String(), nullable=False),
        sa.Column("phone", sa.String(), nullable=True),
        sa.Column("phone_key", sa.String(), nullable=True),
        sa.Column("birth_date", sa.Date(), nullable=True),
        sa.Column("iin", sa.String(), nullable=True),
        sa.Column("sex", sa.String(length=32), nullable=True),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("search_text", sa.String(), nullable=False),
        sa.Column("sort_key", sa.String(), nullable=False),
        sa.Column("registered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name="fk_patient_organization_id_organization"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_patient"),
        sa.UniqueConstraint("organization_id", "iin", name="uq_patient_organization_id_iin"),
        sa.UniqueConstraint("organization_id", "phone_key", name="uq_patient_organization_id_phone_key"),
    )
    op.create_index("ix_patient_organization_id", "patient", ["organization_id"])
    op.create_index("ix_patient_organization_id_sort_key", "patient", ["organization_id", "sort_key"])

    op.create_table(
        "room",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"], name="fk_room_organization_id_organization"),
        sa.PrimaryKeyConstraint("id", name="pk_room"),
    )
    op.create_index("ix_room_organization_id", "room", ["organization_id"])

    op.create_table(
        "service",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("colour", sa.Integer(), nullable=False),
        sa.CheckConstraint("minutes BETWEEN 5 AND 720", name="ck_service_minutes"),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name="fk_service_organization_id_organization"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_service"),
    )
    op.create_index("ix_service_organization_id", "service", ["organization_id"])

    op.create_table(
        "practitioner",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column("family_name", sa.String(), nullable=False),
        sa.Column("given_name", sa.String(), nullable=False),
        sa.Column("middle_name", sa.String(), nullable=False),
        sa.Column("speciality", sa.String(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("room_id", sa.Integer(), nullable=True),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name="fk_practitioner_organization_id_organization"
        ),
        sa.ForeignKeyConstraint(["room_id"], ["room.id"], name="fk_practitioner_room_id_room"),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name="fk_practitioner_user_id_user_account"),
        sa.PrimaryKeyConstraint("id", name="pk_practitioner"),
    )
    op.create_index("ix_practitioner_organization_id", "practitioner", ["organization_id"])

    op.create_table(
        "appointment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column("patient_id", sa.Integer(), nullable=False),
        sa.Column("practitioner_id", sa.Integer(), nullable=False),
        sa.Column("service_id", sa.Integer(), nullable=True),
        sa.Column("room_id", sa.Integer(), nullable=True),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status", sa.String(length=32), nullable=False),
        sa.Column("overbooked", sa.Boolean(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("status_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cancellation_reason", sa.String(length=32), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("starts_at < ends_at", name="ck_appointment_order"),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name="fk_appointment_organization_id_organization"
        ),
        sa.ForeignKeyConstraint(["patient_id"], ["patient.id"], name="fk_appointment_patient_id_patient"),
        sa.ForeignKeyConstraint(
            ["practitioner_id"], ["practitioner.id"], name="fk_appointment_practitioner_id_practitioner"
        ),
        sa.ForeignKeyConstraint(["room_id"], ["room.id"], name="fk_appointment_room_id_room"),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name="fk_appointment_service_id_service"),
        sa.PrimaryKeyConstraint("id", name="pk_appointment"),
    )
    op.create_index("ix_appointment_organization_id", "appointment", ["organization_id"])
    op.create_index("ix_appointment_organization_id_starts_at", "appointment", ["organization_id", "starts_at"])
    op.create_index("ix_appointment_patient_id", "appointment", ["patient_id"])
    op.create_index("ix_appointment_practitioner_id", "appointment", ["practitioner_id"])

    op.create_table(
        "available_time",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("practitioner_id", sa.Integer(), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("starts", sa.Time(), nullable=False),
        sa.Column("ends", sa.Time(), nullable=False),
        sa.CheckConstraint("starts < ends", name="ck_available_time_order"),
        sa.CheckConstraint("weekday BETWEEN 0 AND 6", name="ck_available_time_weekday"),
        sa.ForeignKeyConstraint(
            ["practitioner_id"], ["practitioner.id"], name="fk_available_time_practitioner_id_practitioner"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_available_time"),
    )
    op.create_index("ix_available_time_practitioner_id", "available_time", ["practitioner_id"])

    op.create_table(
        "status_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("appointment_id", sa.Integer(), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("before", sa.String(length=32), nullable=True),
        sa.Column("after", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["user_account.id"], name="fk_status_event_actor_id_user_account"),
        sa.ForeignKeyConstraint(
            ["appointment_id"], ["appointment.id"], name="fk_status_event_appointment_id_appointment"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_status_event"),
    )
    op.create_index("ix_status_event_appointment_id", "status_event", ["appointment_id"])

    _guard_times()


def downgrade() -> None:
    op.drop_table("status_event")
    op.drop_table("available_time")
    op.drop_table("appointment")
    op.drop_table("practitioner")
    op.drop_table("service")
    op.drop_table("room")
    op.drop_table("patient")
