"""The verdict for each row of an imported table: a new card, an existing card, or an error."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from rules.imported_card import ImportedCard, read_card
from rules.names import search_key
from rules.phone import phone_key
from rules.same_person import Known, Likeness, People


class Kind(StrEnum):
    NEW = "new"
    KNOWN = "known"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Row:
    """number: the line number that a spreadsheet shows for the row."""

    number: int
    cells: Sequence[str]


@dataclass(frozen=True, slots=True)
class Verdict:
    """The verdict for a row. field and fault: the error (TAKEN if another has the value); other: that card or row."""

    kind: Kind
    field: str = ""
    fault: str = ""
    other: int = 0
    is_row: bool = False


TAKEN = "taken"


def cards_of(rows: Iterable[Row], fields: Sequence[str], today: date) -> Iterator[ImportedCard]:
    """The card of each row. fields: the field of each column, "" for one that is ignored."""
    places = [(field, place) for place, field in enumerate(fields) if field]
    for row in rows:
        yield read_card({field: row.cells[place] for field, place in places if place < len(row.cells)}, today)


def judge(rows: Sequence[Row], cards: Iterable[ImportedCard], people: People) -> list[Verdict]:
    """A verdict for each row; a person who is in the table twice is new once. New ones are added to `people`."""
    verdicts = []
    for row, card in zip(rows, cards, strict=True):
        known = _known(row, card)
        verdict = _verdict(card, known, people)
        if verdict.kind is Kind.NEW:
            people.add(known)
        verdicts.append(verdict)
    return verdicts


def _verdict(card: ImportedCard, known: Known, people: People) -> Verdict:
    if card.fault:
        field, fault = card.fault
        return Verdict(Kind.WRONG, field, fault)
    found = people.like(card.family_name, card.given_name, known)
    if found is None:
        return Verdict(Kind.NEW)
    likeness, other = found
    if likeness is Likeness.SAME:
        return Verdict(Kind.KNOWN, other=other.number, is_row=other.is_row)
    return Verdict(Kind.WRONG, likeness, TAKEN, other.number, other.is_row)


def _known(row: Row, card: ImportedCard) -> Known:
    return Known(
        row.number,
        search_key(f"{card.family_name} {card.given_name} {card.middle_name}"),
        card.middle_name,
        card.birth_date,
        card.iin,
        phone_key(card.phone) or "",
        is_row=True,
    )
