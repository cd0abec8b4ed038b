"""The front desk: patients and the day."""

from blueprints.clinic import appointment_patients, appointments, day, patient_editing, patients, steps
from blueprints.clinic.blueprint import blueprint

__all__ = ["appointment_patients", "appointments", "blueprint", "day", "patient_editing", "patients", "steps"]
