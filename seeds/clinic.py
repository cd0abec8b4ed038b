"""The demo clinic: four practitioners, forty patients and a day in progress."""

from collections.abc import Mapping, Sequence
from datetime import datetime, time, timedelta

from extensions import db
from models.accounts import Language, Organization, User
from models.clinic import AvailabilityException, AvailableTime, ExceptionKind, Practitioner, Room, Screen, Service
from models.clinic.arrangement import arrange_rooms
from models.clinic.availability import Departure
from models.clinic.booking import Booking
from models.clinic.day_topic import whole_day
from rules.booking import Interval
from seeds.clinic_days import plant_days, plant_series
from seeds.clinic_patients import plant_patients, plant_recalls
from seeds.clinic_queue import plant_tickets, plant_waitlist
from seeds.clinic_reminders import plant_reminders

Stretch = tuple[time, time]

PRACTITIONERS = (
    ("Сейтқали", "Гүлнар", "Маратқызы", "терапевт", "204", (8, 13, 14, 17)),
    ("Ким", "Алексей", "Владимирович", "невролог", "206", (8, 12, 13, 18)),
    ("Иванова-Белозёрская", "Екатерина", "Андреевна", "эндокринолог", "211", (9, 13, 14, 18)),
    ("Әбдірахманов", "Нұрлан", "Серікұлы", "кардиолог", "215", (9, 13, 14, 17)),
)
SERVICES = (
    ("Консультация", 30),
    ("Первичный приём", 60),
    ("Повторный приём", 30),
    ("УЗИ щитовидной железы", 45),
    ("ЭКГ и приём", 40),
    ("Осмотр", 20),
)
# Outside working hours some are on duty now, so that the demo shows a working clinic at night too.
ON_DUTY = 3
DUTY_HOURS = 3


def plant_clinic(organization: Organization, people: Mapping[str, User], now: datetime) -> None:
    """Fills an empty clinic and flushes; deterministic except for the date and the hour. people: by address."""
    local = now.astimezone(organization.zone)
    practitioners = [_practitioner(organization, place, local) for place in range(len(PRACTITIONERS))]
    services = [
        Service(organization_id=organization.id, name=name, minutes=minutes, colour=colour)
        for colour, (name, minutes) in enumerate(SERVICES)
    ]
    practitioners[0].user_id = people["doctor"].id
    db.session.add_all([*practitioners, *services])
    db.session.flush()
    patients = plant_patients(organization, people["desk1"], now)
    plant_recalls(patients, people["desk1"], now)
    plant_days(organization, practitioners, services, patients, people["desk1"], now)
    _plant_rooms(organization, services, people["owner"], now)
    plant_tickets(organization, practitioners, patients, people["desk1"], now)
    plant_waitlist(organization, practitioners, patients, people["desk1"], now)
    plant_series(organization, Booking(patients[16], practitioners[1], services[2], now, 30), people["desk1"], now)
    _plant_departures(organization, practitioners, people["owner"], now)
    Screen.open(organization, people["owner"], now).set_second_language(Language.KAZAKH, people["owner"], now)
    plant_reminders(organization, people["owner"], now)


def _plant_rooms(organization: Organization, services: Sequence[Service], actor: User, now: datetime) -> None:
    """Besides the practitioners' own rooms: one with the shared apparatus, and one that anybody may use."""
    Room.add(organization.id, "Процедурная", actor, now)
    apparatus = Room.add(organization.id, "УЗИ", actor, now)
    arrange_rooms(organization, {each: apparatus for each in services if each.name.startswith("УЗИ")}, actor, now)


def _plant_departures(
    organization: Organization, practitioners: Sequence[Practitioner], actor: User, now: datetime
) -> None:
    """A holiday of the clinic, a leave and an evening surgery, all after the booked days."""
    today, zone = organization.today(now), organization.zone
    first, second, _third, last = practitioners
    for said, doctor, ahead, length in (
        ("Отпуск", last, 7, 9),
        ("Обучение", second, 6, 1),
        ("Санитарный день", None, 20, 1),
    ):
        begun = whole_day(today + timedelta(days=ahead), zone).start
        over = whole_day(today + timedelta(days=ahead + length - 1), zone).end
        _mark(organization, Departure(ExceptionKind.CLOSED, doctor, Interval(begun, over), said), actor, now)
    evening = datetime.combine(today + timedelta(days=6), time(18), zone)
    hours = Interval(evening, evening + timedelta(hours=2))
    _mark(organization, Departure(ExceptionKind.EXTRA, first, hours, "Вечерний приём"), actor, now)


def _mark(organization: Organization, departure: Departure, actor: User, now: datetime) -> None:
    AvailabilityException.mark(organization, departure, actor, now - timedelta(days=2))


def _practitioner(organization: Organization, place: int, local: datetime) -> Practitioner:
    family, given, middle, speciality, room, _hours = PRACTITIONERS[place]
    return Practitioner(
        organization_id=organization.id,
        family_name=family,
        given_name=given,
        middle_name=middle,
        speciality=speciality,
        place=place,
        room=Room(organization_id=organization.id, name=room),
        available_times=[
            AvailableTime(weekday=weekday, starts=starts, ends=ends)
            for weekday in range(7)
            for starts, ends in stretches(place, local.hour if weekday == local.weekday() else None)
        ],
    )


def stretches(place: int, hour: int | None) -> list[Stretch]:
    """The working day in two intervals, extended on the present day by a duty around `hour`."""
    first, lunch, after, last = PRACTITIONERS[place][-1]
    worked = {*range(first, lunch), *range(after, last)}
    if hour is not None and place < ON_DUTY and not first < hour < last - 1:
        worked |= set(range(max(hour - DUTY_HOURS, 0), min(hour + DUTY_HOURS, 24)))
    starts = sorted(hour for hour in worked if hour - 1 not in worked)
    ends = sorted(hour + 1 for hour in worked if hour + 1 not in worked)
    return [(time(start), time(end) if end < 24 else time(23, 55)) for start, end in zip(starts, ends, strict=True)]
