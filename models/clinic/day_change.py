"""Cancelling or moving a practitioner's whole day, and marking a day's visits at its end."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from models.accounts import User
from models.clinic.appointment import Appointment, CancellationReason
from models.clinic.audit import Deed
from models.clinic.availability import Availability
from models.clinic.booking import Booking
from models.clinic.day import Day
from models.clinic.day_topic import whole_day
from models.clinic.free_time import not_past
from models.clinic.joint_change import JointChange, JointChangeLine
from models.clinic.locks import lock_for_visits
from models.clinic.occurrences import competed_for, taken_around
from models.clinic.overlap import LONGEST_VISIT
from models.clinic.practitioner import Practitioner
from rules.booking import Interval, Status, nearest_free

NOT_SEEN_YET = (Status.PENDING, Status.BOOKED, Status.ARRIVED)

Moves = Mapping[Appointment, Booking]


def cancel_day(
    day: Day,
    doctor: Practitioner,
    visits: Sequence[Appointment],
    reason: CancellationReason,
    actor: User,
    now: datetime,
) -> JointChange:
    """Cancels all these visits and flushes. Raises as Appointment.cancel does."""
    lock_for_visits(day.organization.id, [visit.patient for visit in visits])
    lines = [JointChangeLine.before(visit) for visit in visits]
    for visit in visits:
        visit.cancel(reason, visit.version, actor, now)
    return JointChange.note(Deed.DAY_CANCELLED, (doctor, day.date), lines, actor, now)


def move_day(day: Day, doctor: Practitioner, moves: Moves, actor: User, now: datetime) -> JointChange:
    """Moves each visit to its new place and flushes: all or none. Raises as Appointment.revise does."""
    lock_for_visits(day.organization.id, [visit.patient for visit in moves])
    lines = [JointChangeLine.before(visit) for visit in moves]
    for visit, booking in moves.items():
        visit.revise(booking, visit.version, actor, now)
    return JointChange.note(Deed.DAY_MOVED, (doctor, day.date), lines, actor, now)


def mark_day(day: Day, marks: Mapping[Appointment, Status], actor: User, now: datetime) -> JointChange:
    """Marks visits as seen or missed and flushes: all or none. Raises as Appointment.become does."""
    lock_for_visits(day.organization.id, [visit.patient for visit in marks])
    lines = [JointChangeLine.before(visit) for visit in marks]
    for visit, status in marks.items():
        visit.become(status, visit.version, actor, now)
    return JointChange.note(Deed.DAY_MARKED, (None, day.date), lines, actor, now)


def visits_to_settle(day: Day, doctor: Practitioner, now: datetime) -> list[Appointment]:
    """The practitioner's visits of this day that have not begun, by time."""
    return [
        visit
        for visit in day.visits(doctor.id)
        if visit.status in NOT_SEEN_YET and (visit.ends_at > now or visit.status is Status.ARRIVED)
    ]


def places_for(
    visits: Sequence[Appointment], doctor: Practitioner, on: date, now: datetime
) -> dict[Appointment, Booking | None]:
    """A free time with this practitioner on this day for each visit, close to its own if possible; None: there is none.

    Visits that can keep their time keep it; the others take what is left. Three statements for all.
    """
    if not visits:
        return {}
    organization = visits[0].organization
    wanted = {visit: _same_hour(visit, doctor, on) for visit in visits}
    whole = whole_day(on, organization.zone)
    around = Interval(whole.start - LONGEST_VISIT, whole.end)
    taken = taken_around(list(wanted.values()), around, [visit.id for visit in visits])
    hours = list(not_past(Availability.on_days(organization, on, on).open_hours(doctor, on), now))
    busy = {visit: [each.interval for each in taken if competed_for(wanted[visit], each)] for visit in visits}
    found: dict[Appointment, Interval] = {}
    for must_keep in (True, False):
        for visit in (each for each in visits if each not in found):
            hour = wanted[visit].interval
            free = nearest_free(hour, hours, [*busy[visit], *found.values()], count=1)
            if free and (free[0] == hour or not must_keep):
                found[visit] = free[0]
    return {visit: visit.elsewhere(doctor, found[visit].start) if visit in found else None for visit in visits}


def _same_hour(visit: Appointment, doctor: Practitioner, on: date) -> Booking:
    zone = visit.organization.zone
    return visit.elsewhere(doctor, datetime.combine(on, visit.starts_at.astimezone(zone).time(), zone))
