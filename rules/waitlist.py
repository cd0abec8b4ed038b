"""Which wishes of the waiting list a freed time suits."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from rules.part_of_day import PartOfDay, is_in_part


@dataclass(frozen=True)
class Opening:
    """A freed time; starts_at is in the clinic's local time."""

    practitioner_id: int
    starts_at: datetime
    length: timedelta


@dataclass(frozen=True)
class Wish:
    """A patient's wish. An empty set of practitioners, weekdays (Monday is 0) or parts of the day means any.

    until: the last suitable day; since: when the waiting began.
    """

    length: timedelta
    practitioner_ids: frozenset[int]
    weekdays: frozenset[int]
    parts: frozenset[PartOfDay]
    until: date | None
    is_urgent: bool
    since: datetime


def suits(wish: Wish, opening: Opening) -> bool:
    """Whether a visit of this length, with these practitioners, weekdays and parts of the day, fits the freed time."""
    day = opening.starts_at.date()
    return (
        wish.length <= opening.length
        and (not wish.practitioner_ids or opening.practitioner_id in wish.practitioner_ids)
        and (not wish.weekdays or day.weekday() in wish.weekdays)
        and (not wish.parts or any(is_in_part(opening.starts_at.time(), part) for part in wish.parts))
        and (wish.until is None or day <= wish.until)
    )


def call_order(wish: Wish) -> tuple[bool, datetime]:
    """Sort key for whom to call first: the urgent, then whoever has waited longest."""
    return not wish.is_urgent, wish.since
