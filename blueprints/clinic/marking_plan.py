"""The form in which the visits of a day are marked; invalid values are replaced by the defaults."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cached_property

from flask import request

from blueprints.clinic.appointment_fields import record_number
from blueprints.clinic.appointment_words import said_of
from blueprints.clinic.date_words import headline
from extensions import db
from models.accounts import User
from models.clinic import Appointment, JointChange
from models.clinic.day import Day
from models.clinic.day_change import mark_day
from models.errors import Stale
from rules.booking import Status, may_become

OF_VISIT = "mark-"


class Mark(StrEnum):
    """What is chosen for a visit."""

    SEEN = "seen"
    MISSED = "missed"
    LEFT = "left"


BECOMES = {Mark.SEEN: Status.FULFILLED, Mark.MISSED: Status.NOSHOW}


@dataclass(frozen=True)
class Row:
    """A visit with its mark, and those it may have.

    is_changed: by somebody else while the form was open, so that the choice was dropped.
    """

    visit: Appointment
    mark: Mark
    possible: list[Mark]
    is_changed: bool


@dataclass(frozen=True)
class MarkingPlan:
    """What the visits of a day will be marked as. gone: changed otherwise than chosen meanwhile."""

    day: Day
    rows: list[Row]
    gone: list[Appointment]

    @classmethod
    def read(cls, day: Day, now: datetime) -> "MarkingPlan":
        """From the submitted form; by default who was in the room was seen, and the others are left."""
        rows = [_row(visit) for visit in day.unmarked(now)]
        shown = {row.visit.id for row in rows}
        missing = {number: status for number, status in _chosen().items() if number not in shown}
        return cls(day, rows, _changed_otherwise(day, missing))

    @property
    def title(self) -> str:
        """«Вторник, 24 ноября»"""
        return headline(self.day.date)

    @cached_property
    def marks(self) -> dict[Appointment, Status]:
        """What each visit becomes, without those that are left."""
        return {row.visit: BECOMES[row.mark] for row in self.rows if row.mark is not Mark.LEFT}

    @property
    def is_outdated(self) -> bool:
        """Whether a visit of the form was changed since the form was shown."""
        return bool(self.gone) or any(row.is_changed for row in self.rows)

    @property
    def others_changes(self) -> list[tuple[str, Appointment]]:
        """What the visits that are gone are now, in words."""
        return [(said_of(visit), visit) for visit in self.gone]

    def clock(self, visit: Appointment) -> str:
        return f"{visit.starts_at.astimezone(self.day.zone):%H:%M}"

    def carry_out(self, actor: User, now: datetime) -> JointChange:
        """Marks the visits, flushed. Raises Stale if the form is outdated, OutOfTurn as become does."""
        if self.is_outdated:
            raise Stale
        return mark_day(self.day, self.marks, actor, now)


def _row(visit: Appointment) -> Row:
    """A mark is read only together with the version for which it was chosen: who was not on the form is left."""
    typed = request.form
    usual = Mark.SEEN if visit.status is Status.CHECKED_IN and not typed else Mark.LEFT
    seen, possible = typed.get(f"version-{visit.id}"), _marks_of(visit)
    is_changed = seen is not None and record_number(seen) != visit.version
    own = typed.get(f"{OF_VISIT}{visit.id}") if seen is not None else None
    wanted = () if is_changed else (typed.get("everybody"), own)
    return Row(visit, next((Mark(each) for each in wanted if each in possible), usual), possible, is_changed)


def _marks_of(visit: Appointment) -> list[Mark]:
    """Who has come was not missed."""
    return [each for each in Mark if each is Mark.LEFT or may_become(visit.status, BECOMES[each], is_over=True)]


def _changed_otherwise(day: Day, wanted: Mapping[int, Status]) -> list[Appointment]:
    """The visits, by id, that are not by now what they were to become."""
    named = Appointment.of(day.organization.id).where(Appointment.id.in_(wanted))
    return [visit for visit in db.session.scalars(named) if visit.status is not wanted[visit.id]] if wanted else []


def _chosen() -> dict[int, Status]:
    """What the visits are to become for which a mark was chosen, by id."""
    chosen = {name.removeprefix(OF_VISIT): value for name, value in request.form.items() if name.startswith(OF_VISIT)}
    known = {record_number(name): BECOMES[Mark(value)] for name, value in chosen.items() if value in BECOMES}
    return {number: status for number, status in known.items() if number}
