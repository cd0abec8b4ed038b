"""Undoing an import: cards that nobody has used since are removed, the others stay.

A removed card keeps its row and its name, because its history refers to it; everything else is erased.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from sqlalchemy import Column, Select, func, select, union_all, update
from sqlalchemy.orm import InstrumentedAttribute

from extensions import db
from models.accounts import User
from models.clinic.audit import AuditEvent, Deed, differences, note_deed, note_deeds
from models.clinic.card_topic import touch_card, touch_history, touch_list
from models.clinic.day_topic import touch_cards
from models.clinic.patient import Patient
from models.clinic.patient_import import PatientImport
from models.clinic.patient_merge import PatientMerge, references
from models.errors import Stale, flush

EDITED, MERGED = "edited", "merged"
Key = Column[int] | InstrumentedAttribute[int]


@dataclass(frozen=True)
class KeptCard:
    """A card that stays. reasons: EDITED, MERGED, and the names of the tables that refer to it."""

    card: Patient
    reasons: Sequence[str]


class ImportUndo:
    """The effect of undoing one import."""

    def __init__(self, brought: PatientImport) -> None:
        self.brought, self.organization_id = brought, brought.organization_id

    @cached_property
    def going(self) -> int:
        """The number of unused cards, which would be removed."""
        return db.session.scalar(select(func.count()).select_from(self._untouched().subquery())) or 0

    @property
    def staying(self) -> int:
        """The number of cards that would stay; after the undo, that did stay."""
        left = select(func.count(Patient.id)).filter_by(import_id=self.brought.id, withdrawn_at=None)
        return (db.session.scalar(left) or 0) - (0 if self.brought.undone_at else self.going)

    def kept(self, limit: int) -> list[KeptCard]:
        """At most `limit` of the cards that stay, by name, each with the reasons."""
        left = Patient.known(self.organization_id).filter_by(import_id=self.brought.id, withdrawn_at=None)
        if not self.brought.undone_at:
            left = left.where(Patient.id.not_in(self._untouched()))
        cards = db.session.scalars(left.order_by(Patient.sort_key, Patient.id).limit(limit)).all()
        having = [(name, _those_in(key, cards)) for name, key in _touching()]
        return [KeptCard(card, _reasons(card, having)) for card in cards]

    def undo(self, version: int, actor: User, now: datetime) -> None:
        """Removes the unused cards and flushes. Raises Stale if it was undone already or never loaded."""
        brought = self.brought
        if version != brought.version or brought.undone_at or not brought.loaded_at:
            raise Stale
        brought.undone_at, brought.undone_by = now, actor
        flush()
        # Waits for concurrent bookings of these cards, which are then taken into account.
        db.session.execute(self._made().order_by(Patient.id).with_for_update())
        gone = self._withdraw(now)
        brought.withdrawn = len(gone)
        self._tell(gone, now)
        self._note(gone, actor, now)

    def _made(self) -> Select[int]:
        return select(Patient.id).filter_by(import_id=self.brought.id)

    def _untouched(self) -> Select[int]:
        """Cards that nobody changed and no other record refers to. Opening a card is not a change."""
        keys = (key for _name, key in _touching())
        touched = union_all(*(select(key).where(key.in_(self._made())) for key in keys))
        left = self._made().filter_by(version=1, withdrawn_at=None)
        return left.where(Patient.id.not_in(touched))

    def _withdraw(self, now: datetime) -> Sequence[int]:
        emptied = ("phone", "phone_key", "iin", "birth_date", "sex", "email", "messages", "once_key")
        contact = ("contact_name", "contact_phone", "contact_phone_key")
        values = dict.fromkeys((*emptied, *contact)) | {"note": "", "search_text": ""}
        gone = update(Patient).where(Patient.id.in_(self._untouched()))
        gone = gone.values(withdrawn_at=now, version=Patient.version + 1, **values)
        return db.session.scalars(gone.returning(Patient.id)).all()

    def _tell(self, gone: Sequence[int], now: datetime) -> None:
        touch_list(self.organization_id)
        touch_cards(self.organization_id, now)
        may_be_open = set(db.session.scalars(self._read()))
        for number in gone:
            if number in may_be_open:
                touch_card(self.organization_id, number)
                touch_history(self.organization_id, number)

    def _read(self) -> Select[int | None]:
        """Cards that somebody may have open."""
        read = select(AuditEvent.patient_id).filter_by(deed=Deed.CARD_READ)
        return read.where(AuditEvent.patient_id.in_(self._made()))

    def _note(self, gone: Sequence[int], actor: User, now: datetime) -> None:
        if gone:
            note_deeds(Deed.CARD_WITHDRAWN, actor, now, self.organization_id, {number: {} for number in gone})
        counted = {"withdrawn": str(len(gone)), "kept_cards": str(self.staying)}
        changes = differences({}, {"file": self.brought.file_name, **counted})
        note_deed(Deed.CARDS_WITHDRAWN, actor, now, organization_id=self.organization_id, changes=changes)


def _touching() -> Iterator[tuple[str, Key]]:
    """Every foreign key to a card."""
    yield from references()
    yield MERGED, PatientMerge.kept_id
    yield MERGED, PatientMerge.gone_id


def _those_in(key: Key, cards: Sequence[Patient]) -> set[int]:
    return set(db.session.scalars(select(key).where(key.in_([card.id for card in cards]))))


def _reasons(card: Patient, having: Iterable[tuple[str, set[int]]]) -> list[str]:
    reasons = list(dict.fromkeys(name for name, numbers in having if card.id in numbers))
    return [*reasons, EDITED] if card.version > 1 and MERGED not in reasons else reasons
