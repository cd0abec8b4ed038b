"""Importing cards from an uploaded table: checked row by row, then loaded on confirmation."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask import Response, flash, request, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage

from blueprints.clinic.appointment_fields import record_number
from blueprints.clinic.blueprint import blueprint
from blueprints.clinic.import_preview import Preview, columns_of, refused_rows
from blueprints.clinic.patient_import_words import (
    cards_words,
    column_choices,
    kept_words,
    kind_words,
    table_fault_words,
)
from blueprints.clinic.patient_words import PatientWords
from blueprints.clinic.patients import forget_old_tables
from blueprints.clinic.table_answer import table_answer
from blueprints.clinic.table_file import MOST_BYTES, MOST_ROWS, Table, TableFault, read_table, seen
from blueprints.guards import own_membership, requires
from blueprints.replies import invalid, page, see
from extensions import db
from models.accounts import Right
from models.base import utc_now
from models.clinic import PatientImport
from models.clinic.card_batch import PreparedCard
from models.clinic.import_undo import ImportUndo
from models.clinic.patient_import import LookedAt, details_of, newest_card, people_of
from models.errors import Conflict, Stale
from models.threads import in_thread
from rules.card_headings import HEADINGS, fields_of
from rules.imported_card import ImportedCard
from rules.imported_rows import Kind, Row, Verdict, cards_of, judge
from rules.same_person import Known, People

IMPORTS = "/patients/imports"
IMPORT = f"{IMPORTS}/<int:number>"
NEW_PAGE, NEW_FORM = "clinic/imports/new.html", "clinic/imports/_new.html"
PREVIEW, PREVIEW_PART = "clinic/imports/preview.html", "clinic/imports/_preview.html"
LOADED, LOADED_PART = "clinic/imports/loaded.html", "clinic/imports/_loaded.html"
# A file that is too big is read to its end, so that the form can say so.
MOST_SENT = 4 * MOST_BYTES
LONGEST_NAME = 200
LATEST_SHOWN = 10


@dataclass(frozen=True)
class LookedOver:
    """The parsed rows of a table and the verdict on each."""

    cards: Sequence[ImportedCard]
    verdicts: Sequence[Verdict]

    @classmethod
    def of(cls, rows: Sequence[Row], columns: Sequence[str], known: Sequence[Known], today: date) -> "LookedOver":
        cards = list(cards_of(rows, columns, today))
        return cls(cards, judge(rows, cards, People(known)))

    def prepared(self, organization_id: int, now: datetime) -> list[PreparedCard]:
        """The new cards, ready for the database."""
        told = zip(self.cards, self.verdicts, strict=True)
        new = [card for card, verdict in told if verdict.kind is Kind.NEW]
        return [PreparedCard.of(organization_id, details_of(card), now) for card in new]


@blueprint.url_value_preprocessor
def let_tables_in(endpoint: str | None, values: dict[str, Any] | None) -> None:
    """Raises the request's size limit, before the body is read, for this upload only."""
    if endpoint == "clinic.bring_table":
        request.max_content_length = MOST_SENT


@blueprint.get(f"{IMPORTS}/new")
@requires(Right.IMPORT_PATIENTS)
def new_import() -> Response:
    """The upload form."""
    latest = PatientImport.loaded(own_membership().organization_id, LATEST_SHOWN)
    return page(NEW_PAGE, NEW_FORM, latest=latest, **_words(), **_limits())


@blueprint.post(IMPORTS)
@requires(Right.IMPORT_PATIENTS)
def bring_table() -> Response:
    """Uploads and checks a file (table); creates no cards yet."""
    name, table = _brought()
    if isinstance(table, TableFault):
        return invalid(NEW_PAGE, NEW_FORM, fault=table_fault_words(table), **_limits())
    columns = fields_of(table.headings)
    looked = _look_over(table.rows, columns)
    own, now = own_membership(), utc_now()
    brought = PatientImport.begin(own.organization_id, name, table.headings, table.rows, own.user, now)
    brought.judged(columns, looked.verdicts)
    db.session.commit()
    return see(url_for("clinic.patient_import", number=brought.id))


@blueprint.get(IMPORT)
@requires(Right.IMPORT_PATIENTS)
def patient_import(number: int) -> Response:
    """The verdicts on the table's rows (kind, page), or the result after loading."""
    forget_old_tables()
    brought = own_import(number)
    if brought.loaded_at:
        return page(LOADED, LOADED_PART, brought=brought, way_back=ImportUndo(brought), **_words())
    return page(PREVIEW, PREVIEW_PART, **_preview(brought))


