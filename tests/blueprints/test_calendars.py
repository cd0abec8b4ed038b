"""Practitioners' calendars by secret links, and a visit as a file, read by a calendar library."""

from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from icalendar import Calendar, Event

from extensions import db
from models.accounts import Membership, Role
from models.base import utc_now
from models.clinic import AuditEvent, CalendarLink, CancellationReason, Deed
from models.clinic.audit import Question
from models.clinic.staff import Person, revise_practitioner
from models.errors import NotAllowed
from tests.support.page import PageClient
from tests.support.people import at, clinic, patient, person, practitioner, sign_in
from tests.support.queries import recorded_queries
from tests.support.visits import Desk


@pytest.fixture
def address(samal: Desk) -> str:
    """The URL of Seitqali's calendar, created by the owner."""
    marat = person("Marat", Role.OWNER, samal.organization)
    return f"/calendar/{CalendarLink.open(samal.seitqali, marat, utc_now()).code}.ics"


def read(client: PageClient, address: str) -> Calendar:
    answer = client.get(address)
    assert (answer.status_code, answer.mimetype) == (200, "text/calendar")
    calendar = Calendar.from_ical(answer.data)
    assert isinstance(calendar, Calendar)
    assert calendar.errors == []
    return calendar


def the_event(client: PageClient, address: str) -> Event:
    [event] = read(client, address).events
    return event


def test_a_visit_stands_at_its_time_with_initials_only(client: PageClient, samal: Desk, address: str) -> None:
    samal.book(samal.at(10))
    calendar = read(client, address)
    [event] = calendar.events
    assert (event.start, event.end) == (samal.at(10), samal.at(10, 30))
    assert (event["SUMMARY"], event["LOCATION"], event["STATUS"]) == ("Б. А., Консультация", "каб. 200", "CONFIRMED")
    assert str(event["URL"]).startswith("http://localhost/appointments/")
    assert "Ахметов" not in client.get(address).text
    [zone] = calendar.timezones
    assert zone["TZID"] == "Asia/Almaty"
    assert event["DTSTART"].params["TZID"] == "Asia/Almaty"


def test_the_zone_knows_that_the_clocks_of_almaty_changed(client: PageClient, samal: Desk, address: str) -> None:
    samal.book(samal.at(10))
    zone = read(client, address).timezones[0].to_tz()
    before, after = (at(samal.organization, 10, day=samal.at(10).date() + timedelta(days=days)) for days in (-1, 1))
    assert before.replace(tzinfo=zone).utcoffset() == after.replace(tzinfo=zone).utcoffset() == timedelta(hours=5)


def test_every_change_is_a_later_one_of_the_same_event(client: PageClient, samal: Desk, address: str) -> None:
    visit = samal.book(samal.at(10))
    booked = the_event(client, address)
    visit.move(samal.seitqali, samal.at(12), visit.version, samal.aigerim, utc_now())
    moved = the_event(client, address)
    visit.cancel(CancellationReason.PATIENT, visit.version, samal.aigerim, utc_now())
    cancelled = the_event(client, address)
    versions = [each.sequence for each in (booked, moved, cancelled)]
    assert booked.uid == moved.uid == cancelled.uid
    assert versions == sorted(set(versions))
    assert (moved.start, cancelled["STATUS"]) == (samal.at(12), "CANCELLED")


def test_a_calendar_that_has_it_already_is_told_so(client: PageClient, samal: Desk, address: str) -> None:
    visit = samal.book(samal.at(10))
    tag = client.get(address).headers["ETag"]
    assert client.get(address, headers={"If-None-Match": tag}).status_code == 304
    visit.confirm(visit.version, samal.aigerim, utc_now())
    assert client.get(address, headers={"If-None-Match": tag}).status_code == 200


def test_a_calendar_costs_the_same_with_many_visits(client: PageClient, samal: Desk, address: str) -> None:
    samal.book(samal.at(8))
    counts = []
    for hour in (9, 10):
        samal.book(samal.at(hour), patient=patient(samal.organization, f"Ли{hour}"))
        db.session.commit()
        with recorded_queries(db.engine) as queries:
            client.get(address)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 5


