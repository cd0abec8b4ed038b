"""The waiting list: patients who want an earlier time, and who is calling them now."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from sqlalchemy import JSON, ColumnElement, ForeignKey, Index, Select, or_, select
from sqlalchemy.orm import Mapped, joinedload, mapped_column, relationship

from extensions import db
from models.accounts import Organization, User
from models.base import Model, OrganizationOwned
from models.clinic.appointment import Appointment
from models.clinic.audit import Deed, Facts, differences, note_deed
from models.clinic.day_topic import FREED, WAITLIST, day_topic, waitlist_topic
from models.clinic.freed import FreedTime, touch_freed
from models.clinic.locks import lock_cards
from models.clinic.patient import Patient
from models.clinic.practitioner import Practitioner
from models.clinic.service import Service
from models.errors import Stale, flush
from models.live_topic import touch, touch_later
from models.types import UtcDateTime, stored_by_value
from rules.booking import Interval
from rules.part_of_day import PartOfDay
from rules.waitlist import Wish

USUAL_MINUTES = 30
CLAIM = timedelta(minutes=10)


class WaitlistState(StrEnum):
    """How the entry ended, if it has."""

    WAITING = "waiting"
    BOOKED = "booked"
    DROPPED = "dropped"


@dataclass(frozen=True)
class Wanted:
    """What the patient wants; empty means any. weekdays: Monday is 0."""

    patient: Patient
    service: Service | None = None
    practitioner_ids: Sequence[int] = ()
    weekdays: Sequence[int] = ()
    parts: Sequence[PartOfDay] = ()
    until: date | None = None
    is_urgent: bool = False
    note: str = ""

    @property
    def facts(self) -> Facts:
        """The fields recorded in the audit trail, practitioners by name; one statement if some were chosen."""
        return {
            "patient": self.patient.full_name,
            "service": self.service.name if self.service else None,
            "with_whom": _names(self.practitioner_ids),
            "weekdays": ",".join(map(str, self.weekdays)) or None,
            "parts": ",".join(self.parts) or None,
            "until": self.until.isoformat() if self.until else None,
            "urgent": "yes" if self.is_urgent else None,
            "note": self.note or None,
        }


class WaitlistEntry(OrganizationOwned, Model):
    """One request of one patient. Whoever claims it calls, and for ten minutes nobody else does."""

    __tablename__ = "waitlist_entry"
    __table_args__ = (Index("ix_waitlist_entry_organization_id_state", "organization_id", "state"),)

    patient_id: Mapped[int] = mapped_column(ForeignKey("patient.id"), index=True)
    service_id: Mapped[int | None] = mapped_column(ForeignKey("service.id"))
    practitioner_ids: Mapped[list[int]] = mapped_column(JSON)
    weekdays: Mapped[list[int]] = mapped_column(JSON)
    parts: Mapped[list[str]] = mapped_column(JSON)
    until: Mapped[date | None]
    is_urgent: Mapped[bool]
    note: Mapped[str]
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)
    state: Mapped[WaitlistState] = mapped_column(stored_by_value(WaitlistState))
    claimed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    claimed_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column()

    organization: Mapped[Organization] = relationship()
    patient: Mapped[Patient] = relationship()
    service: Mapped[Service | None] = relationship()
    claimed_by: Mapped[User | None] = relationship()

    __mapper_args__ = {"version_id_col": version}

    @property
    def wish(self) -> Wish:
        """The value that the matching rule takes."""
        return Wish(
            timedelta(minutes=self.service.minutes if self.service else USUAL_MINUTES),
            frozenset(self.practitioner_ids),
            frozenset(self.weekdays),
            frozenset(map(PartOfDay, self.parts)),
            self.until,
            self.is_urgent,
            self.added_at,
        )

    @property
    def wanted(self) -> Wanted:
        """The current content of the request."""
        when = (self.weekdays, list(map(PartOfDay, self.parts)), self.until)
        return Wanted(self.patient, self.service, self.practitioner_ids, *when, self.is_urgent, self.note)

    @property
    def facts(self) -> Facts:
        """The fields recorded in the audit trail."""
        return {"waitlist": self.state.value, **self.wanted.facts}

    def is_claimed(self, now: datetime) -> bool:
        """Whether somebody is calling now; a claim expires by itself."""
        return self.claimed_until is not None and self.claimed_until > now

    @classmethod
    def of(cls, organization_id: int) -> Select["WaitlistEntry"]:
        """The organization's entries with what is displayed of them, urgent ones first, then the longest waiting."""
        own = select(cls).filter_by(organization_id=organization_id)
        shown = (cls.patient, cls.service, cls.claimed_by)
        return own.options(*map(joinedload, shown)).order_by(cls.is_urgent.desc(), cls.added_at, cls.id)

    @classmethod
    def waiting(cls, organization: Organization, now: datetime) -> list["WaitlistEntry"]:
        """Entries that are open and whose last day is not over. One statement."""
        return list(db.session.scalars(cls.of(organization.id).where(cls._waits(organization.today(now)))))

    @classmethod
    def beside_freed(
        cls, organization: Organization, now: datetime, within: Interval | None = None
    ) -> list[tuple[FreedTime, "WaitlistEntry"]]:
        """Every upcoming freed time with every open entry; which of them match is up to the rule. One statement.

        within: only freed times that begin within it.
        """
        pairs = FreedTime.ahead(organization.id, now).add_columns(cls).order_by(cls.id)
        if within:
            pairs = pairs.where(FreedTime.starts_at >= within.start, FreedTime.starts_at < within.end)
        pairs = pairs.join(cls, cls.organization_id == FreedTime.organization_id)
        shown = (cls.patient, cls.service, cls.claimed_by)
        pairs = pairs.options(*map(joinedload, shown)).where(cls._waits(organization.today(now)))
        return [(freed, entry) for freed, entry in db.session.execute(pairs)]

    @classmethod
    def add(cls, organization: Organization, wanted: Wanted, actor: User, now: datetime) -> "WaitlistEntry":
        """Creates an entry, flushed. Raises Stale if the patient's card was removed meanwhile."""
        lock_cards(organization.id, [wanted.patient])
        entry = cls(organization=organization, added_at=now, state=WaitlistState.WAITING)
        entry._assign(wanted)
        db.session.add(entry)
        db.session.flush()
        entry._settle(Deed.WAITLIST_ADDED, {}, actor, now)
        return entry

    def revise(self, wanted: Wanted, version: int, actor: User, now: datetime) -> None:
        """Changes the request and keeps its place, flushed. Raises Stale, also if the entry has ended."""
        self._expect(version)
        if self.state is not WaitlistState.WAITING:
            raise Stale
        lock_cards(self.organization_id, [wanted.patient])
        before = self.facts
        self._assign(wanted)
        flush()
        if self.facts != before:
            self._settle(Deed.WAITLIST_REVISED, before, actor, now)

    def claim(self, version: int, actor: User, now: datetime) -> None:
        """«Звоню»: until it is released, the patient is booked or ten minutes pass. Raises Stale if another has it."""
        self._expect(version)
        if self.is_claimed(now) and self.claimed_by_id != actor.id:
            raise Stale
        self.claimed_by, self.claimed_until = actor, now + CLAIM
        flush()
        self._touch(now)

    def release(self, version: int, actor: User, now: datetime) -> None:
        """Ends the claim: anybody may call. Raises Stale."""
        self._expect(version)
        self._let_go()
        flush()
        self._touch(now)

    def settle(self, state: WaitlistState, version: int, actor: User, now: datetime) -> None:
        """Sets the outcome, flushed, or WAITING to correct a mistake. Raises Stale."""
        self._expect(version)
        before, self.state = self.facts, state
        self._let_go()
        flush()
        self._settle(Deed.WAITLIST_SETTLED, before, actor, now)

    def close_by(self, visit: Appointment, actor: User, now: datetime) -> None:
        """Settles the entry because its patient was booked; visits of other patients change nothing."""
        if visit.patient_id == self.patient_id and self.state is WaitlistState.WAITING:
            self.settle(WaitlistState.BOOKED, self.version, actor, now)

    @classmethod
    def _waits(cls, today: date) -> ColumnElement[bool]:
        return (cls.state == WaitlistState.WAITING) & or_(cls.until.is_(None), cls.until >= today)

    def _assign(self, wanted: Wanted) -> None:
        self.patient, self.service, self.note = wanted.patient, wanted.service, wanted.note
        self.practitioner_ids, self.weekdays = sorted(wanted.practitioner_ids), sorted(wanted.weekdays)
        self.parts, self.until, self.is_urgent = [part.value for part in wanted.parts], wanted.until, wanted.is_urgent

    def _let_go(self) -> None:
        self.claimed_by, self.claimed_until = None, None

    def _expect(self, version: int) -> None:
        if version != self.version:
            raise Stale

    def _settle(self, deed: Deed, before: Facts, actor: User, now: datetime) -> None:
        note_deed(
            deed,
            actor,
            now,
            organization_id=self.organization_id,
            patient_id=self.patient_id,
            changes=differences(before, self.facts),
        )
        self._touch(now)

    def _touch(self, now: datetime) -> None:
        """Touches the list and every board with a freed time, now and when the claim expires."""
        days = {*FreedTime.days_ahead(self.organization, now), self.organization.today(now)}
        shown = [(day_topic(self.organization_id, day), FREED) for day in days]
        touch(waitlist_topic(self.organization_id), WAITLIST)
        touch_freed(self.organization, days, now)
        for topic, part in [*shown, (waitlist_topic(self.organization_id), WAITLIST)]:
            if self.claimed_until:
                touch_later(topic, part, self.claimed_until)


def _names(practitioner_ids: Sequence[int]) -> str | None:
    if not practitioner_ids:
        return None
    named = select(Practitioner).where(Practitioner.id.in_(practitioner_ids)).order_by(Practitioner.place)
    return ", ".join(each.short_name for each in db.session.scalars(named))
