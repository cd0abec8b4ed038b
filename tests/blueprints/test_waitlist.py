"""The waiting list over HTTP: entering a wish, claiming a call, booking, access."""

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from extensions import db
from models.accounts import Role
from models.base import utc_now
from models.clinic import CancellationReason, WaitlistEntry
from models.clinic.waitlist import WaitlistState, Wanted
from tests.support.page import PageClient
from tests.support.people import clinic, person, sign_in
from tests.support.visits import Desk, on_board

HTMX = {"HX-Request": "true"}


@pytest.fixture
def entry(samal: Desk) -> WaitlistEntry:
    """Bolat's wish, for any practitioner."""
    return WaitlistEntry.add(samal.organization, Wanted(samal.bolat), samal.aigerim, utc_now())


def step(client: PageClient, entry: WaitlistEntry, noun: str, **headers: str) -> TestResponse:
    return client.post(f"/waitlist/{entry.id}/{noun}", data={"version": entry.version}, headers=headers)


def waiting(samal: Desk) -> list[WaitlistEntry]:
    return WaitlistEntry.waiting(samal.organization, utc_now())


def test_a_wish_is_entered_from_a_card(desk_client: PageClient, samal: Desk) -> None:
    assert "Ахметов Болат" in desk_client.get(f"/waitlist/new?patient={samal.bolat.id}").text
    wanted = {
        "patient": samal.bolat.id,
        "practitioners": [samal.kim.id],
        "weekdays": ["0", "4"],
        "parts": ["morning"],
        "urgent": "y",
        "note": "живёт рядом",
    }
    assert desk_client.post("/waitlist/new", data=wanted).location == "/waitlist"
    [entry] = waiting(samal)
    assert (entry.practitioner_ids, entry.weekdays, entry.parts) == ([samal.kim.id], [0, 4], ["morning"])
    text = desk_client.get("/waitlist").text
    for word in ("Ким Г.", "Пн", "Пт", "утром", "срочно", "живёт рядом", "+7 777 123 45 67"):
        assert word in text


def test_the_form_of_a_visit_hands_over_what_was_chosen(desk_client: PageClient, samal: Desk) -> None:
    chosen = {"begin": "1", "patient": samal.bolat.id, "practitioner": samal.kim.id, "service": samal.service.id}
    text = desk_client.post("/waitlist/new", data=chosen).text
    assert "Ахметов Болат" in text
    assert f'name="practitioners" value="{samal.kim.id}" checked' in text
    assert f'<option selected value="{samal.service.id}">' in text
    assert waiting(samal) == []
    assert "В лист ожидания" in desk_client.get("/appointments/new").text


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"patient": ""}, "Найдите пациента."),
        ({"until": "2020-01-01"}, "Выберите день не раньше сегодняшнего."),
        ({"until": "завтра"}, "Нужна дата вида ГГГГ-ММ-ДД"),
        ({"note": "я" * 201}, "Слишком длинно: помещается не больше 200 знаков."),
    ],
)
def test_what_cannot_be_is_said_under_its_field(
    desk_client: PageClient, samal: Desk, typed: dict[str, str], says: str
) -> None:
    answer = desk_client.post("/waitlist/new", data={"patient": samal.bolat.id, **typed})
    assert answer.status_code == 422
    assert says in answer.text
    assert waiting(samal) == []


@pytest.mark.parametrize("field", ["practitioners", "weekdays", "parts"])
@pytest.mark.parametrize("sent", [["99"], ["", "99"], ["", ""]])
def test_a_choice_that_is_not_offered_is_refused(
    desk_client: PageClient, samal: Desk, field: str, sent: list[str]
) -> None:
    assert desk_client.post("/waitlist/new", data={"patient": samal.bolat.id, field: sent}).status_code == 422


def test_on_a_board_a_claim_redraws_the_freed_times(desk_client: PageClient, samal: Desk, entry: WaitlistEntry) -> None:
    visit = samal.book(samal.at(10), patient=samal.bolat)
    visit.cancel(CancellationReason.PATIENT, visit.version, samal.aigerim, utc_now())
    board = desk_client.get(f"/schedule/{samal.at(10).date()}").text
    assert "подходит 1 из листа ожидания" in board
    answer = step(desk_client, entry, "claim", **on_board(samal))
    assert "звонит Aigerim Satpaeva" in answer.text
    assert 'hx-target="#freed"' in answer.text
    assert step(desk_client, entry, "claim", **on_board(samal)).status_code == 200


def test_who_is_late_is_told_who_calls(app: Flask, desk_client: PageClient, samal: Desk, entry: WaitlistEntry) -> None:
    data = {"version": entry.version}
    on_list = {**HTMX, "HX-Current-URL": "http://localhost/waitlist"}
    assert desk_client.post(f"/waitlist/{entry.id}/claim", data=data).status_code == 303
    dana = app.test_client()
    sign_in(dana, person("Dana", Role.RECEPTIONIST, samal.organization))
    answer = dana.post(f"/waitlist/{entry.id}/claim", data=data, headers=on_list)
    assert answer.status_code == 409
    assert "Уже звонят" in answer.text
    assert "звонит Aigerim Satpaeva" in answer.text


