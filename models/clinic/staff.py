"""Who sees patients and what for: kept by those who answer for the clinic."""

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from itertools import product

from sqlalchemy import func, select

from extensions import db
from models.accounts import Organization, User
from models.accounts.audience import recheck_everybody, recheck_person
from models.clinic.audit import Changes, Deed, Facts, differences, note_deed
from models.clinic.calendar_link import CalendarLink
from models.clinic.day import Day
from models.clinic.day_topic import WHO, column_part, touch_weeks, week_topic
from models.clinic.practitioner import DAYS_FOLLOWED, ONE_ACCOUNT, Practitioner, practitioner_ids, touch_boards_ahead
from models.clinic.screen import touch_screen
from models.clinic.service import ONE_NAME, Service, Terms
from models.errors import flush
from models.live_topic import touch, touch_later, touch_scheduled

FIELDS = {ONE_NAME: "name", ONE_ACCOUNT: "user_id"}
# How long what is due on an open page may be delayed, as while the database was away.
LATE = timedelta(hours=1)


@dataclass(frozen=True)
class Person:
    """Who sees patients: how they are called, as what, and the account by which they sign in, if they do.

    Whoever sees patients no more stays with the visits of before.
    """

    family_name: str
    given_name: str
    middle_name: str
    speciality: str
    user_id: int | None
    sees_patients: bool = True


def create_service(organization: Organization, terms: Terms, actor: User, now: datetime) -> Service:
    """Adds a service, flushed. Raises Conflict("name") when the name is taken."""
    service = Service(organization_id=organization.id, **asdict(terms))
    db.session.add(service)
    flush(FIELDS)
    _note(Deed.SERVICE_OFFERED, service, {}, actor, now)
    return service


def revise_service(organization: Organization, service: Service, terms: Terms, actor: User, now: datetime) -> None:
    """Changes a service, or stops or resumes offering it, flushed; booked visits keep their length.

    Raises as create_service does.
    """
    before = service.facts
    _write(service, terms)
    _note(Deed.SERVICE_REVISED, service, before, actor, now)
    touch_pages(organization, now)


def create_practitioner(organization: Organization, person: Person, actor: User, now: datetime) -> Practitioner:
    """Adds a practitioner after the others, without hours; flushed.

    Raises Conflict("user_id") when the account is another practitioner's.
    """
    last = select(func.max(Practitioner.place)).filter_by(organization_id=organization.id)
    place = (db.session.scalar(last) or 0) + 1
    doctor = Practitioner(organization_id=organization.id, place=place, **asdict(person))
    db.session.add(doctor)
    flush(FIELDS)
    _note(Deed.PRACTITIONER_ENGAGED, doctor, {}, actor, now)
    touch_pages(organization, now)
    _schedule_column(organization, doctor, now)
    return doctor


def revise_practitioner(
    organization: Organization, doctor: Practitioner, person: Person, actor: User, now: datetime
) -> None:
    """Changes a practitioner, flushed; one who no longer sees patients loses the weekly hours.

    With the account goes the link of the calendar, which whoever had that account knows.

    Raises as create_practitioner does.
    """
    before, account = doctor.facts, doctor.user_id
    _write(doctor, person)
    if account and account != doctor.user_id:
        recheck_person(account)
        CalendarLink.end(doctor)
    if not doctor.sees_patients:
        doctor.set_weekly_hours({}, organization.today(now))
    _note(Deed.PRACTITIONER_REVISED, doctor, before, actor, now)
    touch_pages(organization, now)


def shift_practitioner(
    organization: Organization, doctor: Practitioner, columns: int, actor: User, now: datetime
) -> None:
    """Puts who sees patients this many columns to the right (negative: left), flushed; at an end nothing changes."""
    everybody = list(db.session.scalars(Practitioner.ever_of(organization.id)))
    here = [each for each in everybody if each.sees_patients]
    before = here.index(doctor)
    after = min(max(before + columns, 0), len(here) - 1)
    if after == before:
        return
    here.insert(after, here.pop(before))
    for place, each in enumerate([*here, *(each for each in everybody if not each.sees_patients)]):
        each.place = place
    db.session.flush()
    changes: Changes = {"practitioner": [None, doctor.short_name], "place": [str(before + 1), str(after + 1)]}
    note_deed(Deed.PRACTITIONERS_ORDERED, actor, now, organization_id=organization.id, changes=changes)
    touch_pages(organization, now)


def limit_sight(organization: Organization, see_own: bool, actor: User, now: datetime) -> None:
    """Whether practitioners see only their own schedule and patients, flushed; open pages are told at once."""
    before, organization.practitioners_see_own = organization.practitioners_see_own, see_own
    db.session.flush()
    changes = differences({"see_own": "yes" if before else None}, {"see_own": "yes" if see_own else None})
    if changes:
        note_deed(Deed.PRACTITIONERS_SIGHT_SET, actor, now, organization_id=organization.id, changes=changes)
        touch_weeks(organization.id, practitioner_ids(organization.id), organization.today(now))
        recheck_everybody()


def _schedule_column(organization: Organization, doctor: Practitioner, now: datetime) -> None:
    """On boards that were open before there was this column, nobody else schedules it."""
    for ahead in range(DAYS_FOLLOWED):
        day = Day(organization, organization.today(now) + timedelta(days=ahead))
        if turn := day.turns_at(now):
            touch_later(day.topic, column_part(doctor.id), turn)


def _write(record: Service | Practitioner, told: Terms | Person) -> None:
    for name, value in asdict(told).items():
        setattr(record, name, value)
    flush(FIELDS)
    db.session.refresh(record)


def _note(deed: Deed, record: Service | Practitioner, before: Facts, actor: User, now: datetime) -> None:
    """The name stands in the history also where it stayed, so that one reads whose it is."""
    [name, *_others] = after = record.facts
    changes = differences(before, after)
    if changes:
        told = {name: [before.get(name), after[name]], **changes}
        note_deed(deed, actor, now, organization_id=record.organization_id, changes=told)


def touch_pages(organization: Organization, now: datetime) -> None:
    """A doctor, a service or a room is called otherwise: touches the boards ahead, and whatever else is open."""
    doctors, today = practitioner_ids(organization.id), organization.today(now)
    touch_boards_ahead(organization.id, doctors, today)
    for ahead, doctor in product(range(0, DAYS_FOLLOWED, 7), doctors):
        touch(week_topic(organization.id, doctor, today + timedelta(days=ahead)), WHO)
    touch_scheduled(f"clinic/{organization.id}/", now - LATE)
    touch_screen(organization.id, now)
