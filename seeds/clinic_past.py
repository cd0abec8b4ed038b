"""The demo clinic's last weeks: who came on which day, so that reports, cards and the patients' list have a history."""

from collections import defaultdict, deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random

from extensions import db
from models.accounts import Organization, User
from models.clinic import Appointment, Patient, Practitioner, Service
from models.clinic.day_topic import monday_of
from rules.booking import Interval, Status
from seeds.clinic import stretches
from seeds.clinic_courses import HABITS, Course, Team, course_of, write_down
from seeds.clinic_days import Desk, Time, times
from seeds.clinic_regulars import plant_regulars

WEEKS, REGULARS = 12, 260
# The share of possible visits that is booked, from Monday to Sunday; a little less for every earlier week.
SHAPE = (0.95, 0.86, 0.88, 0.82, 0.74, 0.4, 0.12)
GROWTH = 0.012
FIRST_VISIT, FIRST_HOUR = "Первичный приём", time(10)
# Nobody comes to the same practitioner twice within this many days.
PAUSE = timedelta(days=6)
# A new card is created at least this long before its first visit.
NOTICE = timedelta(hours=1)


@dataclass
class Past:
    """Patients awaiting their first visit, by registration; and the last visit of each to each practitioner."""

    desk: Desk
    team: Team
    unseen: deque[Patient]
    seen: dict[int, dict[Patient, date]] = field(default_factory=lambda: defaultdict(dict))


def plant_past(organization: Organization, people: Mapping[str, User], now: datetime) -> None:
    """Twelve weeks up to yesterday and earlier first visits, after plant_clinic; flushes, deterministic."""
    cards = list(db.session.scalars(Patient.of(organization.id).order_by(None).order_by(Patient.id)))
    cards += plant_regulars(organization, people["desk2"], now, REGULARS, len(cards))
    services = list(db.session.scalars(Service.of(organization.id)))
    practitioners = Practitioner.all_of(organization.id)
    desk = Desk(organization, services, people["desk1"], now, Random("past"))
    team = Team((people["desk1"], people["desk2"]), {people["doctor"].id: people["doctor"]}, desk.chance)
    past = Past(desk, team, deque(sorted(cards, key=lambda patient: patient.registered_at)))
    today = organization.today(now)
    first = monday_of(today) - timedelta(weeks=WEEKS)
    days = [first + timedelta(days=ahead) for ahead in range((today - first).days)]
    courses = list(_first_visits(past, practitioners, first))
    write_down(courses + [course for day in days for course in _day(past, practitioners, day)])


def _first_visits(past: Past, practitioners: Sequence[Practitioner], before: date) -> Iterator[Course]:
    """One visit for each patient registered before these weeks, on the day after registration."""
    service = next(each for each in past.desk.services if each.name == FIRST_VISIT)
    zone, number = past.desk.organization.zone, 0
    while (day := past.unseen[0].registered_at.astimezone(zone).date() + timedelta(days=1)) < before:
        practitioner = practitioners[number % len(practitioners)]
        place = Time(practitioner, service, datetime.combine(day, FIRST_HOUR, zone))
        yield _course(past, place, past.unseen.popleft(), day, Status.FULFILLED)
        number += 1


def _day(past: Past, practitioners: Sequence[Practitioner], day: date) -> Iterator[Course]:
    today: set[Patient] = set()
    for practitioner in practitioners:
        for place in _wanted(past, practitioner, day):
            patient = _patient(past, place, day, today)
            if patient:
                today.add(patient)
                yield _course(past, place, patient, day, None)


def _wanted(past: Past, practitioner: Practitioner, day: date) -> Iterator[Time]:
    zone, place = past.desk.organization.zone, practitioner.place
    hours = [
        Interval(datetime.combine(day, starts, zone), datetime.combine(day, ends, zone))
        for starts, ends in stretches(place, None)
    ]
    weeks_ago = (past.desk.organization.today(past.desk.now) - day).days // 7
    share = SHAPE[day.weekday()] * HABITS[place].demand * (1 - GROWTH * weeks_ago)
    return (each for each in times(past.desk, practitioner, hours) if past.desk.chance.random() < share)


def _patient(past: Past, place: Time, day: date, today: set[Patient]) -> Patient | None:
    """A patient new to the practitioner for a first visit, else a returning one; None if there is none."""
    known = past.seen[place.practitioner.id]
    if place.service.name != FIRST_VISIT:
        fitting = [each for each, last in known.items() if day - last >= PAUSE and each not in today]
    elif past.unseen and past.unseen[0].registered_at < place.starts_at - NOTICE:
        return past.unseen.popleft()
    else:
        everybody = {each for seen in past.seen.values() for each in seen}
        fitting = sorted(everybody - known.keys() - today, key=lambda patient: patient.id)
    return past.desk.chance.choice(fitting) if fitting else None


def _course(past: Past, place: Time, patient: Patient, day: date, end: Status | None) -> Course:
    """The visit with its complete history."""
    past.seen[place.practitioner.id][patient] = day
    visit = Appointment(
        organization=past.desk.organization,
        patient=patient,
        practitioner=place.practitioner,
        service=place.service,
        room=place.practitioner.usual_room(place.service),
        starts_at=place.starts_at,
        ends_at=place.starts_at + timedelta(minutes=place.service.minutes),
        overbooked=False,
        note="",
    )
    return Course(visit, course_of(visit, past.team, end))
