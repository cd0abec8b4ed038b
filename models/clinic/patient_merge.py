"""Merging two cards of the same person, which can be undone for a day."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import JSON, Column, ForeignKey, select, update
from sqlalchemy.orm import Mapped, joinedload, mapped_column, relationship

from extensions import db
from models.accounts import Organization, User
from models.accounts.audience import recheck_everybody
from models.base import Model, OrganizationOwned
from models.clinic.appointment import Appointment
from models.clinic.audit import AuditEvent, Deed, differences, note_deed
from models.clinic.card_topic import MERGES, card_topic, touch_visits
from models.clinic.patient import Patient, PatientDetails
from models.errors import Stale, as_refusals
from models.live_topic import touch, touch_later
from models.types import UtcDateTime
from rules.merging import merged, parted

UNDO_TIME = timedelta(days=1)
TWO_VISITS_AT_ONCE = "ex_appointment_patient"

Facts = dict[str, str | None]


@dataclass(frozen=True)
class Pair:
    """Two cards of one organization with the versions that the user saw: `gone` is to be merged into `kept`."""

    kept: Patient
    gone: Patient
    versions: tuple[int, int]

    def expect_unchanged(self) -> None:
        """Nobody else changes them until the commit. Raises Stale when one of them was changed since."""
        _hold(self.kept.id, self.gone.id)
        if (self.kept.version, self.gone.version) != self.versions:
            raise Stale


class PatientMerge(OrganizationOwned, Model):
    """One merge: the content of both cards before, that of the kept one after, and which records were moved."""

    __tablename__ = "patient_merge"

    kept_id: Mapped[int] = mapped_column(ForeignKey("patient.id"), index=True)
    gone_id: Mapped[int] = mapped_column(ForeignKey("patient.id"), index=True)
    actor_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    undone_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    kept_before: Mapped[Facts] = mapped_column(JSON)
    kept_after: Mapped[Facts] = mapped_column(JSON)
    gone_before: Mapped[Facts] = mapped_column(JSON)
    moved: Mapped[dict[str, list[int]]] = mapped_column(JSON)

    kept: Mapped[Patient] = relationship(foreign_keys=[kept_id])
    gone: Mapped[Patient] = relationship(foreign_keys=[gone_id])
    actor: Mapped[User] = relationship()

    @property
    def undoable_until(self) -> datetime:
        return self.at + UNDO_TIME

    @classmethod
    def undoable(cls, kept: Patient, now: datetime) -> "list[PatientMerge]":
        """The merges into this card within the last day, the newest first."""
        own = select(cls).filter_by(organization_id=kept.organization_id, kept_id=kept.id, undone_at=None)
        recent = own.where(cls.at > now - UNDO_TIME).order_by(cls.id.desc())
        return list(db.session.scalars(recent.options(joinedload(cls.gone), joinedload(cls.actor))))

    @classmethod
    def merge(cls, pair: Pair, from_gone: Collection[str], actor: User, now: datetime) -> "PatientMerge":
        """Merges two cards and flushes: all visits and recalls of the second move to the first.

        from_gone: the conflicting fields to be taken from the second card. Raises Stale when one of them was
        changed meanwhile, Conflict("visits") when both have visits at the same time.
        """
        pair.expect_unchanged()
        kept, gone = pair.kept, pair.gone
        before, other = kept.details.facts, gone.details.facts
        merge = cls(organization_id=kept.organization_id, kept=kept, gone=gone, actor=actor, at=now)
        merge.kept_before, merge.gone_before = before, other
        gone.mark_merged(kept)
        merge.moved = {name: _move(key, gone.id, kept.id, None) for name, key in references()}
        kept.rewrite(PatientDetails.from_facts(merged(before, other, from_gone)), now)
        merge.kept_after = kept.details.facts
        db.session.add(merge)
        merge._note(Deed.CARDS_MERGED, before, actor, now)
        merge._touch(now)
        return merge

    def undo(self, actor: User, now: datetime) -> None:
        """Separates the cards again and flushes; what was changed or added since stays with the kept one.

        Raises Stale when it was undone already, is too late, or the kept card itself was merged into another;
        Conflict("phone" | "iin") when the second card's number has been assigned to a third.
        """
        _hold(self.kept_id, self.gone_id)
        db.session.refresh(self)
        if self.undone_at or now > self.undoable_until or self.kept.merged_into_id:
            raise Stale
        before = self.kept.details.facts
        self.kept.rewrite(PatientDetails.from_facts(parted(self.kept_before, self.kept_after, before)), now)
        self.gone.restore(PatientDetails.from_facts(self.gone_before))
        for name, key in references():
            _move(key, self.kept_id, self.gone_id, self.moved.get(name, []))
        self.gone.touch_days(now)
        self.undone_at = now
        db.session.flush()
        self._note(Deed.CARDS_PARTED, before, actor, now)
        self._touch(now)

    def _touch(self, now: datetime) -> None:
        """Visits went from one card to the other, and with them the sight of those who see only their own."""
        organization, cards = db.session.get_one(Organization, self.organization_id), (self.kept.id, self.gone.id)
        for visit in db.session.scalars(Appointment.of(organization.id).where(Appointment.patient_id.in_(cards))):
            for card in cards:
                touch_visits(organization, card, visit.practitioner.user_id, visit.ends_at, now)
        touch(card_topic(organization.id, self.kept.id), MERGES)
        touch_later(card_topic(organization.id, self.kept.id), MERGES, self.undoable_until)
        if organization.practitioners_see_own:
            recheck_everybody()

    def _note(self, deed: Deed, before: Facts, actor: User, now: datetime) -> None:
        """Writes the history of both cards; that of the kept card includes its changed fields."""
        changed = differences(before, self.kept.details.facts)
        for patient_id, changes in (
            (self.kept_id or self.kept.id, {"other_card": [None, self._named(self.gone)], **changed}),
            (self.gone_id or self.gone.id, {"other_card": [None, self._named(self.kept)]}),
        ):
            note_deed(deed, actor, now, organization_id=self.organization_id, patient_id=patient_id, changes=changes)

    @staticmethod
    def _named(card: Patient) -> str:
        return f"№ {card.id}, {card.full_name}"


def _hold(*cards: int) -> None:
    """Until the commit nobody else changes them; always in one order, so that nobody waits for each other."""
    held = select(Patient).where(Patient.id.in_(cards)).order_by(Patient.id).with_for_update()
    db.session.scalars(held.execution_options(populate_existing=True)).all()


def counts(patient: Patient) -> dict[str, int]:
    """How many records of each table would move with the card."""
    return {name: len(_numbers(key, patient.id)) for name, key in references()}


def references() -> Iterator[tuple[str, Column[int]]]:
    """Every foreign key to a patient, with its table's name; except the audit trail, which stays with its card."""
    for table in db.metadata.sorted_tables:
        if table.name not in (AuditEvent.__tablename__, PatientMerge.__tablename__, Patient.__tablename__):
            for key in table.foreign_keys:
                if key.references(Patient.__table__):  # type: ignore[arg-type]
                    yield table.name, key.parent


def _numbers(key: Column[int], patient_id: int) -> list[int]:
    return list(db.session.scalars(select(key.table.c.id).where(key == patient_id)))


def _move(key: Column[int], giver: int, taker: int, only: list[int] | None) -> list[int]:
    """Moves the giver's records to the taker: all, or only those with these ids that still are the giver's."""
    numbers = [number for number in _numbers(key, giver) if only is None or number in only]
    if numbers:
        with as_refusals({TWO_VISITS_AT_ONCE: "visits"}):
            db.session.execute(update(key.table).where(key.table.c.id.in_(numbers)).values({key.name: taker}))
    return numbers
