"""The blueprint of this package's views."""

from typing import cast

from flask import Blueprint, Flask, abort, url_for
from flask_babel import gettext as _

from blueprints.clinic import (
    call_fragments,
    card_fragments,
    fragments,
    news_live,
    waiting_room,
    waitlist_live,
    week_fragments,
)
from blueprints.clinic.date_words import short_date, shown_date, told_date, told_headline
from blueprints.guards import membership
from blueprints.navigation import Module, Section, register_module
from models.accounts import Membership, Right

OF_THE_SCHEDULE = (
    "clinic.today",
    "clinic.day",
    "clinic.appointment",
    "clinic.ask_cancellation",
    "clinic.cancel",
    "clinic.free_times",
    "clinic.week",
    "clinic.month",
    "clinic.own_day",
    "clinic.new_ticket",
    "clinic.ticket",
    "clinic.begin_by_ticket",
    "clinic.waitlist",
    "clinic.new_wish",
    "clinic.add_wish",
    "clinic.wish",
    "clinic.edit_wish",
    "clinic.revise_wish",
    "clinic.news",
    "clinic.whole_day_plan",
    "clinic.unmarked",
    "clinic.past_day",
)
OF_THE_PATIENTS = (
    *("clinic.patient", "clinic.recall", "clinic.new_recall", "clinic.second_cards", "clinic.second_card"),
    *("clinic.new_import", "clinic.patient_import", "clinic.ask_import_undo"),
)
OF_THE_HOURS = (
    "clinic.availability",
    "clinic.absence",
    "clinic.new_absence",
    "clinic.edit_hours",
)
OF_THE_STAFF = (
    *("clinic.staff", "clinic.new_practitioner", "clinic.edit_practitioner"),
    *("clinic.new_service", "clinic.edit_service"),
)
OF_THE_ROOMS = ("clinic.rooms", "clinic.new_room", "clinic.edit_room")

blueprint = Blueprint("clinic", __name__)


def register(app: Flask) -> None:
    """Registers the clinic's navigation and its live topics."""
    fragments.register(app)
    call_fragments.register(app)
    card_fragments.register(app)
    news_live.register(app)
    week_fragments.register(app)
    waiting_room.register(app)
    waitlist_live.register(app)
    app.jinja_env.filters.update(
        shown_date=shown_date, short_date=short_date, told_date=told_date, told_headline=told_headline
    )
    register_module(app, Module(_sections, _affairs, search_endpoint="clinic.patients"))


blueprint.record_once(lambda setup: register(cast(Flask, setup.app)))


@blueprint.before_request
def only_in_a_clinic() -> None:
    """404 for members of a club, its owner included."""
    own = membership()
    if own and not own.organization.has_clinic:
        abort(404)


def _sections(own: Membership) -> list[Section]:
    if not own.organization.has_clinic:
        return []
    sections = []
    if own.may(Right.SEE_OWN):
        sections.append(Section(_("Расписание"), url_for("clinic.today"), OF_THE_SCHEDULE))
    if own.may(Right.SEE_OWN):
        sections.append(
            Section(
                _("Пациенты"),
                url_for("clinic.patients"),
                OF_THE_PATIENTS,
            )
        )
    if own.may(Right.SEE_OWN):
        sections.append(Section(_("Часы приёма"), url_for("clinic.availability"), OF_THE_HOURS))
    return sections


def _affairs(own: Membership) -> list[Section]:
    if not own.organization.has_clinic:
        return []
    affairs = []
    if own.may(Right.BOOK):
        affairs.append(Section(_("Напоминания"), url_for("clinic.reminders"), ("clinic.reminder",), icon="mail"))
    if own.may(Right.SEE_REPORTS):
        affairs.append(Section(_("Отчёты"), url_for("clinic.reports"), ("clinic.reports",), icon="chart-column"))
    if own.may(Right.KEEP_OWN_HOURS):
        address = url_for("clinic.calendars")
        affairs.append(Section(_("Календари врачей"), address, ("clinic.calendars",), icon="share-2"))
    if own.may(Right.SEE_HISTORY):
        affairs.append(Section(_("История"), url_for("clinic.history"), ("clinic.history",), icon="history"))
    if own.may(Right.MANAGE_SCREENS):
        affairs.append(Section(_("Зал ожидания"), url_for("clinic.screen_link"), ("clinic.screen_link",), icon="tv"))
    if own.may(Right.MANAGE_STAFF):
        address = url_for("clinic.staff")
        affairs.append(Section(_("Врачи и услуги"), address, OF_THE_STAFF, icon="stethoscope"))
    if own.may(Right.MANAGE_ROOMS):
        affairs.append(Section(_("Кабинеты"), url_for("clinic.rooms"), OF_THE_ROOMS, icon="house"))
    return affairs
