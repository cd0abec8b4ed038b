"""A gateway for SMS as docs/reminders.md specifies it: requests and the meaning of responses."""

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import SplitResult, urlsplit

import pytest

from commands.messengers import Away, GatewayMessenger, Message, Refused
from tests.support.server import free_port

MESSAGE = Message("reminder-1-1", "+77015550418", "Клиника «Самал»", "Приём завтра", "Ждём вас.")


class Gateway(ThreadingHTTPServer):
    """asked: the requests; answer: its status, or 0 to close without a response."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.asked: list[tuple[str, dict[str, str], Any]] = []
        self.answer = 202

    @property
    def address(self) -> SplitResult:
        return urlsplit(f"http://127.0.0.1:{self.server_port}/v1/messages?clinic=samal")


class _Handler(BaseHTTPRequestHandler):
    server: Gateway

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.asked.append((self.path, dict(self.headers), body))
        if self.server.answer:
            self.send_response(self.server.answer)
            self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the library's own name
        """Logs nothing."""


@pytest.fixture
def gateway() -> Iterator[Gateway]:
    with Gateway() as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def test_a_message_is_one_post_of_json(gateway: Gateway) -> None:
    GatewayMessenger(gateway.address, "secret").send(MESSAGE)
    [(path, headers, body)] = gateway.asked
    assert (path, headers["Authorization"]) == ("/v1/messages?clinic=samal", "Bearer secret")
    assert body == {"id": "reminder-1-1", "to": "+77015550418", "from": "Клиника «Самал»", "text": "Ждём вас."}


@pytest.mark.parametrize("status", [400, 404, 422])
def test_a_number_that_the_gateway_refuses_is_refused(gateway: Gateway, status: int) -> None:
    gateway.answer = status
    with pytest.raises(Refused):
        GatewayMessenger(gateway.address, "").send(MESSAGE)


@pytest.mark.parametrize("status", [408, 429, 500, 503])
def test_a_gateway_that_is_busy_is_asked_again(gateway: Gateway, status: int) -> None:
    gateway.answer = status
    with pytest.raises(Away):
        GatewayMessenger(gateway.address, "").send(MESSAGE)


def test_a_gateway_that_is_not_there_has_taken_nothing() -> None:
    with pytest.raises(Away):
        GatewayMessenger(urlsplit(f"http://127.0.0.1:{free_port()}/"), "").send(MESSAGE)


def test_a_gateway_that_hangs_up_without_a_word_may_have_taken_it(gateway: Gateway) -> None:
    gateway.answer = 0
    with pytest.raises(OSError, match="closed connection"):
        GatewayMessenger(gateway.address, "").send(MESSAGE)
