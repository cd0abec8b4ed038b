"""The front desk: patients and the day."""

from blueprints.clinic import (
    appointment_patients,
    appointments,
    day,
    history,
    patient_editing,
    patient_export,
    patients,
    recalls,
    steps,
)
from blueprints.clinic.blueprint import blueprint

__all__ = [
    "appointment_patients",
    "appointments",
    "blueprint",
    "day",
    "history",
    "patient_editing",
    "patient_export",
    "patients",
    "recalls",
    "steps",
]
