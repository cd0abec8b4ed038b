"""The front desk: patients, practitioners, the shared calendar."""

from models.clinic.appointment import Appointment, CancellationReason, StatusEvent
from models.clinic.patient import Patient
from models.clinic.practitioner import AvailableTime, Practitioner, Room
from models.clinic.service import Service

__all__ = [
    "Appointment",
    "AvailableTime",
    "CancellationReason",
    "Patient",
    "Practitioner",
    "Room",
    "Service",
    "StatusEvent",
]
