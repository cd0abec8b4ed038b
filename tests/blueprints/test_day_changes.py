"""«Врач заболел»: the whole day in one step, the call list, and the undo."""

import re
from datetime import timedelta

import pytest
from flask import current_app
from flask_babel import force_locale
from sqlalchemy import select

from blueprints.clinic.call_fragments import calls_state
from extensions import db
from live.render import fragment
from models.accounts import Role
from models.base import utc_now
from models.clinic import Appointment, AuditEvent, Deed, JointChange
from models.clinic.day_topic import calls_topic
from models.live_topic import topic_version, touched_parts
from rules.booking import Status
from tests.support.page import PageClient
from tests.support.people import clinic, patient, person, sign_in
from tests.support.visits import Desk


@pytest.fixture
def visits(samal: Desk) -> list[Appointment]:
    """Tomorrow at nine and at ten with Seitqali."""
    return [
        samal.book(
            samal.at(9 + number), patient=patient(samal.organization, f"Ли{number}", phone=f"+7701555000{number}")
        )
        for number in range(2)
    ]


def address(samal: Desk) -> str:
    return f"/practitioners/{samal.seitqali.id}/days/{samal.at(10).date()}"


def asked(visits: list[Appointment], what: str, **more: object) -> dict[str, object]:
    return {"what": what, "visits": [visit.id for visit in visits], **more}


def undo_of(page: str) -> str:
    return page.replace("day-changes", "joint-changes") + "/undo"


def statuses(visits: list[Appointment]) -> list[Status]:
    return [db.session.get_one(Appointment, visit.id, populate_existing=True).status for visit in visits]


def test_the_columns_head_leads_to_the_whole_day(
    desk_client: PageClient, samal: Desk, visits: list[Appointment]
) -> None:
    assert f'href="{address(samal)}"' in desk_client.get(f"/schedule/{samal.at(10).date()}").text
    text = desk_client.get(address(samal)).text
    assert "Ли0 Болат" in text
    assert "Отменить записей: 2" in text


def test_a_cancelled_day_leaves_a_list_of_those_to_call(
    desk_client: PageClient, samal: Desk, visits: list[Appointment]
) -> None:
    answer = desk_client.post(address(samal), data=asked(visits, "cancel", reason="prov"))
    assert answer.status_code == 303
    assert statuses(visits) == [Status.CANCELLED] * 2
    text = desk_client.get(answer.location).text
    assert "tel:+77015550000" in text
    assert "Вернуть всё на место" in text
    assert "Позвонить: 2" in desk_client.get(address(samal)).text


def test_who_was_called_is_marked_for_everybody(
    desk_client: PageClient, samal: Desk, visits: list[Appointment]
) -> None:
    page = desk_client.post(address(samal), data=asked(visits, "cancel")).location
    line = re.search(r'name="told" value="(\d+)"', desk_client.get(page).text)
    assert line
    for _ in range(2):
        assert desk_client.post(f"{page}/calls", data={"told": line[1]}).status_code == 303
        text = desk_client.get(page).text
        assert (text.count("Знает, "), "Осталось позвонить: 1" in text) == (1, True)
    told = select(AuditEvent.patient_id, AuditEvent.changes).filter_by(deed=Deed.PATIENT_TOLD)
    assert db.session.execute(told).all() == [(visits[0].patient_id, {"told": [None, "yes"]})]
    answer = desk_client.post(f"{page}/calls", data={"untold": line[1]}, headers={"HX-Request": "true"})
    assert 'hx-target="#calls"' in answer.text
    assert "Осталось позвонить: 2" in answer.text
    assert desk_client.post(f"{page}/calls", data={"told": 99999}).status_code == 404


def test_the_whole_is_taken_back(desk_client: PageClient, samal: Desk, visits: list[Appointment]) -> None:
    page = desk_client.post(address(samal), data=asked(visits, "cancel")).location
    assert desk_client.post(undo_of(page)).status_code == 303
    assert statuses(visits) == [Status.BOOKED] * 2
    assert "Всё возвращено на место." in desk_client.get(page).text
    desk_client.post(undo_of(page))
    assert "Всё уже вернули." in desk_client.get(page).text


