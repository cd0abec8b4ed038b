"""The form for changing a practitioner's whole day; invalid values are replaced by the defaults."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from flask import request
from flask_babel import format_date
from flask_babel import gettext as _

from blueprints.clinic.appointment_fields import record_number
from blueprints.clinic.date_words import headline
from blueprints.clinic.fragments import read_date
from models.accounts import User
from models.clinic import Appointment, CancellationReason, JointChange, Practitioner
from models.clinic.booking import Booking
from models.clinic.day import Day
from models.clinic.day_change import cancel_day, move_day, places_for, visits_to_settle


class What(StrEnum):
    """What to do with the visits."""

    CANCEL = "cancel"
    MOVE = "move"


@dataclass(frozen=True)
class DayPlan:
    """The plan for one practitioner's day.

    visits: those not begun; chosen: those to be changed; to, on: the new practitioner and day; places: the free time
    there for each, or None.
    """

    day: Day
    doctor: Practitioner
    practitioners: Sequence[Practitioner]
    visits: list[Appointment]
    what: What
    reason: CancellationReason
    to: Practitioner
    on: date
    chosen: list[Appointment]
    places: dict[Appointment, Booking | None]

    @classmethod
    def read(cls, day: Day, doctor: Practitioner, now: datetime) -> "DayPlan":
        """From the submitted form; by default, cancels all visits."""
        typed = request.form
        practitioners = day.practitioners()
        visits = visits_to_settle(day, doctor, now)
        what = What(typed["what"]) if typed.get("what") in set(What) else What.CANCEL
        why = typed.get("reason", "")
        to = next((each for each in practitioners if each.id == record_number(typed.get("to"))), doctor)
        on = read_date(typed.get("on", "")) or day.date
        named = typed.getlist("visits")
        chosen = [each for each in visits if not typed or str(each.id) in named]
        is_elsewhere = what is What.MOVE and (to is not doctor or on != day.date)
        return cls(
            day,
            doctor,
            practitioners,
            visits,
            what,
            CancellationReason(why) if why in set(CancellationReason) else CancellationReason.PRACTITIONER,
            to,
            on,
            chosen,
            places_for(chosen, to, on, now) if is_elsewhere else {},
        )

    @property
    def title(self) -> str:
        """«Вторник, 24 ноября»"""
        return headline(self.day.date)

    @property
    def is_elsewhere(self) -> bool:
        """Whether a destination was chosen."""
        return self.to is not self.doctor or self.on != self.day.date

    @property
    def fault(self) -> str:
        """What is missing, in words; empty if nothing is."""
        if self.what is What.CANCEL or self.is_elsewhere:
            return ""
        return str(_("Выберите другого врача или другой день."))

    @property
    def moves(self) -> dict[Appointment, Booking]:
        """The visits for which there is a place."""
        return {visit: booking for visit, booking in self.places.items() if booking}

    @property
    def count(self) -> int:
        """How many visits will be changed."""
        return len(self.chosen) if self.what is What.CANCEL else len(self.moves)

    @property
    def is_ready(self) -> bool:
        return self.count > 0

    def place(self, visit: Appointment) -> str:
        """The visit's new time: «24 нояб., 11:30»; empty if there is none."""
        booking = self.places.get(visit)
        if booking is None:
            return ""
        local = booking.starts_at.astimezone(self.day.zone)
        clock = f"{local:%H:%M}"
        return clock if local.date() == self.day.date else f"{format_date(local.date(), 'd MMM')}, {clock}"

    def clock(self, visit: Appointment) -> str:
        return f"{visit.starts_at.astimezone(self.day.zone):%H:%M}"

    def carry_out(self, actor: User, now: datetime) -> JointChange:
        """Executes the plan, flushed. Raises Conflict and Stale as the functions of models.clinic.day_change do."""
        if self.what is What.CANCEL:
            return cancel_day(self.day, self.doctor, self.chosen, self.reason, actor, now)
        return move_day(self.day, self.doctor, self.moves, actor, now)
