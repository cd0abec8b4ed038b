"""The settings of gunicorn.conf.py in a real server."""

import socket

import pytest
from flask import Flask

from app import create_app
from extensions import db
from tests.conftest import settings_for
from tests.support.server import Server

NAME = "Ахметов"


def ask(server: Server, request_line: str) -> str:
    """Sends a raw request and reads until the server closes."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=20) as connection:
        connection.sendall(f"{request_line}\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode())
        with connection.makefile("rb") as answer:
            return answer.read().decode(errors="replace")


def test_the_log_names_no_patient(server: Server) -> None:
    assert "200 OK" in ask(server, "GET /healthz?search=%D0%90%D1%85%D0%BC%D0%B5%D1%82%D0%BE%D0%B2 HTTP/1.1")
    assert "400 Bad Request" in ask(server, f"GET /healthz?search={NAME} HTTP/1.1")
    assert '"path": "/healthz"' in server.log()
    assert "Invalid request" in server.log()
    assert "search=" not in server.log()


def test_no_log_keeps_a_link_that_opens_something(server: Server) -> None:
    for begins in ("/waiting-room/", "/live/waiting-room/", "/calendar/", "/score/", "/password/"):
        ask(server, f"GET {begins}s3cret HTTP/1.1")
        ask(server, f"GET {begins}s3cret {NAME} HTTP/1.1")
        assert f'"path": "{begins}…"' in server.log()
    assert "s3cret" not in server.log()


def test_a_stream_ends_with_its_connection_and_a_page_does_not(server: Server) -> None:
    assert ask(server, "GET /live/nowhere HTTP/1.1").startswith("HTTP/1.0 4")
    assert ask(server, "GET /api/clubs/0/events HTTP/1.1").startswith("HTTP/1.0 4")
    assert ask(server, "GET /nowhere HTTP/1.1").startswith("HTTP/1.1 404")


def test_a_stop_is_clean_and_the_next_start_has_the_same_address(server: Server) -> None:
    server.stop()
    assert "Shutting down: Master" in server.log()
    server.start()
    assert "200 OK" in ask(server, "GET /healthz HTTP/1.1")
    assert "Traceback" not in server.log()


def test_a_page_that_one_process_has_compiled_is_read_by_the_next(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    assert app.test_client().get("/sign-in").status_code == 200
    next_process = create_app(settings_for(app.config["SQLALCHEMY_DATABASE_URI"]))
    monkeypatch.setattr(next_process.jinja_env, "compile", None)
    assert next_process.test_client().get("/sign-in").status_code == 200
    with next_process.app_context():
        db.engine.dispose()
