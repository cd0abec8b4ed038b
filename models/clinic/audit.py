"""The audit trail: who did what to which record, when, and what changed; written in the same transaction."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from sqlalchemy import JSON, ForeignKey, Index, Select, insert, select, tuple_
from sqlalchemy.orm import Mapped, joinedload, mapped_column, relationship

from extensions import db
from models.accounts import User
from models.base import Model, OrganizationOwned
from models.clinic.card_topic import touch_history
from models.types import UtcDateTime, stored_by_value
from rules.booking import Interval

if TYPE_CHECKING:
    from models.clinic.patient import Patient

Facts = Mapping[str, str | None]
Changes = dict[str, list[str | None]]


class Deed(StrEnum):
    """What can be done to a record of the clinic. A new member needs no migration, only its translations."""

    CARD_READ = "card-read"
    CARD_REGISTERED = "card-registered"
    CARD_REVISED = "card-revised"
    CARD_IMPORTED = "card-imported"
    CARD_WITHDRAWN = "card-withdrawn"
    CARDS_EXPORTED = "cards-exported"
    CARDS_IMPORTED = "cards-imported"
    CARDS_MERGED = "cards-merged"
    CARDS_PARTED = "cards-parted"
    CARDS_WITHDRAWN = "cards-withdrawn"
    PATIENT_TOLD = "patient-told"
    RECALL_PLANNED = "recall-planned"
    RECALL_SETTLED = "recall-settled"
    ROOM_ASSIGNED = "room-assigned"
    ROOM_FURNISHED = "room-furnished"
    ROOM_REVISED = "room-revised"
    SCREEN_CLOSED = "screen-closed"
    SCREEN_OPENED = "screen-opened"
    SCREEN_WORDED = "screen-worded"
    DAY_CANCELLED = "day-cancelled"
    DAY_MARKED = "day-marked"
    DAY_MOVED = "day-moved"
    DAY_RESTORED = "day-restored"
    PRACTITIONER_ENGAGED = "practitioner-engaged"
    PRACTITIONER_REVISED = "practitioner-revised"
    PRACTITIONERS_ORDERED = "practitioners-ordered"
    PRACTITIONERS_SIGHT_SET = "practitioners-sight-set"
    SERVICE_OFFERED = "service-offered"
    SERVICE_REVISED = "service-revised"
    SERIES_PLANNED = "series-planned"
    SERIES_REVISED = "series-revised"
    SERIES_CANCELLED = "series-cancelled"
    SERIES_RESTORED = "series-restored"
    TICKET_SEATED = "ticket-seated"
    TICKET_STEPPED = "ticket-stepped"
    TICKET_TAKEN = "ticket-taken"
    WAIT_LIMITS_KEPT = "wait-limits-kept"
    WAITLIST_ADDED = "waitlist-added"
    WAITLIST_REVISED = "waitlist-revised"
    WAITLIST_SETTLED = "waitlist-settled"
    CALENDAR_OPENED = "calendar-opened"
    CALENDAR_CLOSED = "calendar-closed"
    REMINDERS_SET = "reminders-set"
    REMINDER_SENT = "reminder-sent"
    REMINDER_FAILED = "reminder-failed"
    VISITS_EXPORTED = "visits-exported"
    VISIT_BOOKED = "visit-booked"
    VISIT_CALLED_AGAIN = "visit-called-again"
    VISIT_REVISED = "visit-revised"
    VISIT_STEPPED = "visit-stepped"


# The deeds that change the content of a card.
WRITING = (Deed.CARD_REGISTERED, Deed.CARD_IMPORTED, Deed.CARD_REVISED, Deed.CARDS_MERGED, Deed.CARDS_PARTED)

# A card is not open while it is registered, and opening it must not change the topic that is being opened.
NO_NEWS = (Deed.CARD_REGISTERED, Deed.CARD_READ)


@dataclass(frozen=True)
class Question:
    """A filter of an organization's history; None means any. during: half-open."""

    organization_id: int
    actor_id: int | None = None
    deed: Deed | None = None
    patient_id: int | None = None
    during: Interval | None = None


