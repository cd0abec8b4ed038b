"""Finding patients while their name, phone or IIN is still being typed."""

from collections.abc import Sequence
from functools import cached_property

from sqlalchemy import select

from extensions import db
from models.clinic.fragments import candidates, holding
from models.clinic.patient import Patient
from rules.names import search_key

# So many are looked through in their order in a millisecond, before anything is looked up.
SOON_MET = 2000
# Of so many the index gives every one, to be counted and put in order; more are met soon on a walk in the order.
MOST = 2000


class PatientSearch:
    """Those whose name, phone, IIN or birth date (ДД.ММ.ГГГГ) contains every typed fragment, in alphabetical order.

    The same patients as Patient.matching has, at once also among a hundred thousand.
    """

    def __init__(self, organization_id: int, typed: str) -> None:
        self.organization_id = organization_id
        self.fragments = search_key(typed).split()
        self.is_everybody = not typed.strip()

    @property
    def is_crowd(self) -> bool:
        """Whether more than MOST fit what is typed; how many is then not known."""
        return len(self._ids) > MOST

    @cached_property
    def count(self) -> int:
        """How many fit; MOST of a crowd."""
        everybody = Patient.of(self.organization_id)
        return Patient.count(everybody) if self.is_everybody else min(len(self._ids), MOST)

    def first(self, limit: int) -> list[Patient]:
        """The first few, for whoever types on and does not ask how many there are."""
        if not self.fragments:
            return self.page(0, limit)
        card = Patient
        early = select(card.id, card.sort_key, card.search_text).where(card.organization_id == self.organization_id)
        ahead = early.order_by(card.sort_key, card.id).limit(SOON_MET).subquery().c
        met = select(ahead.id).where(*holding(ahead.search_text, self.fragments)).order_by(ahead.sort_key, ahead.id)
        ids = db.session.scalars(met.limit(limit)).all()
        return self._cards(ids) if len(ids) == limit else self.page(0, limit)

    def page(self, offset: int, limit: int) -> list[Patient]:
        """So many of them, after the first `offset`."""
        if not (self.is_everybody or self.is_crowd):
            return self._cards(self._ids[offset : offset + limit])
        walk = Patient.of(self.organization_id).where(*holding(Patient.search_text, self.fragments))
        # Numbers only: an index has all that the walk asks, and no card that it passes by is read.
        return self._cards(db.session.scalars(walk.with_only_columns(Patient.id).offset(offset).limit(limit)).all())

    def _cards(self, ids: Sequence[int]) -> list[Patient]:
        # Put in order here: asked for an order, SQLite walks through every card by name instead of to these few.
        shown = Patient.of(self.organization_id).where(Patient.id.in_(ids)).order_by(None)
        return sorted(db.session.scalars(shown), key=lambda card: (card.sort_key, card.id))

    @cached_property
    def _ids(self) -> Sequence[int]:
        """Those who fit, in order, one more than MOST of a crowd; nobody's for everybody."""
        if not self.fragments:
            return []
        found = candidates(Patient, self.organization_id, self.fragments, MOST + 1).subquery()
        return db.session.scalars(select(found.c.id).order_by(found.c.sort_key, found.c.id)).all()
