"""The demo clinic's visits: today in its present state, and less busy days after it, all by the models' verbs."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random

from models.accounts import Organization, User
from models.clinic import Appointment, AppointmentSeries, CancellationReason, Patient, Practitioner, Service
from models.clinic.booking import Booking
from models.clinic.day import Day
from models.clinic.occurrences import occurrences
from rules.booking import Interval, Status
from rules.recurrence import Recurrence

BUSY, LIGHT = 38, 13
DAYS_AFTER = 5
# The probability of a free quarter of an hour before a visit.
GAP = 0.2
MOST_INSIDE = 2
# Services that only one speciality offers.
SPECIAL = {"УЗИ щитовидной железы": "эндокринолог", "ЭКГ и приём": "кардиолог"}
# Minutes that the early patients of the next visits have been waiting; those after them have not arrived.
WAITED_MINUTES = (24, 13, 7, 3)
WEEKS_IN_SERIES, AFTERNOON_HOUR = 8, 16
QUARTER, HOUR = timedelta(minutes=15), timedelta(hours=1)


@dataclass
class Desk:
    """The desk that books, and the patients in order."""

    organization: Organization
    services: Sequence[Service]
    actor: User
    now: datetime
    chance: Random


@dataclass(frozen=True)
class Time:
    """A free place for a visit."""

    practitioner: Practitioner
    service: Service
    starts_at: datetime


def plant_days(
    organization: Organization,
    practitioners: Sequence[Practitioner],
    services: Sequence[Service],
    patients: Sequence[Patient],
    actor: User,
    now: datetime,
) -> None:
    """Books all visits and brings each to its status by now."""
    desk = Desk(organization, services, actor, now, Random(564))
    today = organization.today(now)
    for offset in range(DAYS_AFTER + 1):
        day = Day(organization, today + timedelta(days=offset))
        possible = [
            each for practitioner in practitioners for each in times(desk, practitioner, day.open_hours(practitioner))
        ]
        taken = _chosen(desk, possible, LIGHT if offset else BUSY)
        _bring_to_now(desk, _booked(desk, taken, desk.chance.sample(patients, len(taken))))


def plant_series(organization: Organization, booking: Booking, actor: User, now: datetime) -> None:
    """A weekly series from tomorrow on, at four in the afternoon or near it."""
    first = organization.today(now) + timedelta(days=1)
    rule = Recurrence(1, frozenset({first.weekday()}), times=WEEKS_IN_SERIES)
    wanted = [
        replace(booking, starts_at=datetime(day.year, day.month, day.day, AFTERNOON_HOUR, tzinfo=organization.zone))
        for day in rule.days(first)
    ]
    found = occurrences(organization, wanted, now)
    free = [replace(each.booking, starts_at=next(iter(each.offers), each.booking.starts_at)) for each in found]
    AppointmentSeries.plan(organization, rule, free, actor, now - timedelta(days=1))


def _booked(desk: Desk, taken: Sequence[Time], patients: Sequence[Patient]) -> list[Appointment]:
    """One visit for each patient, so that nobody has two on one day."""
    visits: list[Appointment] = []
    for time, patient in zip(taken, patients, strict=True):
        booking = Booking(patient, time.practitioner, time.service, time.starts_at, time.service.minutes)
        before = min(desk.now, time.starts_at) - timedelta(days=1 + len(visits) % 3, minutes=7 * len(visits) % 50)
        visits.append(Appointment.book(desk.organization, booking, desk.actor, before))
    return sorted(visits, key=lambda visit: (visit.starts_at, visit.practitioner.place))


def times(desk: Desk, practitioner: Practitioner, hours: Sequence[Interval]) -> Iterator[Time]:
    """Places one after another within these hours, with random gaps of a quarter of an hour."""
    own = practitioner.speciality
    services = [each for each in desk.services if SPECIAL.get(each.name, own) == own]
    for stretch in hours:
        start = stretch.start
        while start < stretch.end:
            service = desk.chance.choice(services)
            end = start + timedelta(minutes=service.minutes)
            is_taken = end <= stretch.end and desk.chance.random() > GAP
            if is_taken:
                yield Time(practitioner, service, start)
            start = end if is_taken else start + QUARTER


def _chosen(desk: Desk, possible: Sequence[Time], count: int) -> list[Time]:
    """That many of these places, including all around the present time."""
    near = [time for time in possible if abs(time.starts_at - desk.now) < HOUR]
    others = [time for time in possible if time not in near]
    return near + desk.chance.sample(others, min(count - len(near), len(others)))


def _bring_to_now(desk: Desk, visits: Sequence[Appointment]) -> None:
    inside, waits = 0, iter(WAITED_MINUTES)
    for number, visit in enumerate(visits):
        if visit.ends_at <= desk.now:
            _over(desk, visit, is_missed=number % 11 == 5)
        elif visit.starts_at <= desk.now and inside < MOST_INSIDE:
            inside += 1
            _inside(desk, visit)
        elif visit.starts_at < desk.now + HOUR and (waited := next(waits, None)):
            _arrived(desk, visit, desk.now - timedelta(minutes=waited))
        elif number % 13 == 6:
            visit.cancel(CancellationReason.PATIENT, visit.version, desk.actor, desk.now - HOUR)
        elif number % 3:
            visit.confirm(visit.version, desk.actor, desk.now - 2 * HOUR)


def _arrived(desk: Desk, visit: Appointment, at: datetime) -> None:
    visit.become(Status.ARRIVED, visit.version, desk.actor, at)


def _inside(desk: Desk, visit: Appointment) -> None:
    _arrived(desk, visit, visit.starts_at - timedelta(minutes=12))
    visit.become(Status.CHECKED_IN, visit.version, desk.actor, min(desk.now, visit.starts_at + timedelta(minutes=2)))


def _over(desk: Desk, visit: Appointment, is_missed: bool) -> None:
    if is_missed:
        visit.become(Status.NOSHOW, visit.version, desk.actor, visit.ends_at)
        return
    _inside(desk, visit)
    visit.become(Status.FULFILLED, visit.version, desk.actor, visit.ends_at - timedelta(minutes=1))