def test_a_link_that_was_replaced_or_guessed_leads_nowhere(client: PageClient, samal: Desk, address: str) -> None:
    saule = person("Saule", Role.OWNER, samal.organization)
    sign_in(client, saule)
    assert client.post(f"/calendars/{samal.seitqali.id}").status_code == 303
    assert client.get(address).status_code == 404
    assert client.get("/calendar/guessed.ics").status_code == 404
    new = CalendarLink.by_practitioner(samal.organization.id)[samal.seitqali.id].code
    assert new in client.get("/calendars").text
    client.post(f"/calendars/{samal.seitqali.id}/removal")
    assert client.get(f"/calendar/{new}.ics").status_code == 404
    deeds = [each.deed for each in AuditEvent.page(Question(samal.organization.id, actor_id=saule.id), None, 9)]
    assert deeds == [Deed.CALENDAR_CLOSED, Deed.CALENDAR_OPENED]


def test_practitioners_share_their_own_and_nobody_elses(client: PageClient, samal: Desk) -> None:
    gulnar = person("Gulnar", Role.PRACTITIONER, samal.organization)
    samal.seitqali.user_id = gulnar.id
    sign_in(client, gulnar)
    assert client.post(f"/calendars/{samal.seitqali.id}").status_code == 303
    assert client.post(f"/calendars/{samal.kim.id}").status_code == 403
    text = client.get("/calendars").text
    assert "Сейтқали" in text
    assert "Ким" not in text


def test_whoever_lost_their_place_reads_no_calendar(client: PageClient, samal: Desk, address: str) -> None:
    gulnar = person("Gulnar", Role.PRACTITIONER, samal.organization)
    samal.seitqali.user_id = gulnar.id
    assert client.get(address).status_code == 200
    db.session.delete(Membership.in_organization(gulnar, samal.organization.id))
    assert client.get(address).status_code == 404


def test_a_link_ends_with_the_account_of_whoever_had_it(client: PageClient, samal: Desk) -> None:
    gulnar = person("Gulnar", Role.PRACTITIONER, samal.organization)
    samal.seitqali.user_id = gulnar.id
    link = f"/calendar/{CalendarLink.open(samal.seitqali, gulnar, utc_now()).code}.ics"
    unchanged = Person("Сейтқали", "Гүлнар", "", "терапевт", gulnar.id)
    revise_practitioner(samal.organization, samal.seitqali, unchanged, samal.raushan, utc_now())
    db.session.commit()
    assert client.get(link).status_code == 200
    without = replace(unchanged, user_id=None)
    revise_practitioner(samal.organization, samal.seitqali, without, samal.raushan, utc_now())
    db.session.commit()
    assert client.get(link).status_code == 404


def test_the_desk_and_other_clinics_share_nothing(app: Flask, samal: Desk, desk_client: PageClient) -> None:
    stranger = practitioner(clinic("Чужая клиника"), "Чужая")
    assert desk_client.post(f"/calendars/{samal.seitqali.id}").status_code == 403
    assert desk_client.post(f"/calendars/{stranger.id}").status_code == 404
    assert "Здесь нет календарей" in desk_client.get("/calendars").text
    assert desk_client.get(f"/calendars/{samal.seitqali.id}").status_code == 405
    with pytest.raises(NotAllowed):
        CalendarLink.open(stranger, person("Marat", Role.OWNER, samal.organization), utc_now())


def test_a_visit_is_a_file_for_its_patient(desk_client: PageClient, samal: Desk) -> None:
    visit = samal.book(samal.at(10))
    path = f"/appointments/{visit.id}/calendar.ics"
    assert path in desk_client.get(f"/appointments/{visit.id}").text
    event = the_event(desk_client, path)
    assert (event["SUMMARY"], event.start) == ("Клиника «Самал»: Сейтқали Г.", samal.at(10))
    assert "Консультация" not in desk_client.get(path).text
    assert desk_client.get("/appointments/999/calendar.ics").status_code == 404
