"""What a visit is for."""

from sqlalchemy import CheckConstraint, Select, select
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Model, OrganizationOwned


class Service(OrganizationOwned, Model):
    """A kind of visit (FHIR HealthcareService) with its usual length and colour."""

    __tablename__ = "service"
    __table_args__ = (CheckConstraint("minutes BETWEEN 5 AND 720", name="minutes"),)

    name: Mapped[str]
    minutes: Mapped[int]
    colour: Mapped[int] = mapped_column(default=0)

    @classmethod
    def of(cls, organization_id: int) -> Select["Service"]:
        """The organization's services by name."""
        return select(cls).filter_by(organization_id=organization_id).order_by(cls.name)
