"""The requested content of a visit."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from models.clinic.patient import Patient
from models.clinic.practitioner import Practitioner
from models.clinic.room import Room
from models.clinic.service import Service
from rules.booking import Interval


@dataclass(frozen=True)
class Booking:
    """Patient, practitioner, service, time and length; room: only if it differs from the usual one."""

    patient: Patient
    practitioner: Practitioner
    service: Service | None
    starts_at: datetime
    minutes: int
    note: str = ""
    overbooked: bool = False
    room: Room | None = None

    @property
    def place(self) -> Room | None:
        """The room that the visit occupies."""
        return self.room or self.practitioner.usual_room(self.service)

    @property
    def interval(self) -> Interval:
        """In UTC, because wall-clock arithmetic is wrong on the day when the clocks change."""
        starts_at = self.starts_at.astimezone(UTC)
        return Interval(starts_at, starts_at + timedelta(minutes=self.minutes))
