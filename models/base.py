"""The base classes of the records."""

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
    """The clock of the domain, in UTC; rules never call it, they get the time as an argument."""
    return datetime.now(UTC)


class Identified:
    """A record with a primary key `id`."""

    id: Mapped[int] = mapped_column(primary_key=True, sort_order=-2)


class OrganizationOwned(Identified):
    """A record that belongs to one organization and is only loaded through it."""

    @declared_attr
    def organization_id(self) -> Mapped[int]:
        return mapped_column(ForeignKey("organization.id"), index=True, sort_order=-1)
