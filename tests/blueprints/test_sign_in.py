"""Signing in and out."""

import logging
from urllib.parse import unquote

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from extensions import db, limiter
from models.accounts import Role
from models.base import utc_now
from tests.support.page import PageClient
from tests.support.people import PASSWORD, clinic, person, sign_in
from tests.support.queries import recorded_queries


def enter(client: PageClient, email: str, password: str = PASSWORD, url: str = "/sign-in") -> TestResponse:
    return client.post(url, data={"email": email, "password": password})


def test_aigerim_comes_in(client: PageClient) -> None:
    person("Aigerim", Role.RECEPTIONIST, clinic())
    db.session.commit()
    answer = enter(client, "  AIGERIM@tablo.example ")
    assert (answer.status_code, answer.location) == (303, "/")
    assert client.get("/").location == "/schedule"


@pytest.mark.parametrize(
    ("email", "password"), [("aigerim@tablo.example", "wrong"), ("nobody-at-all@tablo.example", PASSWORD)]
)
def test_a_wrong_pair_is_told_in_one_sentence_for_both(client: PageClient, email: str, password: str) -> None:
    person("Aigerim", Role.RECEPTIONIST, clinic())
    db.session.commit()
    answer = enter(client, email, password)
    assert answer.status_code == 422
    assert "Почта или пароль не подходят." in answer.text
    assert f'value="{email}"' in answer.text


@pytest.mark.parametrize(("field", "says"), [("email", "Введите почту."), ("password", "Введите пароль.")])
def test_an_empty_field_is_asked_for(client: PageClient, field: str, says: str) -> None:
    filled = {"email": "aigerim@tablo.example", "password": PASSWORD} | {field: ""}
    answer = client.post("/sign-in", data=filled)
    assert answer.status_code == 422
    assert says in answer.text


def test_a_disabled_account_stays_outside(client: PageClient) -> None:
    timur = person("Timur", Role.RECEPTIONIST, clinic())
    timur.disabled_at = utc_now()
    db.session.commit()
    assert enter(client, timur.email).status_code == 422


def test_an_account_disabled_while_inside_is_outside_at_once(client: PageClient) -> None:
    timur = person("Timur", Role.RECEPTIONIST, clinic())
    sign_in(client, timur)
    timur.disabled_at = utc_now()
    db.session.commit()
    assert client.get("/").location == "/sign-in?next=/"


def test_a_page_asked_for_outside_comes_after_signing_in(client: PageClient) -> None:
    person("Aigerim", Role.RECEPTIONIST, clinic())
    db.session.commit()
    asked = client.get("/")
    assert asked.location == "/sign-in?next=/"
    assert enter(client, "aigerim@tablo.example", url="/sign-in?next=/patients?q=1").location == "/patients?q=1"


@pytest.mark.parametrize(
    "elsewhere",
    ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:1", "", "/\t/evil.example", "/\r\nX: y"],
)
def test_nobody_is_sent_elsewhere(client: PageClient, elsewhere: str) -> None:
    person("Aigerim", Role.RECEPTIONIST, clinic())
    db.session.commit()
    answer = client.post(
        "/sign-in", query_string={"next": elsewhere}, data={"email": "aigerim@tablo.example", "password": PASSWORD}
    )
    assert answer.location == "/"
    assert client.post("/language", data={"language": "kk", "next": elsewhere}).location == "/"


@pytest.mark.both_databases
def test_an_address_that_no_database_could_hold_fits_nobody(client: PageClient) -> None:
    answer = enter(client, "aigerim\0@tablo.example")
    assert answer.status_code == 422
    assert "Введите почту." in answer.text


def test_aigerim_goes_out(client: PageClient) -> None:
    sign_in(client, person("Aigerim", Role.RECEPTIONIST, clinic()))
    assert client.post("/sign-out").location == "/sign-in"
    assert client.get("/").location == "/sign-in?next=/"


def test_a_copy_of_the_cookie_opens_nothing_after_going_out(app: Flask, client: PageClient) -> None:
    sign_in(client, person("Aigerim", Role.RECEPTIONIST, clinic()))
    thief = app.test_client()
    thief.set_cookie("session", client.get_cookie("session").value)  # type: ignore[union-attr]
    assert thief.get("/").location == "/schedule"
    client.post("/sign-out")
    assert thief.get("/").location == "/sign-in?next=/"


def test_going_out_here_is_not_going_out_at_home(app: Flask, client: PageClient) -> None:
    aigerim = person("Aigerim", Role.RECEPTIONIST, clinic())
    at_home = app.test_client()
    sign_in(client, aigerim)
    sign_in(at_home, aigerim)
    client.post("/sign-out")
    assert at_home.get("/").location == "/schedule"


def test_one_who_comes_in_after_another_ends_what_that_one_left_open(app: Flask, client: PageClient) -> None:
    sign_in(client, person("Aigerim", Role.RECEPTIONIST, clinic()))
    kept = client.get_cookie("session")
    assert kept is not None
    sign_in(client, person("Dana", Role.RECEPTIONIST, clinic("Клиника «Көктем»")))
    thief = app.test_client()
    thief.set_cookie("session", kept.value)
    assert thief.get("/").location == "/sign-in?next=/"


def test_one_who_is_remembered_comes_back_until_going_out(app: Flask, client: PageClient) -> None:
    aigerim = person("Aigerim", Role.RECEPTIONIST, clinic())
    db.session.commit()
    client.post("/sign-in", data={"email": aigerim.email, "password": PASSWORD, "remember": "y"})
    remembered = client.get_cookie("remember_token")
    assert remembered is not None
    for leaves, comes_to in ((False, "/schedule"), (True, "/sign-in?next=/")):
        if leaves:
            client.post("/sign-out")
        later = app.test_client()
        later.set_cookie("remember_token", remembered.value)
        assert later.get("/").location == comes_to


