"""The patients of one practitioner, for practitioners who see no others."""

from functools import cached_property

from sqlalchemy import CompoundSelect, select

from extensions import db
from models.clinic.appointment import Appointment
from models.clinic.patient import Patient
from models.clinic.practitioner import Practitioner
from models.clinic.ticket import QueueTicket
from rules.booking import Status


def own_patient_ids(organization_id: int, user_id: int) -> CompoundSelect[int]:
    """Those with a visit or a ticket to the practitioner who signs in with this account."""
    own = select(Practitioner.id).filter_by(organization_id=organization_id, user_id=user_id)
    visits = select(Appointment.patient_id).where(
        Appointment.practitioner_id.in_(own), Appointment.status != Status.ENTERED_IN_ERROR
    )
    tickets = select(QueueTicket.patient_id).where(
        QueueTicket.practitioner_id.in_(own), QueueTicket.patient_id.is_not(None)
    )
    return visits.union(tickets)


class OwnPatientSearch:
    """As PatientSearch, among the patients of one practitioner: few enough to be counted."""

    is_crowd = False

    def __init__(self, organization_id: int, user_id: int, typed: str) -> None:
        own = Patient.id.in_(own_patient_ids(organization_id, user_id))
        self._found = Patient.matching(organization_id, typed).where(own)

    @cached_property
    def count(self) -> int:
        return Patient.count(self._found)

    def page(self, offset: int, limit: int) -> list[Patient]:
        """At most `limit` matches from `offset` on."""
        return list(db.session.scalars(self._found.offset(offset).limit(limit)))
