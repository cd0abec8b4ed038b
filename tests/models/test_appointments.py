"""A visit's life cycle: booked without conflicts, changed, completed, and pushed to its watchers."""

from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

import pytest

from extensions import db
from models.base import utc_now
from models.clinic import Appointment, CancellationReason
from models.clinic.appointment import OutOfTurn
from models.clinic.day import Day
from models.clinic.day_topic import Hours, day_topic
from models.clinic.free_time import free_times, reason
from models.errors import Conflict, NotAllowed, Stale
from models.live_topic import parts_newer_than, touched_parts
from rules.booking import Status
from tests.support.people import patient
from tests.support.visits import Desk

BOTH = pytest.mark.both_databases
NOW = utc_now()


def refused(samal: Desk, starts_at: datetime, **changes: object) -> str:
    """Tries to book, which must be refused; returns the conflicting field."""
    db.session.commit()
    with pytest.raises(Conflict) as refusal:
        samal.book(starts_at, **changes)
    db.session.rollback()
    return reason(refusal.value, samal.booking(starts_at, **changes))


def become(visit: Appointment, samal: Desk, *statuses: Status) -> None:
    for status in statuses:
        visit.become(status, visit.version, samal.aigerim, utc_now())


@BOTH
@pytest.mark.parametrize(
    ("start", "minutes"),
    [((10, 0), 30), ((10, 15), 30), ((9, 45), 30), ((10, 10), 10), ((9, 30), 90), ((10, 25), 5), ((9, 0), 65)],
)
def test_two_patients_cannot_have_one_practitioner_at_once(samal: Desk, start: tuple[int, int], minutes: int) -> None:
    samal.book(samal.at(10))
    somebody = patient(samal.organization, "Ли")
    assert refused(samal, samal.at(*start), minutes=minutes, patient=somebody) == "time"


@BOTH
@pytest.mark.parametrize(("start", "minutes"), [((10, 30), 30), ((9, 30), 30), ((9, 0), 60), ((14, 0), 30)])
def test_visits_may_touch(samal: Desk, start: tuple[int, int], minutes: int) -> None:
    samal.book(samal.at(10))
    beside = samal.book(samal.at(*start), minutes=minutes, patient=patient(samal.organization, "Ли"))
    assert (beside.starts_at, beside.overbooked) == (samal.at(*start), False)


@BOTH
def test_a_patient_cannot_be_in_two_rooms_at_once(samal: Desk) -> None:
    samal.book(samal.at(10))
    assert refused(samal, samal.at(10, 15), practitioner=samal.kim) == "patient"


@BOTH
def test_a_room_holds_one_visit_at_a_time(samal: Desk) -> None:
    samal.kim.room = samal.seitqali.room
    samal.book(samal.at(10))
    somebody = patient(samal.organization, "Ли")
    assert refused(samal, samal.at(10), practitioner=samal.kim, patient=somebody) == "room"


@BOTH
@pytest.mark.parametrize("ended", [Status.CANCELLED, Status.NOSHOW])
def test_who_does_not_come_frees_the_time_and_cannot_take_it_back(samal: Desk, ended: Status) -> None:
    visit = samal.book(samal.at(10))
    become(visit, samal, ended)
    samal.book(samal.at(10), patient=patient(samal.organization, "Ли"))
    db.session.commit()
    with pytest.raises(Conflict):
        visit.undo(ended, visit.version, samal.aigerim, NOW)


@BOTH
def test_moving_a_little_further_is_no_clash_with_oneself(samal: Desk) -> None:
    visit = samal.book(samal.at(10))
    visit.move(samal.seitqali, samal.at(10, 15), visit.version, samal.aigerim, NOW)
    assert (visit.starts_at, visit.minutes) == (samal.at(10, 15), 30)


@BOTH
def test_moving_onto_somebody_is_refused(samal: Desk) -> None:
    samal.book(samal.at(11), practitioner=samal.kim, patient=patient(samal.organization, "Ли"))
    visit = samal.book(samal.at(10))
    db.session.commit()
    with pytest.raises(Conflict):
        visit.move(samal.kim, samal.at(11, 15), visit.version, samal.aigerim, NOW)


