"""A practitioner's own list of today."""

from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from typing import cast

import pytest
from flask import Flask
from flask_babel import force_locale
from werkzeug.test import TestResponse

from blueprints.clinic.date_words import headline
from blueprints.clinic.waiting_room import room_state
from blueprints.clinic.week_fragments import OWN_LIST as OWN_VIEW
from blueprints.clinic.week_fragments import week_redrawn
from extensions import db
from models.accounts import Role, User
from models.base import utc_now
from models.clinic import Appointment, AuditEvent, Deed, QueueTicket, Screen
from models.clinic.audit import Question
from models.clinic.day_topic import WEEK, monday_of, week_topic
from models.clinic.staff import limit_sight
from models.clinic.ticket import Errand
from models.clinic.week import Week
from models.live_topic import touched_parts
from rules.booking import Status
from rules.tickets import TicketKind
from tests.support.page import PageClient
from tests.support.people import patient, person, sign_in
from tests.support.stream import Stream
from tests.support.visits import Desk


@pytest.fixture
def doctor(samal: Desk) -> User:
    """Seitqali herself."""
    known = person("Gulnar Seitqali", Role.PRACTITIONER, samal.organization)
    samal.seitqali.user_id = known.id
    return known


def come_now(samal: Desk, **changes: object) -> Appointment:
    """Books a visit for the present time."""
    now = utc_now()
    return samal.book(now.replace(minute=now.minute // 5 * 5, second=0, microsecond=0), minutes=5, **changes)


def test_a_practitioner_begins_with_their_own_list(client: PageClient, samal: Desk, doctor: User) -> None:
    visit = come_now(samal)
    come_now(samal, practitioner=samal.kim, patient=patient(samal.organization, "Оспанова"))
    samal.book(samal.at(10), patient=patient(samal.organization, "Ли"))
    visit.become(Status.ARRIVED, visit.version, samal.aigerim, utc_now())
    sign_in(client, doctor)
    assert client.get("/schedule").location == "/schedule/own"
    text = client.get("/schedule/own").text
    assert "Ахметов Болат" in text
    assert "Пришёл, ждёт, 0 мин" in text
    assert "Оспанова" not in text
    assert "Ли Болат" not in text


def test_a_day_without_visits_says_so(client: PageClient, samal: Desk, doctor: User) -> None:
    sign_in(client, doctor)
    assert "На сегодня никто не записан." in client.get("/schedule/own").text


def test_the_list_names_its_date_which_is_the_next_one_after_midnight(app: Flask, samal: Desk) -> None:
    now = utc_now()
    today = samal.organization.today(now)
    week = Week(samal.organization, samal.seitqali, monday_of(today))
    with app.test_request_context(), force_locale("ru"):
        for day in (week.monday, week.monday + timedelta(days=1)):
            assert headline(day) in week_redrawn(week, now + (day - today), OWN_VIEW)
        assert "Наступил новый день." in week_redrawn(week, now + timedelta(days=7), OWN_VIEW)


@pytest.mark.parametrize("role", [Role.PRACTITIONER, Role.RECEPTIONIST, Role.OWNER])
def test_who_is_no_practitioner_here_sees_everybody(client: PageClient, samal: Desk, role: Role) -> None:
    sign_in(client, person("Marat", role, samal.organization))
    today = samal.organization.today(utc_now())
    assert client.get("/schedule/own").location == f"/schedule/{today}"


def test_the_list_stays_true_by_itself(client: PageClient, samal: Desk, doctor: User, app: Flask) -> None:
    visit = come_now(samal)
    db.session.commit()
    sign_in(client, doctor)
    page = client.get("/schedule/own").text
    stream_address = page.split('hx-sse:connect="')[1].split('"')[0].replace("&amp;", "&")
    aigerim = app.test_client()
    sign_in(aigerim, samal.aigerim)
    with closing(Stream(client, stream_address)) as stream:
        aigerim.post(f"/appointments/{visit.id}/arrival", data={"version": visit.version})
        sent, chunks = b"", cast(Iterator[bytes], iter(stream.answer.response))
        while b"</hx-partial>" not in sent:
            sent += next(chunks)
    assert "Пришёл, ждёт" in sent.decode()
    assert 'hx-target="#week"' in sent.decode()


def test_others_are_refused(client: PageClient, samal: Desk) -> None:
    assert client.get("/schedule/own").location.startswith("/sign-in")
    sign_in(client, person("Madina", Role.SCORER, samal.organization))
    assert client.get("/schedule/own").status_code == 403
    assert client.post("/schedule/own").status_code == 405


def test_the_list_of_an_owner_who_sees_patients_offers_all_doctors_whatever_doctors_see(
    client: PageClient, samal: Desk, doctor: User
) -> None:
    limit_sight(samal.organization, True, samal.raushan, utc_now())
    assert touched_parts(week_topic(samal.organization.id, samal.kim.id, samal.organization.today(utc_now()))) == {WEEK}
    for role, is_limitable in ((Role.PRACTITIONER, True), (Role.OWNER, False)):
        doctor.memberships[0].role = role
        db.session.commit()
        sign_in(client, doctor)
        text = client.get("/schedule/own").text
        assert ("may-be-narrow" in text) is is_limitable
        assert "is-narrow" in text


def test_who_waits_with_a_ticket_stands_on_the_list_of_its_practitioner(
    client: PageClient, samal: Desk, doctor: User
) -> None:
    for whom in (samal.seitqali, samal.seitqali, samal.kim, None):
        QueueTicket.take(samal.organization, Errand(TicketKind.VISIT, whom), samal.aigerim, utc_now())
    first = db.session.scalars(QueueTicket.of(samal.organization.id)).first()
    assert first
    first.call(samal.seitqali, first.version, samal.aigerim, utc_now())
    sign_in(client, doctor)
    text = client.get("/schedule/own").text
    assert "По талонам" in text
    assert [code for code in ("А01", "А02", "А03", "А04") if code in text] == ["А01", "А02"]
    assert "Вызван, с " in text
    assert "Ждёт, 0 мин" in text


OWN_LIST = {"HX-Request": "true", "HX-Current-URL": "http://localhost/schedule/own"}


def step(client: PageClient, visit: Appointment, noun: str, headers: dict[str, str] | None = None) -> TestResponse:
    db.session.refresh(visit)
    return client.post(f"/appointments/{visit.id}/{noun}", data={"version": visit.version}, headers=headers)


def test_a_practitioner_calls_in_calls_again_and_lets_go(client: PageClient, samal: Desk, doctor: User) -> None:
    visit = come_now(samal)
    visit.become(Status.ARRIVED, visit.version, samal.aigerim, utc_now())
    screen = Screen.open(samal.organization, samal.raushan, utc_now())
    sign_in(client, doctor)
    assert "Вызвать: Ахметов Болат" in client.get("/schedule/own").text
    answer = step(client, visit, "admission", OWN_LIST)
    assert "Вернуть в ожидание" in answer.text
    assert "Вызвать ещё раз: Ахметов Болат" in answer.text
    [called] = room_state(screen, utc_now())["calls"]
    assert (called["initials"], called["room"]) == ("Б. А.", "200")
    assert "Вызван ещё раз." in step(client, visit, "call", OWN_LIST).text
    [again] = room_state(screen, utc_now())["calls"]
    assert again["since"] > called["since"]
    assert "Завершён" in step(client, visit, "completion", OWN_LIST).text
    for noun in ("completion/undo", "admission/undo"):
        assert step(client, visit, noun).status_code == 303
    db.session.refresh(visit)
    assert visit.status is Status.ARRIVED
    assert step(client, visit, "call").status_code == 409
    deeds = [event.deed for event in AuditEvent.page(Question(samal.organization.id), None, 9)]
    assert deeds.count(Deed.VISIT_CALLED_AGAIN) == 1


def test_the_rest_is_the_desks(client: PageClient, samal: Desk, doctor: User) -> None:
    own = come_now(samal)
    kims = come_now(samal, practitioner=samal.kim, patient=patient(samal.organization, "Оспанова"))
    sign_in(client, doctor)
    assert "Сразу на приём" in client.get(f"/appointments/{own.id}").text
    assert "Сразу на приём" not in client.get(f"/appointments/{kims.id}").text
    for visit, noun in ((own, "arrival"), (own, "absence"), (own, "cancellation/undo"), (kims, "admission")):
        assert step(client, visit, noun).status_code == 403, noun


def test_a_practitioner_calls_their_own_tickets(client: PageClient, samal: Desk, doctor: User) -> None:
    own, kims = (
        QueueTicket.take(samal.organization, Errand(TicketKind.VISIT, whom), samal.aigerim, utc_now())
        for whom in (samal.seitqali, samal.kim)
    )
    sign_in(client, doctor)
    data = {"version": own.version}
    assert "Принят: талон А01" in client.post(f"/tickets/{own.id}/call", data=data, headers=OWN_LIST).text
    late = client.post(f"/tickets/{own.id}/call", data=data, headers=OWN_LIST)
    assert (late.status_code, "Принят: талон А01" in late.text) == (409, True)
    assert client.post(f"/tickets/{kims.id}/call", data={"version": kims.version}).status_code == 403
