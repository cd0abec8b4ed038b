"""Refusals and faults: a plain message, no lost input, no leaked data."""

import logging
import re
import sqlite3
from contextlib import closing

import pytest
from flask import Flask, request
from sqlalchemy import text

from blueprints.guards import public
from extensions import db
from logs import JsonLines, Words
from tests.support.page import PageClient

HTMX = {"HX-Request": "true"}


@pytest.fixture
def broken(own_application: Flask) -> PageClient:
    """A client of an application with one broken route, in production settings."""

    @public
    def break_down() -> str:
        db.session.execute(text("SELECT nonsense FROM nowhere WHERE name = :name"), {"name": request.args.get("q")})
        return ""

    own_application.add_url_rule("/broken", "broken", break_down, methods=["GET", "POST"])
    own_application.config["TESTING"] = False
    client = own_application.test_client()
    assert isinstance(client, PageClient)
    return client


def test_a_lost_page_says_so(client: PageClient) -> None:
    answer = client.get("/no/such/page")
    assert answer.status_code == 404
    assert "<h1>Такой страницы нет</h1>" in answer.text


def test_a_lost_page_for_htmx_is_a_toast_that_changes_nothing(client: PageClient) -> None:
    answer = client.get("/no/such/page", headers=HTMX)
    assert (answer.status_code, answer.headers["HX-Reswap"]) == (404, "none")
    assert '<hx-partial hx-target="#toasts" hx-swap="beforeend">' in answer.text
    assert "<html" not in answer.text


def test_a_fault_is_said_plainly(broken: PageClient) -> None:
    answer = broken.get("/broken")
    assert answer.status_code == 500
    assert "Ошибка на сервере" in answer.text


def test_a_fault_for_htmx_is_a_toast(broken: PageClient) -> None:
    answer = broken.post("/broken", headers=HTMX)
    assert (answer.status_code, answer.headers["HX-Reswap"]) == (500, "none")
    assert "Ошибка на сервере" in answer.text


def test_while_another_process_keeps_sqlite_locked_pages_say_that_they_come_back(broken: PageClient) -> None:
    path = broken.application.config["SQLALCHEMY_DATABASE_URI"].removeprefix("sqlite:///")
    with closing(sqlite3.connect(path)) as backup:
        backup.execute("BEGIN IMMEDIATE")
        answer = broken.get("/clubs/1")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "10")
    assert broken.get("/clubs/1").status_code == 404


@pytest.mark.parametrize("address", ["/live/club/1?view=page", "/live/once/club/1?view=page", "/api/clubs/1/events"])
def test_meanwhile_streams_are_told_when_to_try_again(broken: PageClient, address: str) -> None:
    path = broken.application.config["SQLALCHEMY_DATABASE_URI"].removeprefix("sqlite:///")
    with closing(sqlite3.connect(path)) as backup:
        backup.execute("BEGIN IMMEDIATE")
        answer = broken.get(address)
    assert (answer.status_code, answer.mimetype) == (200, "text/event-stream")
    assert re.fullmatch(r"retry: \d+\nevent: wait\ndata: later\n\n", answer.text)
    assert broken.get(address).status_code in (401, 404)


@pytest.mark.parametrize("formatter", [Words("%(message)s"), JsonLines()])
def test_the_log_of_a_fault_names_the_place_and_nobody(broken: PageClient, formatter: logging.Formatter) -> None:
    said = [formatter.format(record) for record in _records(broken, "/broken?q=Ахметов")]
    assert "break_down" in "".join(said)
    assert "Ахметов" not in "".join(said)


def test_a_form_without_its_token_is_refused_kindly(application: Flask) -> None:
    application.config["WTF_CSRF_ENABLED"] = True
    answer = application.test_client().post("/sign-in", data={"email": "a@tablo.example", "password": "x"})
    assert answer.status_code == 400
    assert "Страница устарела" in answer.text


def test_a_body_too_large_is_refused(client: PageClient) -> None:
    assert client.post("/sign-in", data={"email": "x" * 2_000_000}).status_code == 413


def test_nothing_foreign_may_run(client: PageClient) -> None:
    policy = client.get("/sign-in").headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy


class Heard(logging.Handler):
    """Records log messages."""

    def __init__(self, heard: list[logging.LogRecord]) -> None:
        super().__init__()
        self._heard = heard

    def emit(self, record: logging.LogRecord) -> None:
        self._heard.append(record)


def _records(client: PageClient, path: str) -> list[logging.LogRecord]:
    heard: list[logging.LogRecord] = []
    listener = Heard(heard)
    logging.getLogger("tablo").addHandler(listener)
    try:
        client.get(path)
    finally:
        logging.getLogger("tablo").removeHandler(listener)
    return heard
