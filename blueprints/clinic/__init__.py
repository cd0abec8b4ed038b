"""The front desk: patients and the day."""

from blueprints.clinic.blueprint import blueprint

__all__ = ["blueprint"]
