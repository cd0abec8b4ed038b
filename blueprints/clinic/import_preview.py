"""One page of an uploaded table, and its columns with their meaning."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from flask import url_for

from blueprints.clinic.patient_import_words import Line, LineWords
from blueprints.guards import own_membership
from extensions import db
from models.base import utc_now
from models.clinic import Patient, PatientImport
from rules.card_headings import FULL_NAME
from rules.imported_card import NEEDED
from rules.imported_rows import Kind, Row, Verdict, cards_of

PER_PAGE = 50
EXAMPLES = 3
LOOKED_AT = 50
LONGEST_EXAMPLE = 40


@dataclass(frozen=True)
class Column:
    """place: from 0; examples: the first few distinct values."""

    place: int
    heading: str
    field: str
    examples: Sequence[str]


@dataclass(frozen=True)
class Preview:
    """Some rows of a table: those of one kind, or all (None). Pages count from 1."""

    number: int
    kind: Kind | None
    page_number: int
    page_count: int
    lines: Sequence[Line]
    is_named: bool

    @classmethod
    def of(cls, brought: PatientImport, kind_wanted: str, wanted: int) -> "Preview":
        """The requested page, or the nearest existing one."""
        kind = Kind(kind_wanted) if kind_wanted in set(Kind) else None
        told = list(zip(brought.rows, brought.verdicts, strict=True))
        chosen = [pair for pair in told if kind in (None, pair[1].kind)]
        page_count = max(1, -(-len(chosen) // PER_PAGE))
        page_number = min(max(wanted, 1), page_count)
        shown = chosen[(page_number - 1) * PER_PAGE : page_number * PER_PAGE]
        is_named = FULL_NAME in brought.fields or all(name in brought.fields for name in NEEDED)
        return cls(brought.id, kind, page_number, page_count, _lines(brought, shown), is_named)

    def address(self, page_number: int) -> str:
        return url_for("clinic.patient_import", number=self.number, kind=self.kind, page=page_number)


def refused_rows(brought: PatientImport) -> list[list[str]]:
    """The faulty rows as uploaded, each with its fault in an additional column."""
    told = zip(brought.rows, brought.verdicts, strict=True)
    refused = [(row, verdict) for row, verdict in told if verdict.kind is Kind.WRONG]
    width = len(brought.headings)
    return [
        [*row.cells, *[""] * (width - len(row.cells)), line.says]
        for (row, _verdict), line in zip(refused, _lines(brought, refused), strict=True)
    ]


def columns_of(brought: PatientImport, fields: Sequence[str]) -> list[Column]:
    """The table's columns. fields: the meaning of each."""
    rows = brought.rows[:LOOKED_AT]
    return [
        Column(place, heading, field, _examples(row.cells[place] for row in rows if place < len(row.cells)))
        for place, (heading, field) in enumerate(zip(brought.headings, fields, strict=True))
    ]


def _lines(brought: PatientImport, shown: Sequence[tuple[Row, Verdict]]) -> list[Line]:
    organization = brought.organization_id
    today = own_membership().organization.today(utc_now())
    cards = cards_of([row for row, _verdict in shown], brought.fields, today)
    words = LineWords(_others(organization, [verdict for _row, verdict in shown]), today)
    return [words.line(row.number, card, verdict) for (row, verdict), card in zip(shown, cards, strict=True)]


def _others(organization_id: int, verdicts: Iterable[Verdict]) -> dict[int, Patient]:
    numbers = {verdict.other for verdict in verdicts if verdict.other and not verdict.is_row}
    found = db.session.scalars(Patient.known(organization_id).where(Patient.id.in_(numbers)))
    return {card.id: card for card in found}


def _examples(texts: Iterable[str]) -> list[str]:
    different = dict.fromkeys(text for text in texts if text)
    return [text[:LONGEST_EXAMPLE] for text in list(different)[:EXAMPLES]]