class AuditEvent(OrganizationOwned, Model):
    """One event; never changed or deleted. changes: field -> [before, after], as texts."""

    __tablename__ = "audit_event"
    # One index per way of paging through the history, the newest first.
    __table_args__ = (
        Index("ix_audit_event_organization_id_at", "organization_id", "at", "id"),
        Index("ix_audit_event_actor_id_at", "organization_id", "actor_id", "at", "id"),
        Index("ix_audit_event_deed_at", "organization_id", "deed", "at", "id"),
        Index("ix_audit_event_patient_id_at", "patient_id", "at", "id"),
    )

    at: Mapped[datetime] = mapped_column(UtcDateTime)
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    deed: Mapped[Deed] = mapped_column(stored_by_value(Deed))
    patient_id: Mapped[int | None] = mapped_column(ForeignKey("patient.id"))
    appointment_id: Mapped[int | None] = mapped_column(ForeignKey("appointment.id"), index=True)
    changes: Mapped[Changes] = mapped_column(JSON)

    actor: Mapped[User | None] = relationship()
    patient: Mapped["Patient | None"] = relationship()

    @classmethod
    def page(cls, question: Question, older_than: int | None, limit: int) -> list["AuditEvent"]:
        """At most `limit` matching events, the newest first, with ids below `older_than`.

        A single keyset query, however long the history is.
        """
        asked = _asked(question)
        if older_than is not None:
            last = select(cls.at, cls.id).filter_by(organization_id=question.organization_id, id=older_than)
            asked = asked.where(tuple_(cls.at, cls.id) < last.scalar_subquery())
        newest = asked.order_by(cls.at.desc(), cls.id.desc()).limit(limit)
        return list(db.session.scalars(newest.options(joinedload(cls.actor), joinedload(cls.patient))))

    @classmethod
    def last_of(cls, patient_id: int, deeds: Collection[Deed]) -> "AuditEvent | None":
        """The newest of these deeds on one card, with its actor."""
        own = select(cls).where(cls.patient_id == patient_id, cls.deed.in_(deeds)).options(joinedload(cls.actor))
        return db.session.scalars(own.order_by(cls.at.desc(), cls.id.desc()).limit(1)).first()


def note_deed(
    deed: Deed,
    actor: User | None,
    now: datetime,
    *,
    organization_id: int,
    patient_id: int | None = None,
    appointment_id: int | None = None,
    changes: Changes | None = None,
) -> None:
    """Every change of the clinic's records writes its history through here. actor: None for automatic changes.

    Call it after the flush that assigns the record's id, in the same transaction.
    """
    event = AuditEvent(
        organization_id=organization_id,
        at=now,
        actor_id=actor.id if actor else None,
        deed=deed,
        patient_id=patient_id,
        appointment_id=appointment_id,
        changes=changes or {},
    )
    db.session.add(event)
    if patient_id and deed not in NO_NEWS:
        touch_history(organization_id, patient_id)


def note_deeds(deed: Deed, actor: User, now: datetime, organization_id: int, changes: Mapping[int, Changes]) -> None:
    """As note_deed, for the same deed on many cards at once: the changes by card id."""
    common = {"organization_id": organization_id, "at": now, "actor_id": actor.id, "deed": deed}
    rows = [common | {"patient_id": number, "changes": changed} for number, changed in changes.items()]
    db.session.execute(insert(AuditEvent), rows)


def differences(before: Facts, after: Facts) -> Changes:
    """The facts that differ; before is empty for a new record, whose empty facts are left out."""
    return {
        name: [before.get(name), after[name]] for name in after if (before.get(name) or None) != (after[name] or None)
    }


def _asked(question: Question) -> Select[AuditEvent]:
    asked = select(AuditEvent).filter_by(organization_id=question.organization_id)
    for column, wanted in (
        (AuditEvent.actor_id, question.actor_id),
        (AuditEvent.deed, question.deed),
        (AuditEvent.patient_id, question.patient_id),
    ):
        if wanted is not None:
            asked = asked.where(column == wanted)
    if question.during:
        asked = asked.where(AuditEvent.at >= question.during.start, AuditEvent.at < question.during.end)
    return asked
