"""What every record is."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from extensions import Base, db

if TYPE_CHECKING:

    class Model(Base):
        __abstract__ = True
else:
    Model = db.Model


def utc_now() -> datetime:
    """The one clock of the domain; rules never call it, they are told the time."""
    return datetime.now(UTC)


class Identified:
    """A record with a number of its own."""

    id: Mapped[int] = mapped_column(primary_key=True, sort_order=-2)


class OrganizationOwned(Identified):
    """A record that belongs to one organization and is only ever loaded through it."""

    @declared_attr
    def organization_id(self) -> Mapped[int]:
        return mapped_column(ForeignKey("organization.id"), index=True, sort_order=-1)
