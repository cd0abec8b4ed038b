"""The waiting room's screen and the page of its link: access."""

from datetime import timedelta

import pytest
from flask import Flask

from blueprints.clinic.board import Board
from blueprints.clinic.rail import rail_state
from extensions import db
from models.accounts import Language, Role
from models.base import utc_now
from models.clinic import AuditEvent, Deed, QueueTicket, Screen
from models.clinic.audit import Question
from models.clinic.day import Counts, Day
from models.clinic.day_topic import Hours
from models.clinic.moves import Told
from models.clinic.ticket import Errand
from models.clinic.wait_limits import WaitLimits
from rules.tickets import TicketKind
from tests.support.page import PageClient
from tests.support.people import clinic, person, sign_in
from tests.support.visits import Desk


def code_of(samal: Desk) -> str:
    db.session.rollback()
    screen = Screen.of(samal.organization.id)
    return screen.code if screen else ""


def test_the_owner_makes_replaces_and_takes_back_the_link(owner_client: PageClient, samal: Desk) -> None:
    assert "Создать ссылку" in owner_client.get("/screen").text
    assert owner_client.post("/screen").status_code == 303
    first = code_of(samal)
    assert f"/waiting-room/{first}" in owner_client.get("/screen").text
    owner_client.post("/screen")
    assert owner_client.get(f"/waiting-room/{first}").status_code == 404
    assert owner_client.get(f"/waiting-room/{code_of(samal)}").status_code == 200
    assert owner_client.post("/screen/removal").status_code == 303
    assert code_of(samal) == ""


def test_nobody_needs_to_sign_in_at_the_television(app: Flask, owner_client: PageClient, samal: Desk) -> None:
    owner_client.post("/screen")
    television = app.test_client()
    text = television.get(f"/waiting-room/{code_of(samal)}").text
    assert "Сейчас никто не ждёт." in text
    assert 'data-theme="light"' in text
    assert 'data-theme="dark"' in television.get(f"/waiting-room/{code_of(samal)}?theme=dark").text
    assert television.get(f"/live/once/waiting-room/{code_of(samal)}?view=board").status_code == 200


@pytest.mark.both_databases
def test_what_no_database_can_hold_is_nobodys_link(app: Flask) -> None:
    stranger = app.test_client()
    addresses = ("/waiting-room/%00", "/calendar/%00.ics", "/live/once/waiting-room/%00?view=board")
    assert [stranger.get(address).status_code for address in addresses] == [404, 404, 404]


def test_the_screen_speaks_the_clinics_language(app: Flask, owner_client: PageClient, samal: Desk) -> None:
    samal.organization.language = Language.KAZAKH
    owner_client.post("/screen")
    text = app.test_client().get(f"/waiting-room/{code_of(samal)}").text
    assert 'lang="kk"' in text
    assert "Күтуде" in text
    assert "language=kk" in text


def test_the_screen_says_everything_in_a_second_language_too(app: Flask, owner_client: PageClient, samal: Desk) -> None:
    owner_client.post("/screen")
    television = app.test_client()
    assert "Күтуде" not in television.get(f"/waiting-room/{code_of(samal)}").text
    assert owner_client.post("/screen/language", data={"second_language": "kk"}).status_code == 303
    owner_client.post("/screen")
    assert 'Ожидают <span lang="kk">Күтуде</span>' in television.get(f"/waiting-room/{code_of(samal)}").text
    assert owner_client.post("/screen/language", data={"second_language": "ru"}).status_code == 422
    owner_client.post("/screen/language", data={"second_language": ""})
    assert "Күтуде" not in television.get(f"/waiting-room/{code_of(samal)}").text


def test_without_a_screen_there_is_nothing_to_choose_a_language_for(owner_client: PageClient) -> None:
    assert owner_client.post("/screen/language", data={"second_language": "kk"}).status_code == 404


@pytest.mark.parametrize("path", ["/waiting-room/guessed", "/live/waiting-room/guessed?view=board"])
def test_a_guessed_link_shows_nothing(owner_client: PageClient, path: str) -> None:
    assert owner_client.get(path).status_code == 404


