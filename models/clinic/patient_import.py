"""Importing cards from a table: reviewed first, then loaded all together or not at all."""

from collections.abc import Sequence
from dataclasses import astuple, dataclass, fields
from datetime import datetime, timedelta

from sqlalchemy import JSON, ForeignKey, Select, delete, func, or_, select
from sqlalchemy.orm import Mapped, joinedload, mapped_column, relationship

from extensions import db
from models.accounts import User
from models.base import Model, OrganizationOwned
from models.clinic.audit import Deed, differences, note_deed
from models.clinic.card_batch import PreparedCard, register_many
from models.clinic.card_topic import touch_list
from models.clinic.day_topic import touch_cards
from models.clinic.patient import Patient, PatientDetails
from models.errors import Conflict, Stale, flush
from models.types import UtcDateTime
from rules.imported_card import ImportedCard
from rules.imported_rows import Kind, Row, Verdict
from rules.same_person import Known

# How long a table that is not loaded is kept.
KEPT_FOR = timedelta(hours=1)

Cells = list[tuple[int, list[str]]]
Judgement = list[tuple[str, str, str, int, bool]]

_DETAILS = [field.name for field in fields(PatientDetails) if field.name != "messages"]


@dataclass(frozen=True)
class LookedAt:
    """What the review was based on: the version of the import, and the newest card at the time."""

    version: int
    newest_card: int


class PatientImport(OrganizationOwned, Model):
    """An uploaded table; its cells are kept only until it is loaded or discarded.

    fields: the field of each column, "" for one that is skipped; cells: (line of the file, texts).
    """

    __tablename__ = "patient_import"
    # Ids are never reused: somebody may still have the page of a discarded table open.
    __table_args__ = {"sqlite_autoincrement": True}

    actor_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    file_name: Mapped[str]
    uploaded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    loaded_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    undone_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    undone_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    headings: Mapped[list[str]] = mapped_column(JSON)
    fields: Mapped[list[str]] = mapped_column(JSON)
    cells: Mapped[Cells] = mapped_column(JSON, deferred=True, deferred_group="table")
    judgement: Mapped[Judgement] = mapped_column(JSON, deferred=True, deferred_group="table")
    new: Mapped[int]
    known: Mapped[int]
    wrong: Mapped[int]
    withdrawn: Mapped[int | None]
    version: Mapped[int] = mapped_column()

    actor: Mapped[User] = relationship(foreign_keys=[actor_id])
    undone_by: Mapped[User | None] = relationship(foreign_keys=[undone_by_id])

    __mapper_args__ = {"version_id_col": version}

    @classmethod
    def of(cls, organization_id: int) -> Select["PatientImport"]:
        """The organization's imports, loaded or not."""
        return select(cls).filter_by(organization_id=organization_id)

    @classmethod
    def loaded(cls, organization_id: int, limit: int) -> Sequence["PatientImport"]:
        """Imports that have become cards, the latest first."""
        loaded = cls.of(organization_id).where(cls.loaded_at.is_not(None)).options(joinedload(cls.actor))
        return db.session.scalars(loaded.order_by(cls.loaded_at.desc(), cls.id.desc()).limit(limit)).all()

    @classmethod
    def begin(
        cls,
        organization_id: int,
        file_name: str,
        headings: Sequence[str],
        rows: Sequence[Row],
        actor: User,
        now: datetime,
    ) -> "PatientImport":
        """Stores an uploaded table for review, and discards whatever the same user has not loaded."""
        cls.forget(organization_id, now, actor)
        return cls(
            organization_id=organization_id,
            actor=actor,
            file_name=file_name,
            uploaded_at=now,
            headings=list(headings),
            cells=[(row.number, list(row.cells)) for row in rows],
        )

    @classmethod
    def forget(cls, organization_id: int, now: datetime, actor: User | None = None) -> bool:
        """Deletes expired imports and those of this user; returns whether there were any. One statement."""
        is_over = or_(cls.uploaded_at <= now - KEPT_FOR, cls.actor_id == (actor.id if actor else None))
        waiting = delete(cls).filter_by(organization_id=organization_id, loaded_at=None)
        return bool(db.session.execute(waiting.where(is_over).returning(cls.id)).all())

    @property
    def rows(self) -> list[Row]:
        return [Row(number, cells) for number, cells in self.cells]

    @property
    def verdicts(self) -> list[Verdict]:
        """The verdict on each row."""
        return [
            Verdict(Kind(kind), field, fault, other, is_row) for kind, field, fault, other, is_row in self.judgement
        ]

    def judged(self, columns: Sequence[str], verdicts: Sequence[Verdict]) -> None:
        """Stores the meaning of the columns and the verdicts on the rows; flushed.

        Raises Stale when it is loaded already, or was changed by somebody else at the same time.
        """
        if self.loaded_at:
            raise Stale
        self.fields = list(columns)
        self.judgement = [astuple(verdict) for verdict in verdicts]
        self._count(verdicts)
        db.session.add(self)
        flush()

    def load(
        self, looked: LookedAt, cards: Sequence[PreparedCard], verdicts: Sequence[Verdict], actor: User, now: datetime
    ) -> None:
        """Creates cards for the new rows, flushed, and deletes the table. looked: what the cards were based on.

        Raises Stale when it was loaded or changed meanwhile, Conflict when cards were added meanwhile or one
        has the phone or the IIN of one of these; the caller rolls back.
        """
        if self.loaded_at or looked.version != self.version:
            raise Stale
        if looked.newest_card != newest_card(self.organization_id):
            raise Conflict("cards")
        self.loaded_at, self.cells, self.judgement, self.headings, self.fields = now, [], [], [], []
        self._count(verdicts)
        flush()
        register_many(cards, self.id, actor, now)
        touch_cards(self.organization_id, now)
        touch_list(self.organization_id)
        counted = {"imported": str(self.new), "known_rows": str(self.known), "wrong_rows": str(self.wrong)}
        changes = differences({}, {"file": self.file_name, **counted})
        note_deed(Deed.CARDS_IMPORTED, actor, now, organization_id=self.organization_id, changes=changes)

    def give_up(self) -> None:
        """Discards the table, flushed, without creating cards. Raises Stale as `judged` does."""
        if self.loaded_at:
            raise Stale
        db.session.delete(self)
        flush()

    def _count(self, verdicts: Sequence[Verdict]) -> None:
        kinds = [verdict.kind for verdict in verdicts]
        self.new, self.known, self.wrong = (kinds.count(kind) for kind in Kind)


def details_of(card: ImportedCard) -> PatientDetails:
    """The row as form data."""
    return PatientDetails(**{name: getattr(card, name) for name in _DETAILS})


def people_of(organization_id: int) -> list[Known]:
    """All cards of the organization, as the values that rows are compared with. One statement."""
    columns = (Patient.id, Patient.search_text, Patient.middle_name, Patient.birth_date, Patient.iin, Patient.phone_key)
    own = Patient.of(organization_id).order_by(None).with_only_columns(*columns)
    return [
        Known(number, text, middle, born, iin or "", phone or "")
        for number, text, middle, born, iin, phone in db.session.execute(own)
    ]


def newest_card(organization_id: int) -> int:
    """The id of the newest card; 0 where there is none."""
    return db.session.scalar(select(func.max(Patient.id)).filter_by(organization_id=organization_id)) or 0