def test_a_booking_closes_the_wish(desk_client: PageClient, samal: Desk, entry: WaitlistEntry) -> None:
    start = f"{samal.at(10):%Y-%m-%dT%H:%M}"
    form = desk_client.get(
        f"/appointments/new?practitioner={samal.kim.id}&start={start}&patient={samal.bolat.id}&wish={entry.id}"
    ).text
    assert f'name="wish" type="hidden" value="{entry.id}"' in form
    assert "Повторять…" not in form
    booked = {
        "patient": samal.bolat.id,
        "practitioner": samal.kim.id,
        "date": f"{samal.at(10):%Y-%m-%d}",
        "time": "10:00",
        "wish": entry.id,
    }
    assert desk_client.post("/appointments", data=booked).status_code == 303
    db.session.refresh(entry)
    assert entry.state is WaitlistState.BOOKED


def test_it_is_dropped_and_taken_back(desk_client: PageClient, entry: WaitlistEntry) -> None:
    for noun, state in (("dismissal", WaitlistState.DROPPED), ("reopening", WaitlistState.WAITING)):
        assert step(desk_client, entry, noun).status_code == 303
        db.session.refresh(entry)
        assert entry.state is state
        assert "Ахметов Болат" in desk_client.get(f"/waitlist/{entry.id}").text


def test_a_wish_is_changed(desk_client: PageClient, samal: Desk, entry: WaitlistEntry) -> None:
    assert f'href="/waitlist/{entry.id}/edit"' in desk_client.get(f"/waitlist/{entry.id}").text
    assert "Ахметов Болат" in desk_client.get(f"/waitlist/{entry.id}/edit").text
    wanted = {"patient": samal.bolat.id, "weekdays": ["4"], "parts": ["evening"], "version": entry.version}
    assert desk_client.post(f"/waitlist/{entry.id}/edit", data=wanted).location == "/waitlist"
    card = desk_client.get(f"/waitlist/{entry.id}").text
    assert "вечером" in card
    assert "пт" in card
    wanted["until"] = "2020-01-01"
    answer = desk_client.post(f"/waitlist/{entry.id}/edit", data=wanted)
    assert answer.status_code == 422
    assert "Выберите день не раньше сегодняшнего." in answer.text


def test_who_saves_later_sees_what_the_other_wrote_and_may_save_again(
    desk_client: PageClient, samal: Desk, entry: WaitlistEntry
) -> None:
    seen = entry.version
    dana = person("Dana", Role.RECEPTIONIST, samal.organization)
    entry.revise(Wanted(samal.bolat, note="только Ким", practitioner_ids=[samal.kim.id]), seen, dana, utc_now())
    entry.claim(entry.version, dana, utc_now())
    wanted = {"patient": samal.bolat.id, "note": "после обеда", "version": seen}
    answer = desk_client.post(f"/waitlist/{entry.id}/edit", data=wanted, headers=HTMX)
    assert answer.status_code == 409
    for word in ("изменил кто-то другой", "только Ким", "<dd>Ким Г.</dd>", "Звонит: Dana", 'value="после обеда"'):
        assert word in answer.text
    db.session.refresh(entry)
    assert f'name="version" type="hidden" value="{entry.version}"' in answer.text
    wanted["version"] = entry.version
    assert desk_client.post(f"/waitlist/{entry.id}/edit", data=wanted).status_code == 303
    db.session.refresh(entry)
    assert (entry.note, entry.practitioner_ids) == ("после обеда", [])


def test_only_the_desk_of_this_clinic_changes_a_wish(client: PageClient, samal: Desk, entry: WaitlistEntry) -> None:
    sign_in(client, person("Gulnar", Role.PRACTITIONER, samal.organization))
    assert client.get(f"/waitlist/{entry.id}/edit").status_code == 403
    assert client.post(f"/waitlist/{entry.id}/edit", data={"patient": samal.bolat.id}).status_code == 403
    sign_in(client, person("Dina", Role.OWNER, clinic("Клиника «Арман»")))
    assert client.get(f"/waitlist/{entry.id}/edit").status_code == 404
    assert client.post(f"/waitlist/{entry.id}/edit", data={"patient": samal.bolat.id}).status_code == 404
    assert client.delete(f"/waitlist/{entry.id}/edit").status_code == 405


def test_an_empty_list_says_what_it_is_for(desk_client: PageClient) -> None:
    assert "Никто не ждёт" in desk_client.get("/waitlist").text


def test_a_practitioner_only_looks(client: PageClient, samal: Desk, entry: WaitlistEntry) -> None:
    sign_in(client, person("Gulnar", Role.PRACTITIONER, samal.organization))
    assert "Ахметов" in client.get("/waitlist").text
    assert step(client, entry, "claim").status_code == 403
    assert client.get("/waitlist/new").status_code == 403
    assert client.post("/waitlist/new", data={"patient": samal.bolat.id}).status_code == 403


def test_the_owner_does_as_the_desk_does(client: PageClient, samal: Desk, entry: WaitlistEntry) -> None:
    sign_in(client, person("Marat", Role.OWNER, samal.organization))
    assert step(client, entry, "claim").status_code == 303


def test_another_clinics_list_is_not_there(client: PageClient, samal: Desk, entry: WaitlistEntry) -> None:
    sign_in(client, person("Dina", Role.OWNER, clinic("Клиника «Арман»")))
    assert client.get(f"/waitlist/{entry.id}").status_code == 404
    assert step(client, entry, "claim").status_code == 404
    assert "Ахметов" not in client.get("/waitlist").text
    assert client.get(f"/live/clinic/{samal.organization.id}/waitlist?view=desk").status_code == 404


def test_others_are_asked_in_and_other_methods_refused(client: PageClient, samal: Desk, entry: WaitlistEntry) -> None:
    assert client.get("/waitlist").location.startswith("/sign-in")
    sign_in(client, samal.aigerim)
    assert client.post("/waitlist").status_code == 405
    assert client.get(f"/waitlist/{entry.id}/claim").status_code == 405
