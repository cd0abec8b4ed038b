"""The owner's report on past weeks: utilization, missed visits, waiting times, new patients.

The database computes all sums, by practitioner and by week in the clinic's time zone.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import CTE, ColumnElement, Integer, case, func, literal, select, union_all

from extensions import db
from models.accounts import Organization
from models.clinic.appointment import Appointment
from models.clinic.availability import Availability
from models.clinic.day_topic import monday_of, whole_day
from models.clinic.practitioner import Practitioner
from models.clinic.status_event import StatusEvent
from models.types import UtcDateTime
from rules.booking import Status

WEEK = timedelta(days=7)
NOT_COUNTED = (Status.CANCELLED, Status.ENTERED_IN_ERROR)


@dataclass(frozen=True)
class Tally:
    """Sums that can be added up. first: patients who had never been seen in this clinic before."""

    visits: int = 0
    seen: int = 0
    missed: int = 0
    booked_minutes: int = 0
    open_minutes: int = 0
    waits: int = 0
    waited_minutes: int = 0
    first: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(*(mine + theirs for mine, theirs in zip(self._sums(), other._sums(), strict=True)))

    @property
    def load(self) -> float | None:
        """The share of the open time that was taken; above 1 if visits were outside the hours."""
        return self.booked_minutes / self.open_minutes if self.open_minutes else None

    @property
    def missed_share(self) -> float | None:
        """The share of missed visits among those that are over."""
        over = self.seen + self.missed
        return self.missed / over if over else None

    @property
    def wait(self) -> float | None:
        """The average minutes between arriving and being called."""
        return self.waited_minutes / self.waits if self.waits else None

    def _sums(self) -> tuple[int, ...]:
        return tuple(vars(self).values())


Cells = dict[tuple[int, date], Tally]


@dataclass(frozen=True)
class Report:
    """The weeks of these practitioners: `weeks` whole weeks from Monday `first` on."""

    organization: Organization
    practitioners: Sequence[Practitioner]
    first: date
    weeks: int

    @property
    def mondays(self) -> list[date]:
        return [self.first + WEEK * number for number in range(self.weeks)]

    def cells(self) -> Cells:
        """By practitioner and Monday; six statements, however many visits there were."""
        cells: Cells = defaultdict(Tally)
        for sums in (self._visits(), self._waits(), self._firsts()):
            for practitioner_id, number, given in sums:
                key = (practitioner_id, self.mondays[number])
                cells[key] = replace(cells[key], **given)
        for key, minutes in self._open_minutes().items():
            cells[key] = replace(cells[key], open_minutes=minutes)
        return cells

    def _visits(self) -> Iterator[tuple[int, int, dict[str, Any]]]:
        weeks = self._calendar()
        sums = self._grouped(
            weeks,
            func.count(),
            _how_many(Appointment.status == Status.FULFILLED),
            _how_many(Appointment.status == Status.NOSHOW),
            func.sum(_minutes(Appointment.starts_at, Appointment.ends_at)),
        )
        for doctor, week, visits, seen, missed, minutes in db.session.execute(sums):
            yield doctor, week, {"visits": visits, "seen": seen, "missed": missed, "booked_minutes": round(minutes)}

    def _waits(self) -> Iterator[tuple[int, int, dict[str, Any]]]:
        """From the first arrival to the last call: going back to the waiting room does not interrupt the wait."""
        entered = {
            status: func.min(StatusEvent.at).filter(StatusEvent.after == status)
            for status in (Status.ARRIVED, Status.CHECKED_IN)
        }
        weeks = self._calendar()
        came = (
            self._within(weeks, Appointment.id.label("visit"))
            .join(StatusEvent, StatusEvent.appointment_id == Appointment.id)
            .where(StatusEvent.after.in_(entered), StatusEvent.before != StatusEvent.after)
            .group_by(Appointment.practitioner_id, weeks.c.number, Appointment.id)
        )
        waited = came.add_columns(*(at.label(status.name.lower()) for status, at in entered.items())).subquery()
        minutes = _minutes(waited.c.arrived, waited.c.checked_in)
        sums = select(waited.c.practitioner_id, waited.c.number, func.count(), func.sum(minutes))
        sums = sums.where(waited.c.checked_in > waited.c.arrived)
        for doctor, week, count, total in db.session.execute(sums.group_by(waited.c.practitioner_id, waited.c.number)):
            yield doctor, week, {"waits": count, "waited_minutes": round(total)}

    def _firsts(self) -> Iterator[tuple[int, int, dict[str, Any]]]:
        seen = select(Appointment.patient_id, func.min(Appointment.starts_at).label("at"))
        seen = seen.where(Appointment.organization_id == self.organization.id, Appointment.status == Status.FULFILLED)
        earliest = seen.group_by(Appointment.patient_id).subquery()
        weeks = self._calendar()
        is_first = (earliest.c.patient_id == Appointment.patient_id) & (earliest.c.at == Appointment.starts_at)
        sums = self._grouped(weeks, func.count()).join(earliest, is_first).where(Appointment.status == Status.FULFILLED)
        for doctor, week, first in db.session.execute(sums):
            yield doctor, week, {"first": first}

    def _open_minutes(self) -> dict[tuple[int, date], int]:
        """From the week of the clinic's first visit on: before that there was nothing to be booked."""
        last = self.first + WEEK * self.weeks - timedelta(days=1)
        availability = Availability.on_days(self.organization, self.first, last)
        minutes: dict[tuple[int, date], int] = defaultdict(int)
        begun = max(self.first, self._beginning() or last + WEEK)
        for ahead in range((last - begun).days + 1):
            day = begun + timedelta(days=ahead)
            for doctor in self.practitioners:
                hours = availability.open_hours(doctor, day)
                length = sum((each.length for each in hours), timedelta())
                minutes[doctor.id, monday_of(day)] += int(length.total_seconds() // 60)
        return minutes

    def _beginning(self) -> date | None:
        earliest = select(func.min(Appointment.starts_at)).filter_by(organization_id=self.organization.id)
        first = db.session.scalar(earliest)
        return monday_of(self.organization.today(first)) if first else None

    def _calendar(self) -> CTE:
        """The weeks as a table of instants: the database does not know when midnight was in the clinic's time zone."""
        rows = [
            select(
                literal(number, Integer).label("number"),
                literal(self._midnight(monday), UtcDateTime).label("begins"),
                literal(self._midnight(monday + WEEK), UtcDateTime).label("ends"),
            )
            for number, monday in enumerate(self.mondays)
        ]
        return union_all(*rows).cte("week")

    def _within(self, weeks: CTE, *columns: ColumnElement[Any]) -> Any:
        """The practitioners' visits that count, each with its week."""
        own = [doctor.id for doctor in self.practitioners]
        falls = (Appointment.starts_at >= weeks.c.begins) & (Appointment.starts_at < weeks.c.ends)
        counted = select(Appointment.practitioner_id, weeks.c.number, *columns).join(weeks, falls)
        return counted.where(
            Appointment.organization_id == self.organization.id,
            Appointment.practitioner_id.in_(own),
            Appointment.status.not_in(NOT_COUNTED),
        )

    def _grouped(self, weeks: CTE, *sums: ColumnElement[Any]) -> Any:
        return self._within(weeks, *sums).group_by(Appointment.practitioner_id, weeks.c.number)

    def _midnight(self, day: date) -> datetime:
        return whole_day(day, self.organization.zone).start


def _how_many(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.sum(case((condition, 1), else_=0))


def _minutes(start: Any, end: Any) -> ColumnElement[Any]:
    """The minutes between two instants, in SQL that works on both databases."""
    if db.engine.dialect.name == "sqlite":
        return (func.julianday(end) - func.julianday(start)) * 24 * 60
    return func.extract("epoch", end - start) / 60
