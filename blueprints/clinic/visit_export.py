"""The visits of a report's weeks as a spreadsheet."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import Response
from flask_babel import gettext as _
from sqlalchemy import Row

from blueprints.clinic.blueprint import blueprint
from blueprints.clinic.history_words import value_words
from blueprints.clinic.reports import WEEK, Asked
from blueprints.clinic.table_answer import Cell, table_answer
from blueprints.guards import own_membership, requires
from extensions import db
from models.accounts import Right
from models.base import utc_now
from models.clinic import Deed
from models.clinic.audit import note_deed
from models.clinic.day_topic import whole_day
from models.clinic.visits import VisitExport
from rules.booking import Interval
from rules.names import full_name


@blueprint.get("/reports/visits")
@requires(Right.EXPORT_PATIENTS)
def export_visits() -> Response:
    """A file (as: csv, xlsx) of the visits; the audit trail records who exported it."""
    asked, own = Asked.read(), own_membership()
    zone, report = own.organization.zone, asked.report()
    last = report.first + WEEK * asked.weeks - timedelta(days=1)
    stretch = Interval(whole_day(report.first, zone).start, whole_day(last, zone).end)
    export = VisitExport(own.organization_id, stretch, [doctor.id for doctor in asked.chosen])
    changes = {"visits": [None, str(export.count)], "period": [None, f"{report.first:%d.%m.%Y} – {last:%d.%m.%Y}"]}
    note_deed(Deed.VISITS_EXPORTED, own.user, utc_now(), organization_id=own.organization_id, changes=changes)
    db.session.commit()
    return table_answer(f"visits-{report.first.isoformat()}-{asked.weeks}", _heads(), _pieces(export, zone))


def _pieces(export: VisitExport, zone: ZoneInfo) -> Iterator[list[list[Cell]]]:
    """In batches; no database connection is held while rows are formatted."""
    words = value_words()
    for page in export.pages():
        db.session.rollback()
        yield [_row(visit, zone, words) for visit in page]


def _heads() -> list[str]:
    return [
        *(_("Дата"), _("Время"), _("Минут"), _("Врач"), _("Пациент"), _("Телефон"), _("Услуга"), _("Кабинет")),
        *(_("Состояние"), _("Причина"), _("Заметка")),
    ]


def _row(visit: Row[Any], zone: ZoneInfo, words: dict[tuple[str, str], str]) -> list[Cell]:
    begins, reason = visit.starts_at.astimezone(zone), visit.cancellation_reason
    minutes = int((visit.ends_at - visit.starts_at).total_seconds() // 60)
    return [
        *(begins.date(), f"{begins:%H:%M}", minutes, full_name(*visit.doctor), full_name(*visit.patient)),
        *(visit.reached, visit.service or "", visit.room or ""),
        *(words["status", visit.status], words["reason", reason] if reason else "", visit.note),
    ]