@pytest.mark.parametrize(
    ("meanwhile", "says"), [("changed", "верните их по одной"), ("given away", "Одно из времён уже занято")]
)
def test_what_cannot_come_back_says_why(
    desk_client: PageClient, samal: Desk, visits: list[Appointment], meanwhile: str, says: str
) -> None:
    page = desk_client.post(address(samal), data=asked(visits, "cancel")).location
    if meanwhile == "changed":
        desk_client.post(f"/appointments/{visits[0].id}/cancellation/undo", data={"version": 2})
    else:
        samal.book(samal.at(9), patient=samal.bolat)
    desk_client.post(undo_of(page))
    text = desk_client.get(page).text
    assert says in text


def test_the_plan_shows_where_everybody_goes_before_anything_is_done(
    desk_client: PageClient, samal: Desk, visits: list[Appointment]
) -> None:
    samal.book(samal.at(8), practitioner=samal.kim, minutes=300)
    samal.book(samal.at(14), practitioner=samal.kim, minutes=210, patient=patient(samal.organization, "Тен"))
    given = asked(visits, "move", to=samal.kim.id)
    text = desk_client.post(f"{address(samal)}/plan", data=given).text
    assert "17:30" in text
    assert "нет места, останется" in text
    assert "Перенести записей: 1" in text
    assert statuses(visits) == [Status.BOOKED] * 2
    answer = desk_client.post(address(samal), data=given)
    assert "17:30–18:00" in desk_client.get(answer.location).text


def test_a_day_moves_to_another_day(desk_client: PageClient, samal: Desk, visits: list[Appointment]) -> None:
    on = samal.at(10).date() + timedelta(days=2)
    assert desk_client.post(address(samal), data=asked(visits[:1], "move", on=on.isoformat())).status_code == 303
    starts = [db.session.get_one(Appointment, each.id, populate_existing=True).starts_at for each in visits]
    assert starts == [samal.at(9) + timedelta(days=2), samal.at(10)]


def test_nowhere_and_nobody_are_refused(desk_client: PageClient, samal: Desk, visits: list[Appointment]) -> None:
    answer = desk_client.post(address(samal), data=asked(visits, "move"))
    assert answer.status_code == 422
    assert "Выберите другого врача или другой день." in answer.text
    assert desk_client.post(address(samal), data=asked([], "cancel")).status_code == 422
    assert statuses(visits) == [Status.BOOKED] * 2


def test_an_empty_day_says_so(desk_client: PageClient, samal: Desk) -> None:
    assert "Переносить некого" in desk_client.get(address(samal)).text


def test_only_the_desk_of_this_clinic_may(client: PageClient, samal: Desk, visits: list[Appointment]) -> None:
    db.session.commit()
    sign_in(client, person("Madina", Role.PRACTITIONER, samal.organization))
    assert client.get(address(samal)).status_code == 403
    assert client.post(address(samal), data=asked(visits, "cancel")).status_code == 403
    sign_in(client, person("Ruslan", Role.OWNER, clinic("Чужая клиника")))
    assert client.get(address(samal)).status_code == 404
    assert client.post(address(samal), data=asked(visits, "cancel")).status_code == 404
    assert db.session.scalars(JointChange.of(samal.organization.id)).all() == []


def test_the_other_desk_learns_of_a_call(desk_client: PageClient, samal: Desk, visits: list[Appointment]) -> None:
    page = desk_client.post(address(samal), data=asked(visits, "cancel")).location
    change = db.session.scalars(JointChange.of(samal.organization.id)).one()
    topic = calls_topic(samal.organization.id, change.id)
    change.mark_told(change.lines[0], True, samal.aigerim, utc_now())
    assert touched_parts(topic) == {"calls"}
    db.session.commit()
    text = desk_client.get(page).text
    with force_locale("ru"):
        drawn = fragment(current_app, "clinic/day_changes/_calls.html", calls_state(change, topic_version(topic)))
    assert str(drawn) in text


def test_only_the_desk_of_this_clinic_follows_the_calls(
    client: PageClient, samal: Desk, visits: list[Appointment]
) -> None:
    sign_in(client, samal.aigerim)
    client.post(address(samal), data=asked(visits, "cancel"))
    change = db.session.scalars(JointChange.of(samal.organization.id)).one()
    stream = f"/live/{calls_topic(samal.organization.id, change.id)}?view=desk"
    sign_in(client, person("Madina", Role.PRACTITIONER, samal.organization))
    assert client.get(stream).status_code == 404
    sign_in(client, person("Ruslan", Role.OWNER, clinic("Чужая клиника")))
    assert client.get(stream).status_code == 404
    assert client.post(f"/day-changes/{change.id}/calls", data={"told": 1}).status_code == 404
