"""Where a visit is shown (days, weeks, the screen), and when its display changes by itself."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Protocol

from models.accounts import Organization
from models.clinic.availability import Availability
from models.clinic.day_topic import (
    AXIS,
    RAIL,
    WEEK,
    column_part,
    day_topic,
    days_of,
    hours_on,
    next_minute,
    touch_columns,
    touch_weeks,
    week_topic,
)
from models.clinic.practitioner import practitioner_ids
from models.clinic.screen import touch_screen
from models.live_topic import touch, touch_later
from rules.booking import Interval, Status
from rules.lateness import Planned, expected_starts, next_shift


class Standing(Protocol):
    """The part of a visit that decides where it is shown and when it will really begin."""

    @property
    def id(self) -> int: ...

    @property
    def practitioner_id(self) -> int: ...

    @property
    def status(self) -> Status: ...

    @property
    def status_since(self) -> datetime: ...

    @property
    def interval(self) -> Interval: ...


def expected_times(visits: Iterable[Standing], now: datetime) -> dict[int, datetime]:
    """Today's visits that will begin late: visit id -> expected start."""
    expected: dict[int, datetime] = {}
    for own in _by_practitioner(visits):
        starts = expected_starts([_planned(visit) for visit in own], now)
        expected.update((visit.id, start) for visit, start in zip(own, starts, strict=True) if start)
    return expected


def next_shift_of(visits: Iterable[Standing], now: datetime) -> datetime | None:
    """When the result of `expected_times` next changes by itself."""
    moments = [next_shift([_planned(visit) for visit in own], now) for own in _by_practitioner(visits)]
    return min((moment for moment in moments if moment), default=None)


def touch_standing(organization: Organization, practitioner_id: int, visit: Standing, now: datetime) -> None:
    """Touches every column and rail that shows the visit. A visit outside the opening hours extends the whole board."""
    zone, moves_at = organization.zone, _moves_at(visit, now)
    if organization.today(now) in days_of(visit.interval, zone):
        touch_screen(organization.id, now, moves_at)
    for day in days_of(visit.interval, zone):
        topic = day_topic(organization.id, day)
        columns = [practitioner_id]
        if hours_on(visit.interval, day, zone) not in Availability.on_days(organization, day, day).opening(day):
            touch(topic, AXIS)
            columns = practitioner_ids(organization.id)
        touch_columns(topic, columns)
        touch_weeks(organization.id, [practitioner_id], day)
        if moves_at:
            touch_later(topic, column_part(practitioner_id), moves_at)
            touch_later(topic, RAIL, moves_at)
            touch_later(week_topic(organization.id, practitioner_id, day), WEEK, moves_at)


def _moves_at(visit: Standing, now: datetime) -> datetime | None:
    """The next minute while somebody waits, or when a visit in progress runs over."""
    if visit.status is Status.ARRIVED:
        return next_minute(now)
    return next_shift([_planned(visit)], now)


def _planned(visit: Standing) -> Planned:
    return Planned(visit.interval, visit.status, visit.status_since)


def _by_practitioner(visits: Iterable[Standing]) -> Iterable[Sequence[Standing]]:
    own: dict[int, list[Standing]] = defaultdict(list)
    for visit in visits:
        own[visit.practitioner_id].append(visit)
    return own.values()
