"""When practitioners work: the week, absences, holidays, extra hours, and visits in closed time."""

from datetime import date, datetime, time, timedelta

import pytest

from extensions import db
from models.base import utc_now
from models.clinic import AvailabilityException, ExceptionKind, Practitioner
from models.clinic.affected import affected_visits, cancel_all, move_all
from models.clinic.availability import Availability, Departure, is_open
from models.clinic.day import Day
from models.clinic.day_topic import Hours, whole_day
from models.clinic.free_time import free_times
from models.live_topic import touched_parts
from rules.booking import Interval, Status
from tests.support.people import at, patient
from tests.support.visits import Desk

BOTH = pytest.mark.both_databases
NOW = utc_now()
SHIFT = date(2024, 3, 1)  # Almaty put its clocks back by an hour at this midnight.


def mark(
    samal: Desk,
    start: datetime,
    end: datetime,
    doctor: Practitioner | None = None,
    kind: ExceptionKind = ExceptionKind.CLOSED,
) -> AvailabilityException:
    said = Departure(kind, doctor, Interval(start, end), "Отпуск")
    return AvailabilityException.mark(samal.organization, said, samal.aigerim, NOW)


def hours(samal: Desk, doctor: Practitioner, day: date | None = None) -> str:
    """The practitioner's hours tomorrow or on the given day, as «08:00–13:00 14:00–18:00»."""
    shown = Day(samal.organization, day or samal.at(10).date())
    zone = samal.organization.zone
    return " ".join(
        f"{each.start.astimezone(zone):%H:%M}–{each.end.astimezone(zone):%H:%M}" for each in shown.open_hours(doctor)
    )


@BOTH
def test_who_is_away_is_away_and_the_others_are_not(samal: Desk) -> None:
    mark(samal, samal.at(10), samal.at(15), samal.seitqali)
    assert hours(samal, samal.seitqali) == "08:00–10:00 15:00–18:00"
    assert hours(samal, samal.kim) == "08:00–13:00 14:00–18:00"


@BOTH
def test_on_a_holiday_nobody_is_there_but_who_says_so(samal: Desk) -> None:
    mark(samal, samal.at(0), samal.at(0) + timedelta(days=1))
    mark(samal, samal.at(9), samal.at(12), samal.kim, ExceptionKind.EXTRA)
    assert hours(samal, samal.seitqali) == ""
    assert hours(samal, samal.kim) == "09:00–12:00"


def test_the_boards_hours_are_those_of_its_weekday(samal: Desk) -> None:
    day = samal.at(10).date()
    samal.kim.set_weekly_hours({day.weekday(): [(time(7), time(20, 30))]}, day)
    first, last = day, day + timedelta(days=1)
    hours = Availability.on_days(samal.organization, first, last)
    assert (hours.opening(first), hours.opening(last)) == (Hours(7, 21), Hours(8, 18))


def test_ones_own_absence_wins_over_ones_extra_hours(samal: Desk) -> None:
    mark(samal, samal.at(18), samal.at(21), samal.kim, ExceptionKind.EXTRA)
    mark(samal, samal.at(19), samal.at(20), samal.kim)
    assert hours(samal, samal.kim) == "08:00–13:00 14:00–19:00 20:00–21:00"


@BOTH
def test_an_absence_over_midnight_takes_of_both_days(samal: Desk) -> None:
    mark(samal, samal.at(16), samal.at(9) + timedelta(days=1), samal.kim)
    assert hours(samal, samal.kim) == "08:00–13:00 14:00–16:00"
    assert hours(samal, samal.kim, samal.at(10).date() + timedelta(days=1)) == "09:00–13:00 14:00–18:00"


@BOTH
def test_the_day_on_which_the_clocks_go_back_is_closed_to_its_last_hour(samal: Desk) -> None:
    zone = samal.organization.zone
    long_day = whole_day(SHIFT - timedelta(days=1), zone)
    assert long_day.length == timedelta(hours=25)
    mark(samal, long_day.start, long_day.end)
    assert hours(samal, samal.kim, SHIFT - timedelta(days=1)) == ""
    assert hours(samal, samal.kim, SHIFT) == "08:00–13:00 14:00–18:00"
    eight = [datetime.combine(day, time(8), zone) for day in (SHIFT - timedelta(days=1), SHIFT)]
    assert Interval(*eight).length == timedelta(hours=25)


def test_extra_hours_over_the_change_of_clocks_keep_their_hour(samal: Desk) -> None:
    eve = SHIFT - timedelta(days=1)
    ten, two = at(samal.organization, 22, day=eve), at(samal.organization, 2, day=SHIFT)
    mark(samal, ten, two, samal.kim, ExceptionKind.EXTRA)
    days = Availability.on_days(samal.organization, eve, SHIFT)
    assert days.open_hours(samal.kim, eve)[-1].length == timedelta(hours=3)
    assert days.open_hours(samal.kim, SHIFT)[0].length == timedelta(hours=2)


