"""Wording of visits: times, statuses, changes."""

from dataclasses import dataclass
from datetime import date, datetime

from flask_babel import format_date
from flask_babel import gettext as _

from models.accounts import Organization
from models.clinic import Appointment
from models.clinic.availability import Availability
from models.clinic.booking import Booking
from models.clinic.next_free import FreeTime
from models.clinic.status_event import StatusEvent
from rules.booking import Status


@dataclass(frozen=True)
class Offer:
    """A free time: its form value and its label."""

    value: str
    words: str


def offered(start: datetime, wanted: date) -> Offer:
    """Only the time if on the wanted day, else with the date."""
    words = f"{start:%H:%M}" if start.date() == wanted else f"{format_date(start.date(), 'd MMM')}, {start:%H:%M}"
    return Offer(f"{start:%Y-%m-%dT%H:%M}", words)


def offered_by(free: FreeTime, wanted: date | None) -> Offer:
    """As offered, with the practitioner: «23 нояб., 10:30, Ким А. В.»"""
    plain = offered(free.start, wanted or free.start.date())
    return Offer(f"{free.practitioner.id}/{plain.value}", f"{plain.words}, {free.practitioner.short_name}")


def when(visit: Appointment) -> str:
    """«20 ноября, 10:30–11:00»"""
    start, end = (each.astimezone(visit.organization.zone) for each in (visit.starts_at, visit.ends_at))
    return f"{format_date(start.date(), 'd MMMM')}, {start:%H:%M}–{end:%H:%M}"


def place_words(booking: Booking, organization: Organization) -> str:
    """«20 ноября, 10:30–11:00, Ким А. В.»"""
    start, end = (each.astimezone(organization.zone) for each in (booking.interval.start, booking.interval.end))
    return f"{format_date(start.date(), 'd MMMM')}, {start:%H:%M}–{end:%H:%M}, {booking.practitioner.short_name}"


def said_of(visit: Appointment) -> str:
    """«Ахметов Б. С., 20 ноября, 10:30–11:00, Ким А. В.»"""
    return f"{visit.patient.short_name}, {when(visit)}, {visit.practitioner.short_name}"


def changed_words(visit: Appointment) -> str:
    """Who changed the visit first, and when."""
    event = visit.latest_event
    if event is None or event.actor is None:
        return str(_("Пока страница была открыта, запись изменил кто-то другой."))
    clock = f"{event.at.astimezone(visit.organization.zone):%H:%M}"
    return str(_("Последнее изменение: %(name)s, %(time)s.", name=event.actor.name, time=clock))


def event_words(visit: Appointment, event: StatusEvent) -> str:
    """One line of the visit's history."""
    if event.before == event.after:
        return str(_("подтвердил, что придёт") if event.at == visit.confirmed_at else _("изменена запись"))
    words = {
        Status.PENDING: _("оставлена заявка"),
        Status.BOOKED: _("записан") if event.before is None else _("снова записан"),
        Status.ARRIVED: _("пришёл"),
        Status.CHECKED_IN: _("на приёме"),
        Status.FULFILLED: _("приём завершён"),
        Status.NOSHOW: _("не пришёл"),
        Status.CANCELLED: _("запись отменена"),
        Status.ENTERED_IN_ERROR: _("внесено по ошибке"),
    }
    return str(words[event.after])


def closed_words(organization: Organization, booking: Booking) -> str:
    """The practitioner is not at work then, and their hours of that day."""
    zone = organization.zone
    day = booking.starts_at.astimezone(zone).date()
    hours = Availability.on_days(organization, day, day).open_hours(booking.practitioner, day)
    if not hours:
        return str(_("В этот день врач не принимает."))
    told = ", ".join(f"{each.start.astimezone(zone):%H:%M}–{each.end.astimezone(zone):%H:%M}" for each in hours)
    return str(_("В это время врач не принимает. Часы приёма в этот день: %(hours)s.", hours=told))


def conflict_words(field: str) -> str:
    """Why a visit cannot be booked there; field: as in models.errors.Conflict."""
    words = {
        "time": _("Это время уже занято"),
        "room": _("Кабинет в это время уже занят"),
        "patient": _("Пациент в это время уже записан к другому врачу"),
    }
    return str(words[field])