def test_a_cookie_that_names_a_person_and_no_sign_in_opens_nothing(client: PageClient) -> None:
    aigerim = person("Aigerim", Role.RECEPTIONIST, clinic())
    db.session.commit()
    with client.session_transaction() as cookie:
        cookie["_user_id"] = str(aigerim.id)
    assert client.get("/").location == "/sign-in?next=/"


def test_who_is_signed_in_is_one_question(app: Flask, client: PageClient) -> None:
    sign_in(client, person("Timur"))
    with recorded_queries(db.engine) as queries:
        client.get("/no/such/page")
    assert sum("sign_in" in query for query in queries) == 1
    assert not any("FROM user_account" in query for query in queries)


def test_going_out_is_no_link(client: PageClient) -> None:
    assert client.get("/sign-out").status_code == 405


def test_one_without_an_organization_is_told_so(client: PageClient, caplog: pytest.LogCaptureFixture) -> None:
    sign_in(client, person("Timur"))
    logging.getLogger("tablo").propagate = True
    answer = client.get("/")
    assert answer.status_code == 403
    assert "Вы пока не состоите ни в одной организации" in answer.text
    assert "Выйти" in answer.text, "who signed in with the wrong account leaves it"
    assert "This field may not be null" in caplog.text


def test_guessing_is_slowed_down(app: Flask, client: PageClient) -> None:
    limiter.reset()
    app.config["SIGN_IN_LIMIT"] = "3 per minute"
    answers = [enter(client, "aigerim@tablo.example", "guess").status_code for _ in range(4)]
    assert answers == [422, 422, 422, 429]
    assert "Слишком много попыток" in enter(client, "aigerim@tablo.example").text


def guess(app: Flask, email: str, address: str, password: str = "guess") -> int:
    """A stranger's attempt from this address."""
    stranger = app.test_client()
    return stranger.post(
        "/sign-in", data={"email": email, "password": password}, environ_base={"REMOTE_ADDR": address}
    ).status_code


@pytest.mark.parametrize("email", ["aigerim@tablo.example", "nobody-at-all@tablo.example"])
def test_guessing_one_account_from_many_addresses_is_slowed_down(app: Flask, email: str) -> None:
    person("Aigerim", Role.RECEPTIONIST, clinic())
    db.session.commit()
    answers = [guess(app, email, f"10.0.0.{number}") for number in range(21)]
    assert answers == [422] * 20 + [429], "the same whether or not there is such an account"
    assert guess(app, f"  {email.upper()} ", "10.0.1.1") == 429
    assert guess(app, "madina@tablo.example", "10.0.1.1") == 422


def test_strangers_who_guess_do_not_keep_aigerim_out_of_her_browser(app: Flask, client: PageClient) -> None:
    aigerim = person("Aigerim", Role.RECEPTIONIST, clinic())
    sign_in(client, aigerim)
    client.post("/sign-out")
    for number in range(21):
        guess(app, "aigerim@tablo.example", f"10.0.0.{number}")
    assert enter(client, "aigerim@tablo.example").status_code == 303
    assert guess(app, "aigerim@tablo.example", "10.0.1.1", PASSWORD) == 429


def test_a_body_that_is_refused_does_not_move_the_counting(app: Flask, client: PageClient) -> None:
    """The limiter takes any error for an absence of its Redis, and then counts in the memory of each process alone."""
    assert client.post("/sign-in", data={"email": "x" * 2_000_000}).status_code == 413
    limiter.reset()
    guess(app, "aigerim@tablo.example", "10.0.0.1")
    assert "LIMIT" in str(vars(limiter.storage))


def test_no_address_of_a_mailbox_is_counted(app: Flask) -> None:
    guess(app, "aigerim@tablo.example", "10.0.0.1")
    counted = str(vars(limiter.storage))
    assert "LIMIT" in counted
    assert "aigerim" not in counted


def test_the_language_is_kept(client: PageClient) -> None:
    answer = client.post("/language", data={"language": "kk", "next": "/sign-in"})
    assert (answer.status_code, answer.location) == (303, "/sign-in")
    assert '<html lang="kk"' in client.get("/sign-in").text


@pytest.mark.parametrize(
    ("shown", "opened"),
    [
        ("/patients/new", "/patients/new"),
        ("/patients?q=ким&page=2", "/patients?q=ким&page=2"),
        ("/appointments", "/appointments/new"),
        ("/absences", "/absences/new"),
        ("/appointments/7/arrival", "/appointments/7"),
        ("/series/plan", "/"),
        ("/nowhere", "/nowhere"),
    ],
)
def test_a_refused_form_in_another_language_is_a_page_again(client: PageClient, shown: str, opened: str) -> None:
    answer = client.post("/language", data={"language": "kk", "next": shown})
    assert unquote(answer.location) == opened


def test_a_language_that_is_not_there_changes_nothing(client: PageClient) -> None:
    client.post("/language", data={"language": "xx"})
    assert '<html lang="ru"' in client.get("/sign-in").text


def test_the_chosen_language_follows_the_person(app: Flask, client: PageClient) -> None:
    aigerim = person("Aigerim", Role.RECEPTIONIST, clinic())
    sign_in(client, aigerim)
    client.post("/language", data={"language": "en"})
    another_computer = app.test_client()
    sign_in(another_computer, aigerim)
    assert '<html lang="en"' in another_computer.get("/nowhere").text