@BOTH
def test_free_times_know_of_absences_and_of_extra_hours(samal: Desk) -> None:
    tomorrow = samal.at(10).date()
    mark(samal, samal.at(0), samal.at(0) + timedelta(days=3), samal.kim)
    found = free_times(samal.organization, samal.booking(samal.at(10), practitioner=samal.kim), NOW)
    assert found[0].start == at(samal.organization, 8, day=tomorrow + timedelta(days=3))
    extra = at(samal.organization, 20, day=tomorrow + timedelta(days=3))
    mark(samal, extra, extra + timedelta(hours=1), samal.seitqali, ExceptionKind.EXTRA)
    late = samal.booking(extra)
    assert free_times(samal.organization, late, NOW)[0].start == extra


@BOTH
def test_the_board_grows_with_extra_hours_and_never_shrinks(samal: Desk) -> None:
    day = Day(samal.organization, samal.at(10).date())
    assert day.hours() == Hours(8, 18)
    mark(samal, samal.at(19, 30), samal.at(21, 15), samal.kim, ExceptionKind.EXTRA)
    mark(samal, samal.at(0), samal.at(12))
    day = Day(samal.organization, samal.at(10).date())
    assert day.hours() == day.hours_of(day.visits()) == Hours(8, 22)


@BOTH
def test_the_boards_of_all_its_days_follow(samal: Desk) -> None:
    db.session.commit()
    marked = mark(samal, samal.at(12), samal.at(12) + timedelta(days=1), samal.kim)
    days = [Day(samal.organization, samal.at(10).date() + timedelta(days=ahead)) for ahead in range(3)]
    own = {f"column/{samal.kim.id}"}
    assert [touched_parts(day.topic) for day in days] == [own, own, set()]
    db.session.commit()
    marked.remove()
    assert touched_parts(days[0].topic) == own


def test_extra_hours_redraw_the_whole_day(samal: Desk) -> None:
    db.session.commit()
    mark(samal, samal.at(19), samal.at(20), samal.kim, ExceptionKind.EXTRA)
    parts = touched_parts(Day(samal.organization, samal.at(10).date()).topic)
    assert parts == {"axis", f"column/{samal.kim.id}", f"column/{samal.seitqali.id}"}


def test_being_open_is_said_of_the_whole_visit(samal: Desk) -> None:
    def opened(*clock: int, minutes: int = 30) -> bool:
        return is_open(samal.organization, samal.kim, samal.booking(samal.at(*clock), minutes=minutes).interval)

    assert opened(8)
    assert opened(12, 30)
    assert not opened(12, 45)
    assert not opened(7, 30)
    mark(samal, samal.at(22), samal.at(2) + timedelta(days=1), samal.kim, ExceptionKind.EXTRA)
    assert opened(23, 30, minutes=60)


@BOTH
def test_a_changed_week_is_todays_already(samal: Desk) -> None:
    db.session.commit()
    tomorrow = samal.at(10).date()
    samal.kim.set_weekly_hours({tomorrow.weekday(): [(time(10), time(12))]}, samal.organization.today(NOW))
    assert hours(samal, samal.kim) == "10:00–12:00"
    assert hours(samal, samal.kim, tomorrow + timedelta(days=1)) == ""
    assert f"column/{samal.kim.id}" in touched_parts(Day(samal.organization, tomorrow).topic)


def away(samal: Desk, first: int, last: int) -> Departure:
    return Departure(ExceptionKind.CLOSED, samal.seitqali, Interval(samal.at(first), samal.at(last)))


@BOTH
def test_the_affected_are_those_who_still_wait_for_that_time(samal: Desk) -> None:
    inside = samal.book(samal.at(10))
    across = samal.book(samal.at(9, 45), minutes=15, patient=patient(samal.organization, "Ли"))
    gone = samal.book(samal.at(11), patient=patient(samal.organization, "Пак"))
    gone.become(Status.NOSHOW, gone.version, samal.aigerim, NOW)
    samal.book(samal.at(11), practitioner=samal.kim)
    number = samal.organization.id
    assert affected_visits(number, away(samal, 10, 12), NOW) == [inside]
    assert affected_visits(number, away(samal, 9, 12), NOW) == [across, inside]
    everybody = Departure(ExceptionKind.CLOSED, None, Interval(samal.at(9), samal.at(12)))
    assert len(affected_visits(number, everybody, NOW)) == 3
    assert affected_visits(number, everybody, samal.at(13)) == []


@BOTH
def test_all_affected_are_moved_one_after_another(samal: Desk) -> None:
    for number in range(3):
        samal.book(samal.at(10) + timedelta(minutes=30 * number), patient=patient(samal.organization, f"Ли{number}"))
    said = away(samal, 8, 18)
    visits = affected_visits(samal.organization.id, said, NOW)
    AvailabilityException.mark(samal.organization, said, samal.aigerim, NOW)
    move_all(visits, samal.aigerim, NOW)
    starts = {visit.starts_at for visit in visits}
    zone, next_day = samal.organization.zone, samal.at(10).date() + timedelta(days=1)
    assert {start.astimezone(zone).date() for start in starts} == {next_day}
    assert len(starts) == 3


def test_all_affected_are_cancelled_because_there_is_nobody(samal: Desk) -> None:
    visit = samal.book(samal.at(10))
    cancel_all([visit], samal.aigerim, NOW)
    assert (visit.status, visit.cancellation_reason) == (Status.CANCELLED, "prov")
