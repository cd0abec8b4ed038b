"""What others did while a user was away from the desk."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ForeignKey, Select, UniqueConstraint, func, or_, select
from sqlalchemy.orm import Mapped, joinedload, mapped_column

from extensions import db
from models.accounts import User
from models.base import Model, OrganizationOwned
from models.clinic.audit import WRITING, AuditEvent, Deed
from models.types import UtcDateTime

# Events that change somebody's work; reading and exporting are for the owner's eyes. An import counts as one event.
TOLD = (
    *(deed for deed in WRITING if deed is not Deed.CARD_IMPORTED),
    Deed.CARDS_IMPORTED,
    Deed.CARDS_WITHDRAWN,
    Deed.RECALL_PLANNED,
    Deed.RECALL_SETTLED,
    Deed.VISIT_BOOKED,
    Deed.VISIT_REVISED,
    Deed.VISIT_STEPPED,
)
FIRST_LOOK = timedelta(days=1)
MOST_COUNTED = 99


class NewsLook(OrganizationOwned, Model):
    """Up to which moment a user has read the news."""

    __tablename__ = "news_look"
    __table_args__ = (UniqueConstraint("organization_id", "user_id"),)

    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    until: Mapped[datetime] = mapped_column(UtcDateTime)


class News:
    """What others changed in the clinic since the user last read the news; initially, within the last day."""

    def __init__(self, organization_id: int, reader: User, now: datetime) -> None:
        self.organization_id, self.reader_id = organization_id, reader.id
        self._look = db.session.scalar(select(NewsLook).filter_by(organization_id=organization_id, user_id=reader.id))
        self.since = self._look.until if self._look else now - FIRST_LOOK

    def newest(self, limit: int) -> Sequence[AuditEvent]:
        """At most `limit` events, the newest first, with actors and patients."""
        newest = self._told().order_by(AuditEvent.at.desc(), AuditEvent.id.desc()).limit(limit)
        return db.session.scalars(newest.options(joinedload(AuditEvent.actor), joinedload(AuditEvent.patient))).all()

    def count(self) -> int:
        """The number of events, counted up to MOST_COUNTED + 1."""
        some = self._told().with_only_columns(AuditEvent.id).limit(MOST_COUNTED + 1).subquery()
        return db.session.scalar(select(func.count()).select_from(some)) or 0

    def read(self, number: int) -> None:
        """Marks everything up to the event with this id as read, flushed; an id that is not news changes nothing."""
        last = db.session.scalar(self._told().where(AuditEvent.id == number))
        if last is None:
            return
        look = self._look or NewsLook(organization_id=self.organization_id, user_id=self.reader_id)
        look.until = self.since = last.at
        db.session.add(look)
        db.session.flush()

    def _told(self) -> Select[AuditEvent]:
        others = or_(AuditEvent.actor_id.is_(None), AuditEvent.actor_id != self.reader_id)
        own = select(AuditEvent).filter_by(organization_id=self.organization_id)
        return own.where(AuditEvent.at > self.since, AuditEvent.deed.in_(TOLD), others)
