"""The rooms of a clinic: each holds one visit at a time."""

from datetime import datetime

from sqlalchemy import Index, Select, select
from sqlalchemy.orm import Mapped, mapped_column

from extensions import db
from models.accounts import User
from models.base import Model, OrganizationOwned
from models.clinic.audit import Deed, Facts, differences, note_deed
from models.errors import flush

ONE_NAME = "uq_room_organization_id_name"
FIELDS = {ONE_NAME: "name"}


class Room(OrganizationOwned, Model):
    """Where visits take place (FHIR Location). A closed one keeps what is booked there and is offered no more."""

    __tablename__ = "room"
    __table_args__ = (Index(ONE_NAME, "organization_id", "name", unique=True),)

    name: Mapped[str]
    is_open: Mapped[bool] = mapped_column(default=True)

    @property
    def facts(self) -> Facts:
        """What the history keeps of it."""
        return {"room": self.name, "closed": None if self.is_open else "yes"}

    @classmethod
    def of(cls, organization_id: int) -> Select["Room"]:
        """The organization's rooms by name, the closed ones too."""
        return select(cls).filter_by(organization_id=organization_id).order_by(cls.name, cls.id)

    @classmethod
    def furnish(cls, organization_id: int, name: str, actor: User, now: datetime) -> "Room":
        """A new room, flushed. Raises Conflict("name") when there is one of that name."""
        room = cls(organization_id=organization_id, name=name, is_open=True)
        db.session.add(room)
        flush(FIELDS)
        room._note(Deed.ROOM_FURNISHED, {}, actor, now)
        return room

    def revise(self, name: str, is_open: bool, actor: User, now: datetime) -> None:
        """Another name, closed or open again, flushed; raises as furnish does."""
        before = self.facts
        self.name, self.is_open = name, is_open
        flush(FIELDS)
        if self.facts != before:
            self._note(Deed.ROOM_REVISED, before, actor, now)

    def _note(self, deed: Deed, before: Facts, actor: User, now: datetime) -> None:
        changes = {"room": [before.get("room"), self.name], **differences(before, self.facts)}
        note_deed(deed, actor, now, organization_id=self.organization_id, changes=changes)
