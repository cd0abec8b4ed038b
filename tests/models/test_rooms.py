"""Rooms: their assignment, conflicts, and what follows when somebody moves."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Event

import pytest
from flask import Flask
from sqlalchemy import select

from extensions import db
from models.accounts import Organization, User
from models.base import utc_now
from models.clinic import Appointment, AuditEvent, Deed, Practitioner, Room, Service
from models.clinic.arrangement import Arranged, arrange_rooms, update_room, visits_ahead_by_room
from models.clinic.free_time import free_rooms, free_times
from models.clinic.next_free import Wish, next_free
from models.errors import Conflict
from models.live_topic import touched_parts
from rules.booking import Status
from tests.support.people import clinic, patient
from tests.support.queries import wait_for_locks
from tests.support.visits import Desk, desk

BOTH = pytest.mark.both_databases
NOW = utc_now()


def room(samal: Desk, name: str) -> Room:
    return Room.add(samal.organization.id, name, samal.aigerim, utc_now())


def arranged(samal: Desk, places: dict[Practitioner | Service, Room | None]) -> Arranged:
    return arrange_rooms(samal.organization, places, samal.aigerim, NOW)


def where(visit: Appointment) -> str:
    db.session.expire(visit)
    return visit.room.name if visit.room else ""


def test_a_visit_is_in_its_practitioners_room_unless_another_is_chosen(samal: Desk) -> None:
    hall = room(samal, "Процедурная")
    assert where(samal.book(samal.at(10))) == "200"
    assert where(samal.book(samal.at(11), room=hall)) == "Процедурная"


def test_a_service_may_need_a_room_of_its_own(samal: Desk) -> None:
    samal.service.room = room(samal, "УЗИ")
    assert where(samal.book(samal.at(10))) == "УЗИ"


def test_a_closed_room_is_nobodys(samal: Desk) -> None:
    own = samal.seitqali.room
    assert own
    own.revise(own.name, False, samal.aigerim, NOW)
    assert where(samal.book(samal.at(10))) == ""


@BOTH
def test_two_practitioners_with_one_apparatus_wait_for_each_other(samal: Desk) -> None:
    samal.service.room = room(samal, "УЗИ")
    samal.book(samal.at(10))
    db.session.commit()
    wanted = samal.booking(samal.at(10), practitioner=samal.kim, patient=patient(samal.organization, "Ли"))
    with pytest.raises(Conflict) as refusal:
        Appointment.book(samal.organization, wanted, samal.aigerim, NOW)
    assert refusal.value.field == "room"
    db.session.rollback()
    wanted = samal.booking(samal.at(10), practitioner=samal.kim, patient=patient(samal.organization, "Ли"))
    assert next(each.start for each in free_times(samal.organization, wanted, NOW)) == samal.at(10, 30)
    assert [each.name for each in free_rooms(samal.organization, wanted)] == ["200", "201"]


def test_the_nearest_time_knows_the_room_of_the_service(samal: Desk) -> None:
    apparatus = room(samal, "УЗИ")
    samal.service.room = apparatus
    samal.book(samal.at(8))
    db.session.flush()
    wish = Wish(30, [samal.kim], None, samal.at(8), apparatus)
    assert next_free(samal.organization, wish)[0].start == samal.at(8, 30)


def test_a_moved_visit_takes_a_chosen_room_along_and_leaves_a_usual_one(samal: Desk) -> None:
    usual, chosen = samal.book(samal.at(10)), samal.book(samal.at(12), room=room(samal, "Процедурная"))
    for visit in (usual, chosen):
        visit.move(samal.kim, visit.starts_at + timedelta(hours=3), visit.version, samal.aigerim, NOW)
    assert (where(usual), where(chosen)) == ("201", "Процедурная")


@BOTH
def test_practitioners_change_places_and_their_visits_with_them(samal: Desk) -> None:
    one = samal.book(samal.at(10))
    other = samal.book(samal.at(10), practitioner=samal.kim, patient=patient(samal.organization, "Ли"))
    first, second = samal.seitqali.room, samal.kim.room
    assert arranged(samal, {samal.seitqali: second, samal.kim: first}) == Arranged(2, 0)
    assert (where(one), where(other)) == ("201", "200")
    changes = db.session.scalars(select(AuditEvent).filter_by(appointment_id=one.id, deed=Deed.VISIT_REVISED)).one()
    assert changes.changes == {"room": ["200", "201"]}
    assigned = db.session.scalars(select(AuditEvent.changes).filter_by(deed=Deed.ROOM_ASSIGNED)).all()
    assert assigned == [
        {"practitioner": [None, samal.seitqali.short_name], "room": ["200", "201"]},
        {"practitioner": [None, samal.kim.short_name], "room": ["201", "200"]},
    ]


def test_who_opened_renamed_and_closed_a_room_is_kept(samal: Desk) -> None:
    hall = room(samal, "Процедурная")
    hall.revise("ЛФК", False, samal.aigerim, NOW)
    hall.revise("ЛФК", False, samal.aigerim, NOW)
    kept = db.session.execute(select(AuditEvent.deed, AuditEvent.changes).order_by(AuditEvent.id)).all()[-2:]
    assert [tuple(each) for each in kept] == [
        (Deed.ROOM_FURNISHED, {"room": [None, "Процедурная"]}),
        (Deed.ROOM_REVISED, {"room": ["Процедурная", "ЛФК"], "closed": [None, "yes"]}),
    ]


def test_what_finds_its_new_room_taken_stays(samal: Desk) -> None:
    hall = room(samal, "Процедурная")
    samal.book(samal.at(10), practitioner=samal.kim, patient=patient(samal.organization, "Ли"), room=hall)
    stays, goes = samal.book(samal.at(10)), samal.book(samal.at(11))
    assert arranged(samal, {samal.seitqali: hall}) == Arranged(1, 1)
    assert (where(stays), where(goes)) == ("200", "Процедурная")
    assert visits_ahead_by_room(samal.organization.id, NOW) == {hall.id: 2, stays.room_id: 1}


def test_what_is_past_and_what_was_chosen_on_purpose_stays_where_it_was(samal: Desk) -> None:
    past = samal.book(samal.at(10) - timedelta(days=3))
    chosen = samal.book(samal.at(10), room=room(samal, "Процедурная"))
    assert arranged(samal, {samal.seitqali: room(samal, "301")}) == Arranged(0, 0)
    assert (where(past), where(chosen)) == ("200", "Процедурная")


@BOTH
def test_no_two_rooms_have_one_name(samal: Desk) -> None:
    room(samal, "301")
    Room.add(clinic("Чужая клиника").id, "301", samal.aigerim, utc_now())
    db.session.commit()
    with pytest.raises(Conflict):
        room(samal, "301")


def test_a_renamed_room_shows_on_the_boards(samal: Desk) -> None:
    own = samal.seitqali.room
    assert own
    update_room(samal.organization, own, "204", True, samal.aigerim, NOW)
    today = samal.organization.today(NOW)
    assert f"column/{samal.seitqali.id}" in touched_parts(f"clinic/{samal.organization.id}/{today}")


@BOTH
def test_a_service_moves_while_a_desk_marks_one_of_its_visits(application: Flask) -> None:
    """The desk holds the practitioner's row, and continues only when the owner waits for its lock."""
    with application.app_context():
        samal = desk()
        samal.service.room = room(samal, "УЗИ")
        visit, wanted = samal.book(samal.at(10)), room(samal, "Новый")
        db.session.commit()
        ids = visit.id, samal.service.id, wanted.id, samal.aigerim.id
    with ThreadPoolExecutor(2) as two:
        has_locked = Event()
        marking = two.submit(marked, application, ids, has_locked)
        has_locked.wait()
        moving = two.submit(moved, application, ids)
        assert (marking.result(), moving.result()) == (Status.ARRIVED, Arranged(1, 0))


def marked(application: Flask, ids: tuple[int, ...], has_locked: Event) -> Status:
    """Marks the visit at Aigerim's desk; returns the outcome."""
    with application.app_context():
        visit, who = db.session.get_one(Appointment, ids[0]), db.session.get_one(User, ids[3])
        lock = select(Practitioner.id).filter_by(id=visit.practitioner_id).with_for_update()
        db.session.execute(lock)
        has_locked.set()
        wait_for_locks()
        visit.become(Status.ARRIVED, visit.version, who, NOW)
        db.session.commit()
        return visit.status


def moved(application: Flask, ids: tuple[int, ...]) -> Arranged:
    """Gives the service another room as the owner; returns the outcome."""
    with application.app_context():
        service, wanted = db.session.get_one(Service, ids[1]), db.session.get_one(Room, ids[2])
        own = db.session.get_one(Organization, service.organization_id)
        done = arrange_rooms(own, {service: wanted}, db.session.get_one(User, ids[3]), NOW)
        db.session.commit()
        return done
