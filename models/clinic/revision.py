"""What a visit was before its booking was changed, for undoing the change."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.accounts import User
from models.base import Model, OrganizationOwned
from models.clinic.booking import Booking
from models.clinic.patient import Patient
from models.clinic.practitioner import Practitioner
from models.clinic.room import Room
from models.clinic.service import Service
from models.types import UtcDateTime
from rules.booking import Interval

if TYPE_CHECKING:
    from models.clinic.appointment import Appointment

# How long every desk is shown a change and can undo it.
TOLD_FOR = timedelta(minutes=1)


class Revision(OrganizationOwned, Model):
    """One change of one booking: who, when, and the visit before it.

    version: the visit's version after the change; while it is unchanged, the change can be undone.
    """

    __tablename__ = "appointment_revision"
    __table_args__ = (Index("ix_appointment_revision_organization_id_at", "organization_id", "at"),)

    appointment_id: Mapped[int] = mapped_column(ForeignKey("appointment.id"), index=True)
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    version: Mapped[int]
    patient_id: Mapped[int] = mapped_column(ForeignKey("patient.id"))
    practitioner_id: Mapped[int] = mapped_column(ForeignKey("practitioner.id"))
    service_id: Mapped[int | None] = mapped_column(ForeignKey("service.id"))
    room_id: Mapped[int | None] = mapped_column(ForeignKey("room.id"))
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
    note: Mapped[str]
    overbooked: Mapped[bool]

    appointment: Mapped["Appointment"] = relationship()
    actor: Mapped[User | None] = relationship()
    patient: Mapped[Patient] = relationship()
    practitioner: Mapped[Practitioner] = relationship()
    service: Mapped[Service | None] = relationship()
    room: Mapped[Room | None] = relationship()

    @property
    def interval(self) -> Interval:
        return Interval(self.starts_at, self.ends_at)

    @property
    def booking(self) -> Booking:
        """The former booking."""
        minutes = int(self.interval.length.total_seconds() // 60)
        same = (self.patient, self.practitioner, self.service, self.starts_at, minutes, self.note)
        return Booking(*same, overbooked=self.overbooked, room=self.room)

    @classmethod
    def of(cls, former: Booking, **change: Any) -> "Revision":
        """change: the visit as it is now, its version, who changed it and when."""
        return cls(
            organization_id=former.patient.organization_id,
            patient=former.patient,
            practitioner=former.practitioner,
            service=former.service,
            room=former.place,
            starts_at=former.interval.start,
            ends_at=former.interval.end,
            note=former.note,
            overbooked=former.overbooked,
            **change,
        )
