"""Incremental search for patients by name, phone, IIN or birth date."""

from collections.abc import Sequence
from functools import cache, cached_property, lru_cache

from sqlalchemy import Row, Select, bindparam, func, select

from extensions import db
from models.clinic.fragments import candidates, holding
from models.clinic.patient import Patient
from rules.names import search_key

# This many are scanned in order within a millisecond, before the index is used.
SOON_MET = 2000
# More matches than this among them are a crowd: the user types on, and the rest is not counted.
ENOUGH = 20
# This many of a crowd can be paged through.
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
        """Whether many of the first SOON_MET cards match, and there are further cards."""
        return len(self._met) > ENOUGH and self._met[0].is_farther

    @cached_property
    def count(self) -> int:
        """The number of matches; of a crowd a lower bound."""
        return Patient.count(Patient.of(self.organization_id)) if self.is_everybody else self._beginning[1]

    def first(self, limit: int) -> list[Patient]:
        """The first `limit` matches, without counting them."""
        if not self.fragments:
            return self.page(0, limit)
        met = [card.id for card in self._meet(limit)]
        return self._cards(met if len(met) == limit else self._foremost(limit))

    def page(self, offset: int, limit: int) -> list[Patient]:
        """At most `limit` matches from `offset` on."""
        if not self.is_everybody:
            is_read = self.is_crowd or offset + limit <= MOST
            ids = self._beginning[0][offset:] if is_read else self._numbers(offset, limit)[0]
            return self._cards(ids[:limit])
        # Ids only, so that a covering index answers the scan without reading the cards.
        walk = Patient.of(self.organization_id).with_only_columns(Patient.id)
        return self._cards(db.session.scalars(walk.offset(offset).limit(limit)).all())

    def _cards(self, ids: Sequence[int]) -> list[Patient]:
        # Sorted here: with ORDER BY, SQLite would scan all cards by name instead of looking up these few.
        shown = db.session.scalars(_shown(), {"organization": self.organization_id, "numbers": list(ids)})
        return sorted(shown, key=lambda card: (card.sort_key, card.id))

    @cached_property
    def _beginning(self) -> tuple[Sequence[int], int]:
        """The ids of the first MOST matches in order, and how many match; of a crowd, how many were met."""
        if not self.fragments:
            return [], 0
        if self.is_crowd:
            return [card.id for card in self._met], len(self._met)
        return self._numbers(0, MOST)

    def _numbers(self, offset: int, limit: int) -> tuple[Sequence[int], int]:
        """The ids of at most `limit` matches from `offset` on, and how many match, in one statement.

        Fetching the ids of thousands and sorting all of them would take longer than finding them.
        """
        found = candidates(Patient, self.organization_id, self.fragments).cte()
        total = select(func.count()).select_from(found).scalar_subquery()
        ordered = select(found.c.id, total).order_by(found.c.sort_key, found.c.id).offset(offset).limit(limit)
        rows = db.session.execute(ordered).all()
        return [number for number, _total in rows], rows[0][1] if rows else 0

    def _foremost(self, limit: int) -> Sequence[int]:
        """The ids of the first `limit` matches, wherever they are."""
        # The offset makes PostgreSQL find all matches before it sorts them; otherwise it may walk through every card.
        found = candidates(Patient, self.organization_id, self.fragments).offset(0).subquery().c
        return db.session.scalars(select(found.id).order_by(found.sort_key, found.id).limit(limit)).all()

    @cached_property
    def _met(self) -> Sequence[Row[int, bool]]:
        return self._meet(MOST) if self.fragments else []

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
