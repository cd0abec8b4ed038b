"""The front desk: patients and the day."""

from blueprints.clinic import (
    absences,
    appointment_patients,
    appointments,
    availability,
    day,
    free_times,
    history,
    month,
    own_day,
    patient_editing,
    patient_export,
    patients,
    recalls,
    rooms,
    screens,
    steps,
    week,
)
from blueprints.clinic.blueprint import blueprint

__all__ = [
    "absences",
    "appointment_patients",
    "appointments",
    "availability",
    "blueprint",
    "day",
    "free_times",
    "history",
    "month",
    "own_day",
    "patient_editing",
    "patient_export",
    "patients",
    "recalls",
    "rooms",
    "screens",
    "steps",
    "week",
]