@blueprint.get(f"{IMPORT}/refused-rows")
@requires(Right.IMPORT_PATIENTS)
def refused_table(number: int) -> Response:
    """The faulty rows as a table (as: csv, xlsx), to be corrected and uploaded again."""
    brought = own_import(number)
    return table_answer(f"refused-{number}", [*brought.headings, _("Что исправить")], [refused_rows(brought)])


@blueprint.post(f"{IMPORT}/columns")
@requires(Right.IMPORT_PATIENTS)
def match_columns(number: int) -> Response:
    """Sets the meaning of each column (column-0, column-1, …) and checks the rows again."""
    brought = own_import(number)
    columns = [request.form.get(f"column-{place}", "") for place in range(len(brought.headings))]
    columns = [field if field in HEADINGS else "" for field in columns]
    chosen = [field for field in columns if field]
    if len(set(chosen)) < len(chosen):
        twice = next(field for field in chosen if chosen.count(field) > 1)
        return invalid(PREVIEW, PREVIEW_PART, twice=twice, **_preview(brought, columns))
    _judge_anew(brought, columns)
    return see(url_for("clinic.patient_import", number=number))


@blueprint.post(f"{IMPORT}/cards")
@requires(Right.IMPORT_PATIENTS)
def load_import(number: int) -> Response:
    """Creates all new cards, or none. version: of the table as checked."""
    brought = own_import(number)
    there = url_for("clinic.patient_import", number=number)
    if brought.loaded_at:
        return see(there)
    if record_number(request.form.get("version")) != brought.version:
        raise Stale
    try:
        _load(brought)
    except Conflict:
        db.session.rollback()
        brought = own_import(number)
        _judge_anew(brought, brought.fields)
        flash(_("Ничего не загружено: карты за это время изменились. Проверьте строки ещё раз."), "conflict")
    return see(there)


@blueprint.post(f"{IMPORT}/cancellation")
@requires(Right.IMPORT_PATIENTS)
def give_up_import(number: int) -> Response:
    """Discards the table."""
    own_import(number).give_up()
    db.session.commit()
    flash(_("Файл убран, ничего не загружено."), "done")
    return see(url_for("clinic.patients"))


def own_import(number: int) -> PatientImport:
    """The organization's import with this id, else a 404."""
    found: PatientImport = db.first_or_404(PatientImport.of(own_membership().organization_id).filter_by(id=number))
    return found


def _brought() -> tuple[str, Table | TableFault]:
    """The file's name and content."""
    sent = request.files.get("table", FileStorage())
    data = sent.read(MOST_BYTES + 1)
    sent.close()
    db.session.rollback()
    name = " ".join(seen(sent.filename or "").split())
    return name[:LONGEST_NAME], in_thread(lambda: read_table(data))


def _look_over(rows: Sequence[Row], columns: Sequence[str]) -> LookedOver:
    """Takes a second or two, without a database connection: reload the import afterwards."""
    organization = own_membership().organization
    known, today = people_of(organization.id), organization.today(utc_now())
    db.session.rollback()
    return in_thread(lambda: LookedOver.of(rows, columns, known, today))


def _judge_anew(brought: PatientImport, columns: Sequence[str]) -> None:
    number, looked = brought.id, _look_over(brought.rows, columns)
    own_import(number).judged(columns, looked.verdicts)
    db.session.commit()


def _load(brought: PatientImport) -> None:
    number, organization_id, now = brought.id, brought.organization_id, utc_now()
    against = LookedAt(brought.version, newest_card(organization_id))
    looked = _look_over(brought.rows, brought.fields)
    cards = in_thread(lambda: looked.prepared(organization_id, now))
    own_import(number).load(against, cards, looked.verdicts, own_membership().user, now)
    db.session.commit()


def _limits() -> dict[str, Any]:
    return {"most_rows": MOST_ROWS, "most_megabytes": MOST_BYTES // 1024**2}


def _words() -> dict[str, Any]:
    words = PatientWords(own_membership().organization, utc_now())
    return {"words": words, "kind_words": kind_words, "cards_words": cards_words, "kept_words": kept_words}


def _preview(brought: PatientImport, columns: Sequence[str] | None = None) -> dict[str, Any]:
    """columns: as submitted, if they were refused."""
    preview = Preview.of(brought, request.args.get("kind", ""), request.args.get("page", 1, type=int))
    matched = columns_of(brought, brought.fields if columns is None else columns)
    return {"brought": brought, "preview": preview, "columns": matched, "choices": column_choices(), **_words()}
