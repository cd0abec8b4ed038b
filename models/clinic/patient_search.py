"""Incremental search for patients by name, phone, IIN or birth date."""

from collections.abc import Sequence
from functools import cache, cached_property, lru_cache

from sqlalchemy import Row, Select, bindparam, select

from extensions import db
from models.clinic.fragments import candidates, holding
from models.clinic.patient import Patient
from rules.names import search_key

# This many are scanned in order within a millisecond, before the index is used.
SOON_MET = 2000
# More matches than this among them are a crowd.
ENOUGH = 20
# So are more matches than this anywhere: the user types on, and the rest is neither counted nor paged through.
MOST = 100


class PatientSearch:
    """Patients whose name, phone, IIN or birth date (ДД.ММ.ГГГГ) contains every typed fragment, in alphabetical order.

    Finds the same patients as Patient.matching, but fast among a hundred thousand; of a crowd at most the first MOST.
    """

    def __init__(self, organization_id: int, typed: str) -> None:
        self.organization_id = organization_id
        self.fragments = search_key(typed).split()
        self.is_everybody = not typed.strip()

    @property
    def is_crowd(self) -> bool:
        """Whether more match than are counted."""
        return self._beginning[1]

    @cached_property
    def count(self) -> int:
        """The number of matches; of a crowd a lower bound."""
        return Patient.count(Patient.of(self.organization_id)) if self.is_everybody else len(self._beginning[0])

    def first(self, limit: int) -> list[Patient]:
        """The first `limit` matches, without counting them."""
        if not self.fragments:
            return self.page(0, limit)
        met = [card.id for card in self._meet(limit)]
        return self._cards(met if len(met) == limit else self._foremost(limit))

    def page(self, offset: int, limit: int) -> list[Patient]:
        """At most `limit` matches from `offset` on."""
        if not self.is_everybody:
            return self._cards(self._beginning[0][offset:][:limit])
        # Ids only, so that a covering index answers the scan without reading the cards.
        walk = Patient.of(self.organization_id).with_only_columns(Patient.id)
        return self._cards(db.session.scalars(walk.offset(offset).limit(limit)).all())

    def _cards(self, ids: Sequence[int]) -> list[Patient]:
        # Sorted here: with ORDER BY, SQLite would scan all cards by name instead of looking up these few.
        shown = db.session.scalars(_shown(), {"organization": self.organization_id, "numbers": list(ids)})
        return sorted(shown, key=lambda card: (card.sort_key, card.id))

    @cached_property
    def _beginning(self) -> tuple[Sequence[int], bool]:
        """The ids of the first MOST matches in order, and whether more match."""
        if not self.fragments:
            return [], False
        met = self._meet(MOST)
        if len(met) > ENOUGH and met[0].is_farther:
            return [card.id for card in met], True
        found = self._foremost(MOST + 1)
        return found[:MOST], len(found) > MOST

    def _foremost(self, limit: int) -> Sequence[int]:
        """The ids of the first `limit` matches, wherever they are."""
        # The offset makes PostgreSQL find all matches before it sorts them; otherwise it may walk through every card.
        found = candidates(Patient, self.organization_id, self.fragments).offset(0).subquery().c
        return db.session.scalars(select(found.id).order_by(found.sort_key, found.id).limit(limit)).all()

    def _meet(self, limit: int) -> Sequence[Row[int, bool]]:
        """At most `limit` matches among the first SOON_MET cards, as _ahead returns them."""
        typed = {f"fragment{place}": fragment for place, fragment in enumerate(self.fragments)}
        asked = {"organization": self.organization_id, "most": limit, **typed}
        return db.session.execute(_ahead(len(self.fragments)), asked).all()


# Both are built once, because every typed letter runs them.


@lru_cache(maxsize=8)
def _ahead(fragments: int) -> Select[int, bool]:
    """At most `most` of the first SOON_MET cards of an `organization`, those that contain `fragment0` and so on.

    is_farther: whether the organization has further cards.
    """
    card = Patient
    own = select(card.id, card.sort_key, card.search_text).where(card.organization_id == bindparam("organization"))
    ordered = own.order_by(card.sort_key, card.id)
    first = ordered.limit(SOON_MET).subquery().c
    farther = ordered.with_only_columns(card.id).offset(SOON_MET).limit(1).scalar_subquery()
    met = select(first.id, farther.is_not(None).label("is_farther")).where(
        *holding(first.search_text, [bindparam(f"fragment{n}") for n in range(fragments)])
    )
    return met.order_by(first.sort_key, first.id).limit(bindparam("most"))


@cache
def _shown() -> Select[Patient]:
    """The cards of an `organization` with these `numbers`, unordered."""
    own = Patient.of(bindparam("organization")).order_by(None)
    return own.where(Patient.id.in_(bindparam("numbers", expanding=True)))
