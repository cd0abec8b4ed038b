"""States of recently changed visits on the board, as language-neutral values."""

from live.announcement import State
from models.clinic import Appointment, JointChange, Practitioner, Revision
from models.clinic.day import Day
from models.clinic.joint_change import OF_A_DAY, TOLD_BY_PHONE
from models.clinic.moves import Together
from rules.booking import Interval


def moved_state(move: Revision, day: Day) -> State:
    """Who was moved, from where to where, and by whom; both places show only what differs."""
    visit = move.appointment
    is_other_doctor = move.practitioner is not visit.practitioner
    is_other_length = move.interval.length != visit.interval.length
    return {
        "id": visit.id,
        "revision": visit.version,
        "name": visit.patient.short_name,
        "actor": move.actor.name if move.actor else "",
        "before": _place(move.interval, move.practitioner if is_other_doctor else None, is_other_length, day),
        "after": _place(visit.interval, visit.practitioner if is_other_doctor else None, is_other_length, day),
    }


def together_state(told: Together) -> State:
    """Which visits were changed together, how and by whom. visit: one of them, for browsers without scripts."""
    change, visit = told.change, told.visits[0]
    return {
        "id": change.id,
        "visit": visit.id,
        "deed": change.deed.value,
        "is_told": change.deed in TOLD_BY_PHONE,
        "name": _whose(change, visit),
        "actor": change.made_by.name if change.made_by else "",
        "count": change.size,
    }


def _whose(change: JointChange, visit: Appointment) -> str:
    """The practitioner or the patient concerned; empty for a whole board."""
    if change.deed in OF_A_DAY:
        return change.practitioner.short_name if change.practitioner else ""
    return visit.patient.short_name


def _place(interval: Interval, practitioner: Practitioner | None, is_whole: bool, day: Day) -> State:
    """day: the ISO date, only if it is another day; clock: «10:00–10:30», with the end if the length changed."""
    start, end = interval.start.astimezone(day.zone), interval.end.astimezone(day.zone)
    clock = f"{start:%H:%M}–{end:%H:%M}" if is_whole else f"{start:%H:%M}"
    date = "" if start.date() == day.date else start.date().isoformat()
    return {"day": date, "clock": clock, "practitioner": practitioner.short_name if practitioner else ""}
