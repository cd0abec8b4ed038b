"""What a visit is for."""

from sqlalchemy import CheckConstraint, ForeignKey, Select, select
from sqlalchemy.orm import Mapped, joinedload, mapped_column, relationship

from models.base import Model, OrganizationOwned
from models.clinic.room import Room


class Service(OrganizationOwned, Model):
    """A kind of visit (FHIR HealthcareService) with its usual length and colour, and the one room it needs, if any."""

    __tablename__ = "service"
    __table_args__ = (CheckConstraint("minutes BETWEEN 5 AND 720", name="minutes"),)

    name: Mapped[str]
    minutes: Mapped[int]
    colour: Mapped[int] = mapped_column(default=0)
    room_id: Mapped[int | None] = mapped_column(ForeignKey("room.id"))

    room: Mapped[Room | None] = relationship()

    @classmethod
    def of(cls, organization_id: int) -> Select["Service"]:
        """The organization's services by name, with their rooms."""
        own = select(cls).filter_by(organization_id=organization_id).order_by(cls.name)
        return own.options(joinedload(cls.room))
