"""A clinic's desk for tests: receptionist, patient, practitioners; nothing is committed."""

from dataclasses import dataclass
from datetime import datetime

from extensions import db
from models.accounts import Membership, Organization, Role, User
from models.base import utc_now
from models.clinic import Appointment, Patient, Practitioner, Service
from models.clinic.booking import Booking
from tests.support.people import at, clinic, patient, person, practitioner, service


@dataclass(frozen=True)
class Desk:
    """Aigerim's desk: one patient, two practitioners, one service of thirty minutes."""

    organization: Organization
    aigerim: User
    bolat: Patient
    seitqali: Practitioner
    kim: Practitioner
    service: Service

    def at(self, hour: int, minute: int = 0) -> datetime:
        """Tomorrow at this local time of the clinic."""
        return at(self.organization, hour, minute)

    def booking(self, starts_at: datetime, **changes: object) -> Booking:
        """A booking of Bolat with Seitqali for half an hour, unless given otherwise."""
        wanted = {
            "patient": self.bolat,
            "practitioner": self.seitqali,
            "service": self.service,
            "starts_at": starts_at,
            "minutes": 30,
            **changes,
        }
        return Booking(**wanted)  # type: ignore[arg-type]

    def book(self, starts_at: datetime, **changes: object) -> Appointment:
        return Appointment.book(self.organization, self.booking(starts_at, **changes), self.aigerim, utc_now())

    def overbook(self, starts_at: datetime, **changes: object) -> Appointment:
        """An overbooking by Raushan, who has the right to it."""
        wanted = self.booking(starts_at, overbooked=True, **changes)
        return Appointment.book(self.organization, wanted, self.raushan, utc_now())

    @property
    def raushan(self) -> User:
        """The administrator."""
        places = db.session.scalars(Membership.of_organization(self.organization.id))
        known = (each.user for each in places if each.role is Role.ADMINISTRATOR)
        return next(known, None) or person("Raushan Director", Role.ADMINISTRATOR, self.organization)


def desk() -> Desk:
    samal = clinic()
    return Desk(
        samal,
        person("Aigerim Satpaeva", Role.RECEPTIONIST, samal),
        patient(samal, "Ахметов", phone="+7 777 123 45 67"),
        practitioner(samal, "Сейтқали"),
        practitioner(samal, "Ким", place=1),
        service(samal),
    )


def on_board(samal: Desk) -> dict[str, str]:
    """The headers of an htmx request from tomorrow's board."""
    return {"HX-Request": "true", "HX-Current-URL": f"http://localhost/schedule/{samal.at(10).date()}"}
