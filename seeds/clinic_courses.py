"""Past visits of the demo clinic with their steps, inserted directly without live updates."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy import insert

from extensions import db
from models.accounts import User
from models.clinic import Appointment, AuditEvent, CancellationReason
from models.clinic.appointment import deed_of
from models.clinic.audit import Facts, differences
from models.clinic.status_event import StatusEvent
from rules.booking import Status

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
AHEAD_DAYS = (1, 2, 3, 5, 7, 10, 14)
CONFIRMED, CANCELLED = 0.7, 0.08
REASONS = (CancellationReason.PATIENT,) * 6 + (CancellationReason.PRACTITIONER, CancellationReason.OTHER)
# Waits are longer on Mondays.
MONDAYS = 1.6


@dataclass(frozen=True)
class Habit:
    """Of one practitioner: the demand, the rate of no-shows, and the largest delay in minutes."""

    demand: float
    missed: float
    late: int


# In the order of the day's columns.
HABITS = (Habit(1.0, 0.05, 22), Habit(0.88, 0.12, 34), Habit(0.72, 0.07, 12), Habit(0.9, 0.08, 26))


@dataclass(frozen=True)
class Team:
    """The desks that book and receive; doctors: the practitioners' accounts by number."""

    desks: Sequence[User]
    doctors: Mapping[int, User]
    chance: Random


@dataclass(frozen=True)
class Step:
    """A change of a visit's status; a change to the same status is a confirmation."""

    status: Status
    at: datetime
    actor: User
    reason: CancellationReason | None = None


@dataclass(frozen=True)
class Course:
    """A visit and its steps."""

    visit: Appointment
    steps: Sequence[Step]


def course_of(visit: Appointment, team: Team, end: Status | None) -> list[Step]:
    """From the booking to the outcome, which is random unless given."""
    chance, desk = team.chance, team.chance.choice(team.desks)
    booked_at = max(visit.patient.registered_at, visit.starts_at - chance.choice(AHEAD_DAYS) * DAY)
    steps = [Step(Status.BOOKED, booked_at, desk)]
    if booked_at < visit.starts_at - DAY and chance.random() < CONFIRMED:
        steps.append(Step(Status.BOOKED, visit.starts_at - DAY + chance.randrange(120) * MINUTE, desk))
    habit, drawn = HABITS[visit.practitioner.place], chance.random()
    if end is None and drawn < CANCELLED:
        at = steps[-1].at + chance.random() * (visit.starts_at - steps[-1].at)
        return [*steps, Step(Status.CANCELLED, at.replace(microsecond=0), desk, chance.choice(REASONS))]
    if end is None and drawn < CANCELLED + habit.missed:
        return [*steps, Step(Status.NOSHOW, visit.ends_at, desk)]
    return [*steps, *_received(visit, team, desk, habit)]


def _received(visit: Appointment, team: Team, desk: User, habit: Habit) -> Iterator[Step]:
    """An early patient is called when the practitioner is free; whoever comes is seen."""
    late = habit.late * (1 if visit.starts_at.weekday() else MONDAYS)
    arrived = visit.starts_at - team.chance.randint(2, 14) * MINUTE
    called = max(arrived + MINUTE, visit.starts_at + round(team.chance.triangular(-6, late, 0)) * MINUTE)
    doctor = team.doctors.get(visit.practitioner.user_id or 0, desk)
    yield Step(Status.ARRIVED, arrived, desk)
    yield Step(Status.CHECKED_IN, called, doctor)
    yield Step(
        Status.FULFILLED, called + (visit.ends_at - visit.starts_at) - team.chance.randint(0, 6) * MINUTE, doctor
    )


def write_down(courses: Sequence[Course]) -> None:
    """Inserts the visits in their final state and their history in order of time; flushes."""
    told = [(course, list(_told(course))) for course in courses]
    db.session.add_all(course.visit for course in courses)
    db.session.flush()
    of_visit = [(course.visit, *each) for course, changes in told for each in changes]
    ordered = sorted(of_visit, key=lambda row: row[2].at)
    db.session.execute(insert(StatusEvent), [_status_row(visit, before, step) for visit, before, step, _ in ordered])
    db.session.execute(insert(AuditEvent), [_deed_row(*row) for row in ordered])


def _told(course: Course) -> Iterator[tuple[Status | None, Step, dict[str, Any]]]:
    """Applies the visit's steps: the state before each, and the changes."""
    visit, before = course.visit, None
    facts: Facts = {}
    for step in course.steps:
        if step.status is before:
            visit.confirmed_at = step.at
        else:
            visit.status, visit.status_since, visit.cancellation_reason = step.status, step.at, step.reason
        former, facts = facts, visit.facts
        yield before, step, differences(former, facts)
        before = visit.status


def _status_row(visit: Appointment, before: Status | None, step: Step) -> dict[str, Any]:
    return {
        "appointment_id": visit.id,
        "actor_id": step.actor.id,
        "at": step.at,
        "before": before,
        "after": step.status,
    }


def _deed_row(visit: Appointment, before: Status | None, step: Step, changes: dict[str, Any]) -> dict[str, Any]:
    return {
        "organization_id": visit.organization.id,
        "at": step.at,
        "actor_id": step.actor.id,
        "deed": deed_of(before, step.status),
        "patient_id": visit.patient.id,
        "appointment_id": visit.id,
        "changes": changes,
    }
