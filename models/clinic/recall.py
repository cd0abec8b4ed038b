"""Recalls: patients to be invited again at some time («через полгода»), whom the desk then calls."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, Select, func, select
from sqlalchemy.orm import Mapped, joinedload, mapped_column, relationship

from extensions import db
from models.accounts import User
from models.base import Model, OrganizationOwned
from models.clinic.audit import Deed, Facts, differences, note_deed
from models.clinic.card_topic import touch_card, touch_list
from models.clinic.locks import lock_cards
from models.clinic.patient import Patient
from models.errors import Stale, flush
from models.types import UtcDateTime, stored_by_value


class RecallState(StrEnum):
    """The state of a recall; patients who did not answer the call are still to be invited."""

    WAITING = "waiting"
    CALLED = "called"
    BOOKED = "booked"
    DROPPED = "dropped"


OPEN = (RecallState.WAITING, RecallState.CALLED)


class Recall(OrganizationOwned, Model):
    """One recall: the patient is to be called from this day on."""

    __tablename__ = "recall"
    __table_args__ = (Index("ix_recall_organization_id_due_on", "organization_id", "due_on", "id"),)

    patient_id: Mapped[int] = mapped_column(ForeignKey("patient.id"), index=True)
    due_on: Mapped[date]
    reason: Mapped[str]
    state: Mapped[RecallState] = mapped_column(stored_by_value(RecallState), default=RecallState.WAITING)
    state_since: Mapped[datetime] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column()

    patient: Mapped[Patient] = relationship()

    __mapper_args__ = {"version_id_col": version}

    @property
    def facts(self) -> Facts:
        """The fields recorded in the audit trail."""
        return {"due_on": self.due_on.isoformat(), "recall": self.state.value, "recall_reason": self.reason or None}

    @classmethod
    def of(cls, organization_id: int) -> Select["Recall"]:
        """The organization's recalls with their patients, the earliest due first."""
        own = select(cls).filter_by(organization_id=organization_id).options(joinedload(cls.patient))
        return own.order_by(cls.due_on, cls.id)

    @classmethod
    def due(cls, organization_id: int, until: date) -> Select["Recall"]:
        """Recalls due by this day."""
        return cls.of(organization_id).where(cls.state.in_(OPEN), cls.due_on <= until)

    @classmethod
    def later(cls, organization_id: int, after: date) -> Select["Recall"]:
        """Recalls due only after this day."""
        return cls.of(organization_id).where(cls.state.in_(OPEN), cls.due_on > after)

    @classmethod
    def count(cls, chosen: Select["Recall"]) -> int:
        """The number of rows of a selection such as `due`."""
        numbers = chosen.order_by(None).options().with_only_columns(cls.id).subquery()
        return db.session.scalar(select(func.count()).select_from(numbers)) or 0

    @classmethod
    def open_for(cls, patient: Patient) -> list["Recall"]:
        """The patient's recalls that are still open."""
        own = cls.of(patient.organization_id).where(cls.patient_id == patient.id, cls.state.in_(OPEN))
        return sorted(db.session.scalars(own.order_by(None)), key=lambda recall: (recall.due_on, recall.id))

    @classmethod
    def plan(cls, patient: Patient, due_on: date, reason: str, actor: User, now: datetime) -> "Recall":
        """Creates a recall, flushed; an open one for the same day and reason is returned as it is.

        Raises Stale if the card was removed meanwhile.
        """
        lock_cards(patient.organization_id, [patient])
        for planned in cls.open_for(patient):
            if (planned.due_on, planned.reason) == (due_on, reason):
                return planned
        recall = cls(
            organization_id=patient.organization_id,
            patient=patient,
            due_on=due_on,
            reason=reason,
            state=RecallState.WAITING,
            state_since=now,
        )
        db.session.add(recall)
        db.session.flush()
        recall._note(Deed.RECALL_PLANNED, {}, actor, now)
        return recall

    def settle(self, state: RecallState, version: int, actor: User, now: datetime) -> None:
        """Sets the outcome, flushed, or WAITING to correct a mistake. Raises Stale unless version is current."""
        if version != self.version:
            raise Stale
        before = self.facts
        self.state, self.state_since = state, now
        flush()
        self._note(Deed.RECALL_SETTLED, before, actor, now)

    def _note(self, deed: Deed, before: Facts, actor: User, now: datetime) -> None:
        touch_card(self.organization_id, self.patient_id)
        touch_list(self.organization_id)
        note_deed(
            deed,
            actor,
            now,
            organization_id=self.organization_id,
            patient_id=self.patient_id,
            changes=differences(before, self.facts),
        )
