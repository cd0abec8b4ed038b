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
    """A place for visits (FHIR Location). A closed room keeps its visits but is no longer offered."""

    __tablename__ = "room"
    __table_args__ = (Index(ONE_NAME, "organization_id", "name", unique=True),)

    name: Mapped[str]
    is_open: Mapped[bool] = mapped_column(default=True)

    @property
    def facts(self) -> Facts:
        """The fields recorded in the audit trail."""
        return {"room": self.name, "closed": None if self.is_open else "yes"}

    @classmethod
    def of(cls, organization_id: int) -> Select["Room"]:
        """The organization's rooms by name, including closed ones."""
        return select(cls).filter_by(organization_id=organization_id).order_by(cls.name, cls.id)

    @classmethod
    def add(cls, organization_id: int, name: str, actor: User, now: datetime) -> "Room":
        """Creates a room, flushed. Raises Conflict("name") when the name is taken."""
        room = cls(organization_id=organization_id, name=name, is_open=True)
        db.session.add(room)
        flush(FIELDS)
        room._note(Deed.ROOM_FURNISHED, {}, actor, now)
        return room

    def revise(self, name: str, is_open: bool, actor: User, now: datetime) -> None:
        """Renames, closes or reopens the room, flushed; raises as add does."""
        before = self.facts
        self.name, self.is_open = name, is_open
        flush(FIELDS)
        if self.facts != before:
            self._note(Deed.ROOM_REVISED, before, actor, now)

    def _note(self, deed: Deed, before: Facts, actor: User, now: datetime) -> None:
        changes = {"room": [before.get("room"), self.name], **differences(before, self.facts)}
        note_deed(deed, actor, now, organization_id=self.organization_id, changes=changes)
