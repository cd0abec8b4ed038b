"""Reminders at the desk: the call list, the owner's settings, and the state on a visit's card."""

import re
from contextlib import closing

import pytest
from flask import Flask

from extensions import db
from models.accounts import Role
from models.base import utc_now
from models.clinic import Channel, Communication, ReminderPlan
from models.clinic.card_topic import list_topic
from models.live_topic import topic_version
from rules.reminders import Timing
from tests.support.page import PageClient
from tests.support.people import clinic, patient, person, sign_in
from tests.support.reminding import booked_long_ago, plan_of, reminding_desk
from tests.support.stream import Stream, stream_address
from tests.support.visits import Desk

CHOSEN = {"timing": "day-before", "clock": "17:30", "hours": "24", "first": "email", "phone": "+7 727 000 00 00"}


@pytest.fixture
def samal(app: Flask) -> Desk:
    return reminding_desk()


def owner_client(client: PageClient, samal: Desk) -> PageClient:
    sign_in(client, person("Saule", Role.OWNER, samal.organization))
    return client


def remind(samal: Desk) -> None:
    """Sends all due reminders by SMS."""
    plan_of(samal.organization).fill_outbox([Channel.SMS], utc_now())
    while message := Communication.take_next([Channel.SMS], utc_now()):
        message.sent(utc_now())
    db.session.commit()


def test_whoever_could_not_be_reached_is_on_the_desks_list(desk_client: PageClient, samal: Desk) -> None:
    booked_long_ago(samal, 9)
    booked_long_ago(samal, 11, patient=patient(samal.organization, "Ли", phone="+7 7172 34 56 78"))
    remind(samal)
    text = desk_client.get("/reminders").text
    assert "Ли Болат" in text
    assert "некуда: нет мобильного телефона и почты" in text
    assert "Ахметов" not in text
    assert "отправлено сегодня в" in desk_client.get("/reminders?which=all").text


def test_an_open_list_is_told_of_whom_to_call_and_not_of_who_was_reached(desk_client: PageClient, samal: Desk) -> None:
    booked_long_ago(samal, 9)
    db.session.commit()
    address = stream_address(desk_client.get("/reminders").text)
    before = topic_version(list_topic(samal.organization.id))
    remind(samal)
    assert topic_version(list_topic(samal.organization.id)) == before
    booked_long_ago(samal, 11, patient=patient(samal.organization, "Ли", phone="+7 7172 34 56 78"))
    db.session.commit()
    with closing(Stream(desk_client, address)) as stream:
        stream.next_events()
        remind(samal)
        [event] = stream.next_events()
    [news] = re.findall(r'<i id="patients-news".*?</i>', event.data)
    assert news in desk_client.get("/reminders").text
    assert 'id="reminders" class="stack" hx-get="/reminders" hx-trigger="news"' in desk_client.get("/reminders").text
    assert "hx-sse:connect" not in desk_client.get("/reminders?which=all").text


def test_the_visits_card_says_what_became_of_it(desk_client: PageClient, samal: Desk) -> None:
    sent = booked_long_ago(samal, 9)
    failed = booked_long_ago(samal, 11, patient=patient(samal.organization, "Ли"))
    remind(samal)
    assert "+77771234567" in desk_client.get(f"/appointments/{sent.id}").text
    card = desk_client.get(f"/appointments/{failed.id}").text
    assert "некуда: нет мобильного телефона и почты" in card
    assert "позвоните" in card
    sent.move(samal.kim, samal.at(15), sent.version, samal.aigerim, utc_now())
    assert "отправлено на прежнее время, завтра в 09:00" in desk_client.get(f"/appointments/{sent.id}").text


def test_the_owner_chooses_when(client: PageClient, samal: Desk) -> None:
    owner = owner_client(client, samal)
    answer = owner.post("/reminders/settings", data=CHOSEN)
    assert (answer.status_code, answer.location) == (303, "/reminders")
    db.session.expire_all()
    plan = plan_of(samal.organization)
    assert (plan.timing, f"{plan.clock:%H:%M}", plan.first) == (Timing.DAY_BEFORE, "17:30", Channel.EMAIL)
    assert 'value="17:30"' in owner.get("/reminders/settings").text
    assert "Настроены напоминания" in owner.get("/history").text


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"clock": "23:00"}, "Выберите время с 8:00 до 20:00."),
        ({"clock": "soon"}, "Выберите время с 8:00 до 20:00."),
        ({"hours": "100"}, "Введите число часов от 1 до 72."),
        ({"hours": "two"}, "Введите число часов от 1 до 72."),
        ({"timing": "never"}, "Выберите один из этих ответов."),
        ({"phone": "регистратура"}, "Введите номер телефона."),
    ],
)
def test_a_choice_that_cannot_be_meant_is_said(
    client: PageClient, samal: Desk, wrong: dict[str, str], words: str
) -> None:
    answer = owner_client(client, samal).post("/reminders/settings", data=CHOSEN | wrong)
    assert answer.status_code == 422
    assert words in answer.text
    assert answer.text.count('class="says"') == 1


def test_the_owner_is_told_when_nothing_goes_out(client: PageClient, samal: Desk) -> None:
    owner = owner_client(client, samal)
    assert "Отправлять нечем." in owner.get("/reminders").text
    client.application.config["SMS_URL"] = "file:outbox"
    assert "Напоминания не уходят." in owner.get("/reminders").text
    remind(samal)
    assert "Напоминания не уходят." not in owner.get("/reminders").text


@pytest.mark.parametrize("role", [Role.RECEPTIONIST, Role.PRACTITIONER])
def test_the_choice_is_the_owners(client: PageClient, samal: Desk, role: Role) -> None:
    sign_in(client, person("Dana", role, samal.organization))
    assert client.get("/reminders").status_code == 200
    assert "Настроить" not in client.get("/reminders").text
    assert client.get("/reminders/settings").status_code == 403
    assert client.post("/reminders/settings", data=CHOSEN).status_code == 403


def test_another_clinics_reminders_are_not_there(client: PageClient, samal: Desk) -> None:
    booked_long_ago(samal, patient=patient(samal.organization, "Ли"))
    remind(samal)
    other = clinic("Чужая клиника")
    sign_in(client, person("Ruslan", Role.OWNER, other))
    assert "Ли Болат" not in client.get("/reminders?which=all").text
    client.post("/reminders/settings", data=CHOSEN)
    assert plan_of(samal.organization).timing is Timing.HOURS_BEFORE
    assert ReminderPlan.of(other.id) is not None


def test_settings_take_no_other_method(client: PageClient, samal: Desk) -> None:
    assert owner_client(client, samal).post("/reminders").status_code == 405
