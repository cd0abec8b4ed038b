"""The visits of a report's weeks as a table for a spreadsheet."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from flask import Response
from flask_babel import gettext as _

from blueprints.clinic.blueprint import blueprint
from blueprints.clinic.history_words import value_words
from blueprints.clinic.reports import WEEK, Asked
from blueprints.clinic.table_answer import Cell, table_answer
from blueprints.guards import own_membership, requires
from extensions import db
from models.accounts import Right
from models.base import utc_now
from models.clinic import Appointment, Deed
from models.clinic.audit import note_deed
from models.clinic.day_topic import whole_day
from models.clinic.visits import visits_during
from rules.booking import Interval


@blueprint.get("/reports/visits")
@requires(Right.EXPORT_PATIENTS)
def export_visits() -> Response:
    """A file (as: csv, xlsx) of the visits of the report's weeks; the history keeps who took it."""
    asked, own = Asked.read(), own_membership()
    zone, report = own.organization.zone, asked.report()
    last = report.first + WEEK * asked.weeks - timedelta(days=1)
    stretch = Interval(whole_day(report.first, zone).start, whole_day(last, zone).end)
    visits = visits_during(own.organization_id, stretch, [doctor.id for doctor in asked.chosen])
    words = value_words()
    rows = [_row(visit, zone, words) for visit in visits]
    changes = {"visits": [None, str(len(rows))], "period": [None, f"{report.first:%d.%m.%Y} – {last:%d.%m.%Y}"]}
    note_deed(Deed.VISITS_EXPORTED, own.user, utc_now(), organization_id=own.organization_id, changes=changes)
    db.session.commit()
    return table_answer(f"visits-{report.first.isoformat()}-{asked.weeks}", _heads(), rows)


def _heads() -> list[str]:
    return [
        *(_("Дата"), _("Время"), _("Минут"), _("Врач"), _("Пациент"), _("Телефон"), _("Услуга"), _("Кабинет")),
        *(_("Состояние"), _("Причина"), _("Заметка")),
    ]


def _row(visit: Appointment, zone: ZoneInfo, words: dict[tuple[str, str], str]) -> list[Cell]:
    begins, who, reason = visit.starts_at.astimezone(zone), visit.patient, visit.cancellation_reason
    return [
        *(begins.date(), f"{begins:%H:%M}", visit.minutes, visit.practitioner.full_name),
        *(who.full_name, who.phone_key or who.phone or who.contact_phone_key or who.contact_phone),
        *(visit.service.name if visit.service else "", visit.room.name if visit.room else ""),
        *(words["status", visit.status], words["reason", reason] if reason else "", visit.note),
    ]