@pytest.mark.parametrize("is_new", [True, False])
def test_who_may_not_overbook_is_refused_by_the_verb_itself(samal: Desk, is_new: bool) -> None:
    samal.book(samal.at(10))
    over = samal.booking(samal.at(10), patient=patient(samal.organization, "Ли"), overbooked=True)
    other = samal.book(samal.at(12), patient=over.patient)
    book = partial(Appointment.book, samal.organization, over)
    with pytest.raises(NotAllowed):
        (book if is_new else partial(other.revise, over, other.version))(samal.aigerim, NOW)


def test_an_overbooked_visit_keeps_its_place_whoever_changes_the_rest(samal: Desk) -> None:
    samal.book(samal.at(10))
    over = samal.overbook(samal.at(10), patient=patient(samal.organization, "Ли"))
    over.revise(replace(over.booking, minutes=15, note="острая боль"), over.version, samal.aigerim, NOW)
    assert (over.minutes, over.overbooked) == (15, True)
    with pytest.raises(NotAllowed):
        over.revise(replace(over.booking, minutes=30), over.version, samal.aigerim, NOW)


@BOTH
def test_an_overbooked_visit_stands_beside_the_other_and_loses_the_mark_when_moved(samal: Desk) -> None:
    samal.book(samal.at(10))
    over = samal.overbook(samal.at(10), patient=patient(samal.organization, "Ли"))
    over.move(samal.seitqali, samal.at(11), over.version, samal.aigerim, NOW)
    assert not over.overbooked


@BOTH
def test_two_who_change_one_visit_do_not_undo_each_other(samal: Desk) -> None:
    visit = samal.book(samal.at(10))
    seen = visit.version
    visit.move(samal.kim, samal.at(12), seen, samal.aigerim, NOW)
    with pytest.raises(Stale):
        visit.cancel(CancellationReason.PATIENT, seen, samal.aigerim, NOW)


def test_the_usual_way_through_the_day_and_back(samal: Desk) -> None:
    visit = samal.book(samal.at(10))
    become(visit, samal, Status.ARRIVED, Status.CHECKED_IN, Status.FULFILLED)
    for status in (Status.FULFILLED, Status.CHECKED_IN, Status.ARRIVED):
        visit.undo(status, visit.version, samal.aigerim, NOW)
    assert visit.status is Status.BOOKED
    assert [event.after for event in visit.history()][::-1] == [
        Status.BOOKED,
        Status.ARRIVED,
        Status.CHECKED_IN,
        Status.FULFILLED,
        Status.CHECKED_IN,
        Status.ARRIVED,
        Status.BOOKED,
    ]


def test_a_step_that_life_does_not_have_is_out_of_turn(samal: Desk) -> None:
    visit = samal.book(samal.at(10))
    with pytest.raises(OutOfTurn):
        become(visit, samal, Status.FULFILLED)
    with pytest.raises(OutOfTurn):
        visit.undo(Status.ARRIVED, visit.version, samal.aigerim, NOW)


def test_what_has_ended_is_neither_moved_nor_confirmed(samal: Desk) -> None:
    visit = samal.book(samal.at(10))
    become(visit, samal, Status.NOSHOW)
    with pytest.raises(OutOfTurn):
        visit.move(samal.seitqali, samal.at(11), visit.version, samal.aigerim, NOW)
    with pytest.raises(OutOfTurn):
        visit.confirm(visit.version, samal.aigerim, NOW)


def test_the_history_knows_who_and_when(samal: Desk) -> None:
    visit = samal.book(samal.at(10))
    visit.confirm(visit.version, samal.aigerim, NOW)
    event = visit.latest_event
    assert event
    assert event.actor
    assert (event.actor.name, event.at) == ("Aigerim Satpaeva", NOW)


def test_a_move_is_told_in_both_columns_and_the_rail(samal: Desk) -> None:
    visit = samal.book(samal.at(10))
    db.session.commit()
    visit.move(samal.kim, samal.at(11), visit.version, samal.aigerim, NOW)
    topic = day_topic(samal.organization.id, samal.at(11).date())
    assert touched_parts(topic) == {f"column/{samal.seitqali.id}", f"column/{samal.kim.id}", "rail", "freed"}


def test_a_move_to_another_day_is_told_on_both(samal: Desk) -> None:
    visit = samal.book(samal.at(10))
    db.session.commit()
    visit.move(samal.seitqali, samal.at(10) + timedelta(days=1), visit.version, samal.aigerim, NOW)
    days = [samal.at(10).date(), samal.at(10).date() + timedelta(days=1)]
    assert all(touched_parts(day_topic(samal.organization.id, day)) for day in days)


