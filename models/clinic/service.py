"""The services that a clinic offers."""

from dataclasses import dataclass

from sqlalchemy import CheckConstraint, ForeignKey, Index, Select, or_, select
from sqlalchemy.orm import Mapped, joinedload, mapped_column, relationship

from models.base import Model, OrganizationOwned
from models.clinic.audit import Facts
from models.clinic.room import Room

ONE_NAME = "uq_service_organization_id_name"


@dataclass(frozen=True)
class Terms:
    """How a service is called, how many minutes it usually takes, which colour it has, and whether it is offered."""

    name: str
    minutes: int
    colour: int
    is_offered: bool = True


class Service(OrganizationOwned, Model):
    """A kind of visit (FHIR HealthcareService) with its usual length and colour, and the one room it needs, if any.

    One that is offered no more stays with the visits that were booked for it.
    """

    __tablename__ = "service"
    __table_args__ = (
        CheckConstraint("minutes BETWEEN 5 AND 720", name="minutes"),
        Index(ONE_NAME, "organization_id", "name", unique=True),
    )

    name: Mapped[str]
    minutes: Mapped[int]
    colour: Mapped[int] = mapped_column(default=0)
    is_offered: Mapped[bool] = mapped_column(default=True)
    room_id: Mapped[int | None] = mapped_column(ForeignKey("room.id"))

    room: Mapped[Room | None] = relationship()

    @property
    def facts(self) -> Facts:
        """What the history keeps of it."""
        return {
            "service": self.name,
            "minutes": str(self.minutes),
            "colour": str(self.colour),
            "withdrawn_service": None if self.is_offered else "yes",
        }

    @classmethod
    def all_of(cls, organization_id: int) -> Select["Service"]:
        """All services by name, with their rooms loaded, including those no longer offered."""
        own = select(cls).filter_by(organization_id=organization_id).order_by(cls.name)
        return own.options(joinedload(cls.room))

    @classmethod
    def of(cls, organization_id: int, besides: int | None = None) -> Select["Service"]:
        """The services that can be booked. besides: one more, for a record that already names it."""
        return cls.all_of(organization_id).where(or_(cls.is_offered, cls.id == besides))
