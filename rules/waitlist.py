"""Whom a freed time suits among those who wait for one."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from rules.part_of_day import PartOfDay, is_in_part


@dataclass(frozen=True)
class Opening:
    """A time that has become free; starts_at is on the clinic's wall clock."""

    practitioner_id: int
    starts_at: datetime
    length: timedelta


@dataclass(frozen=True)
class Wish:
    """What somebody waits for. An empty set of practitioners, weekdays (Monday is 0) or parts of the day means any.

    until: the last day that is any good; since: when the waiting began.
    """

    length: timedelta
    practitioner_ids: frozenset[int]
    weekdays: frozenset[int]
    parts: frozenset[PartOfDay]
    until: date | None
    is_urgent: bool
    since: datetime


def suits(wish: Wish, opening: Opening) -> bool:
    """Whether a visit of this length, with one of these practitioners, on such a day and hour, could stand there."""
    day = opening.starts_at.date()
    return (
        wish.length <= opening.length
        and (not wish.practitioner_ids or opening.practitioner_id in wish.practitioner_ids)
        and (not wish.weekdays or day.weekday() in wish.weekdays)
        and (not wish.parts or any(is_in_part(opening.starts_at.time(), part) for part in wish.parts))
        and (wish.until is None or day <= wish.until)
    )


def call_order(wish: Wish) -> tuple[bool, datetime]:
    """Whom to call first: the urgent, and of those who are equally urgent whoever has waited longest."""
    return not wish.is_urgent, wish.since