@pytest.mark.parametrize("role", [Role.RECEPTIONIST, Role.PRACTITIONER])
def test_the_link_is_not_the_desks(client: PageClient, samal: Desk, role: Role) -> None:
    sign_in(client, person("Dana", role, samal.organization))
    assert client.get("/screen").status_code == 403
    assert client.post("/screen").status_code == 403
    assert client.post("/screen/removal").status_code == 403
    assert 'href="/screen"' not in client.get("/schedule", follow_redirects=True).text


def test_another_clinics_owner_makes_their_own(client: PageClient, samal: Desk) -> None:
    other = clinic("Чужая клиника")
    Screen.open(samal.organization, person("Marat", Role.OWNER, samal.organization), utc_now())
    sign_in(client, person("Ruslan", Role.OWNER, other))
    ours = code_of(samal)
    assert ours not in client.get("/screen").text
    client.post("/screen/removal")
    assert code_of(samal) == ours


def test_the_screen_takes_no_posts(owner_client: PageClient, samal: Desk) -> None:
    assert owner_client.post("/waiting-room/any").status_code == 405
    assert owner_client.get("/screen/removal").status_code == 405


def test_who_is_signed_out_is_asked_in(client: PageClient) -> None:
    assert client.get("/screen").location.startswith("/sign-in")


def test_the_owner_says_which_waits_are_long(owner_client: PageClient, samal: Desk) -> None:
    assert 'value="20"' in owner_client.get("/screen").text
    assert owner_client.post("/screen/limits", data={"warm_minutes": "15", "long_minutes": "40"}).status_code == 303
    db.session.refresh(samal.organization)
    assert WaitLimits.of(samal.organization) == WaitLimits(15, 40)
    [kept] = AuditEvent.page(Question(samal.organization.id, deed=Deed.WAIT_LIMITS_KEPT), None, 5)
    assert kept.changes == {"warm_minutes": ["10", "15"], "long_minutes": ["20", "40"]}
    assert "Изменены пороги ожидания" in owner_client.get("/history").text


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"warm_minutes": "20", "long_minutes": "20"}, "Нужно больше, чем в первом поле."),
        ({"warm_minutes": "0", "long_minutes": "20"}, "Нужно целое число минут от 1 до 240."),
        ({"warm_minutes": "10", "long_minutes": "241"}, "Нужно целое число минут от 1 до 240."),
        ({"warm_minutes": "", "long_minutes": "долго"}, "Нужно целое число минут от 1 до 240."),
    ],
)
def test_limits_that_make_no_sense_are_refused(
    owner_client: PageClient, samal: Desk, typed: dict[str, str], says: str
) -> None:
    answer = owner_client.post("/screen/limits", data=typed)
    assert answer.status_code == 422
    assert says in answer.text


def test_a_wait_is_long_when_the_clinic_says_so(app: Flask, samal: Desk) -> None:
    now = utc_now()
    QueueTicket.take(samal.organization, Errand(TicketKind.DESK), samal.aigerim, now)
    day = Day(samal.organization, samal.organization.today(now))
    later = now + timedelta(minutes=12)
    for limits, look in ((WaitLimits(10, 20), "is-warm"), (WaitLimits(5, 12), "is-long"), (WaitLimits(15, 40), "")):
        samal.organization.warm_minutes, samal.organization.long_minutes = limits.warm_minutes, limits.long_minutes
        [shown] = rail_state(Board(day, Hours(0, 24), later, 1), Counts.of([], later), [], day.tickets(), Told())[
            "waiting"
        ] or [{}]
        assert shown.get("look") == look


@pytest.mark.parametrize("role", [Role.RECEPTIONIST, Role.PRACTITIONER])
def test_limits_are_the_owners(client: PageClient, samal: Desk, role: Role) -> None:
    sign_in(client, person("Dana", role, samal.organization))
    assert client.post("/screen/limits", data={"warm_minutes": "1", "long_minutes": "2"}).status_code == 403


def test_no_log_names_a_screen_by_its_link(app: Flask) -> None:
    assert app.extensions["registry"].topic("waiting-room/s3cret").log_name == "waiting room"
    assert app.extensions["registry"].topic("club/1").log_name == "club/1"