def test_a_visit_outside_the_hours_stretches_every_column(samal: Desk) -> None:
    samal.book(samal.at(7))
    day = Day(samal.organization, samal.at(7).date())
    assert {"axis", f"column/{samal.kim.id}"} <= touched_parts(day.topic)
    assert day.hours() == day.hours_of(day.visits()) == Hours(7, 18)


def test_nobody_learns_of_what_was_rolled_back(samal: Desk) -> None:
    db.session.commit()
    samal.book(samal.at(10))
    topic = day_topic(samal.organization.id, samal.at(10).date())
    db.session.rollback()
    assert touched_parts(topic) == set()


def test_waiting_grows_at_the_next_minute_by_itself(samal: Desk) -> None:
    visit = samal.book(samal.at(10))
    now = NOW.replace(second=40)
    visit.become(Status.ARRIVED, visit.version, samal.aigerim, now)
    db.session.commit()
    topic = day_topic(samal.organization.id, samal.at(10).date())
    due = {part: due_at for part, _version, due_at in parts_newer_than(topic, 0) if due_at}
    minute = now.replace(second=0, microsecond=0) + timedelta(minutes=1)
    assert due == {f"column/{samal.seitqali.id}": minute, "rail": minute}


def test_a_visit_across_midnight_stands_on_both_days(samal: Desk) -> None:
    visit = samal.book(samal.at(23, 30), minutes=60)
    first = Day(samal.organization, samal.at(23).date())
    second = Day(samal.organization, first.date + timedelta(days=1))
    assert first.visits() == second.visits() == [visit]
    assert (first.hours(), second.hours()) == (Hours(8, 24), Hours(0, 18))


@BOTH
def test_a_day_is_the_clinics_and_not_utcs(samal: Desk) -> None:
    early, late = samal.book(samal.at(0, 10)), samal.book(samal.at(23, 45), minutes=15)
    assert Day(samal.organization, samal.at(12).date()).visits() == [early, late]


@BOTH
def test_the_nearest_times_are_free_for_everybody_involved(samal: Desk) -> None:
    samal.book(samal.at(10), patient=patient(samal.organization, "Ли"))
    samal.book(samal.at(10, 30), practitioner=samal.kim)
    free = free_times(samal.organization, samal.booking(samal.at(10)), NOW)
    assert [each.start for each in free] == [samal.at(9, 30), samal.at(9, 15), samal.at(11)]


def test_a_full_day_offers_the_next_one(samal: Desk) -> None:
    samal.book(samal.at(8), minutes=300, patient=patient(samal.organization, "Ли"))
    samal.book(samal.at(14), minutes=240, patient=patient(samal.organization, "Пак"))
    free = free_times(samal.organization, samal.booking(samal.at(10)), NOW)
    assert free[0].start == samal.at(8) + timedelta(days=1)


def test_past_times_are_not_offered(samal: Desk) -> None:
    free = free_times(samal.organization, samal.booking(samal.at(8)), samal.at(10, 2))
    assert free[0].start == samal.at(10, 5)


def test_who_works_no_more_is_offered_nothing(samal: Desk) -> None:
    for hours in samal.seitqali.available_times:
        db.session.delete(hours)
    db.session.commit()
    assert free_times(samal.organization, samal.booking(samal.at(8)), NOW) == []


@BOTH
def test_a_slip_of_the_hand_costs_no_waiting(samal: Desk) -> None:
    visit, came = samal.book(samal.at(10)), NOW - timedelta(minutes=24)
    visit.become(Status.ARRIVED, visit.version, samal.aigerim, came)
    visit.become(Status.CHECKED_IN, visit.version, samal.aigerim, NOW)
    visit.undo(Status.CHECKED_IN, visit.version, samal.aigerim, NOW)
    assert (visit.status, visit.status_since) == (Status.ARRIVED, came)
    visit.undo(Status.ARRIVED, visit.version, samal.aigerim, NOW)
    assert visit.status is Status.BOOKED, "and not back in the room"


@BOTH
def test_who_went_straight_in_does_not_come_back_to_the_waiting_room(samal: Desk) -> None:
    visit = samal.book(samal.at(10))
    become(visit, samal, Status.CHECKED_IN, Status.FULFILLED)
    visit.undo(Status.FULFILLED, visit.version, samal.aigerim, NOW)
    assert visit.before_step is Status.BOOKED
    visit.undo(Status.CHECKED_IN, visit.version, samal.aigerim, NOW)
    assert visit.status is Status.BOOKED
