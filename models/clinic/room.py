"""The rooms of a clinic: each holds one visit at a time."""

from sqlalchemy import Index, Select, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, mapped_column

from extensions import db
from models.base import Model, OrganizationOwned
from models.errors import Conflict, violated_constraint

ONE_NAME = "uq_room_organization_id_name"


class Room(OrganizationOwned, Model):
    """Where visits take place (FHIR Location). A closed one keeps what is booked there and is offered no more."""

    __tablename__ = "room"
    __table_args__ = (Index(ONE_NAME, "organization_id", "name", unique=True),)

    name: Mapped[str]
    is_open: Mapped[bool] = mapped_column(default=True)

    @classmethod
    def of(cls, organization_id: int) -> Select["Room"]:
        """The organization's rooms by name, the closed ones too."""
        return select(cls).filter_by(organization_id=organization_id).order_by(cls.name, cls.id)

    @classmethod
    def furnish(cls, organization_id: int, name: str) -> "Room":
        """A new room, flushed. Raises Conflict("name") when there is one of that name."""
        room = cls(organization_id=organization_id, name=name)
        db.session.add(room)
        room._flush()
        return room

    def revise(self, name: str, is_open: bool) -> None:
        """Another name, closed or open again, flushed; raises as furnish does."""
        self.name, self.is_open = name, is_open
        self._flush()

    def _flush(self) -> None:
        try:
            db.session.flush()
        except IntegrityError as error:
            if violated_constraint(error) != ONE_NAME:
                raise
            raise Conflict("name") from error
