"""A push to a URL chosen by a stranger: over TLS to the named host, once, nowhere else, with a time limit."""

import socket
import ssl
from collections.abc import Iterator
from http.client import HTTPException
from pathlib import Path
from threading import Thread

import pytest
import trustme

from commands.messengers import Away, Gone, Push, PushMessenger, Refused, web_push
from rules.subscription import Subscription
from tests.support.push_service import PUSH_CONTACT, PUSH_KEY, PushService

TOLD = '{"body": "Началась партия"}'


@pytest.fixture
def service() -> Iterator[PushService]:
    with PushService().running() as service:
        yield service


def push(service: PushService, **changes: str) -> Push:
    return Push(Subscription(**{**service.browser("dana"), **changes}), "match-7", 60, TOLD)


def send(pushed: Push, *, anywhere: bool = True) -> None:
    PushMessenger(PUSH_KEY, PUSH_CONTACT, anywhere=anywhere).send(pushed)


@pytest.mark.parametrize(("name", "is_taken"), [("localhost", True), ("other.example", False)])
def test_whoever_answers_must_have_the_name(
    service: PushService, monkeypatch: pytest.MonkeyPatch, name: str, is_taken: bool, tmp_path: Path
) -> None:
    authority = trustme.CA()
    authority.cert_pem.write_to_path(tmp_path / "authority.pem")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))
    secured = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(name).configure_cert(secured)
    service.socket = secured.wrap_socket(service.socket, server_side=True)
    pushed = push(service, endpoint=f"https://localhost:{service.server_port}/dana")
    if is_taken:
        send(pushed)
    else:
        with pytest.raises(Away):
            send(pushed)
    assert service.received("dana") == ["Началась партия"] * is_taken


def test_nothing_is_sent_behind_ourselves(service: PushService) -> None:
    with pytest.raises(Refused):
        send(push(service), anywhere=False)
    assert service.headers == []


@pytest.mark.parametrize(
    ("answer", "fault"),
    [(307, Refused), (400, Refused), (403, Refused), (404, Gone), (410, Gone), (429, Away), (503, Away)],
)
def test_what_its_answers_mean(service: PushService, answer: int, fault: type[Exception]) -> None:
    """A redirect is not followed."""
    service.answer = answer
    with pytest.raises(fault) as raised:
        send(push(service))
    assert (raised.type, len(service.headers)) == (fault, 1)


def test_one_that_nobody_answers_comes_later(service: PushService) -> None:
    for nowhere in ("http://127.0.0.1:1/dana", "http://nowhere.invalid/dana"):
        with pytest.raises(Away):
            send(push(service, endpoint=nowhere))


def test_a_key_that_is_no_point_of_the_curve_is_nobodys(service: PushService) -> None:
    with pytest.raises(Gone):
        send(push(service, public_key="B" + "A" * 86))


def test_who_answers_a_letter_at_a_time_is_hung_up_on(service: PushService, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web_push, "PATIENCE_SECONDS", 0.3)
    with socket.create_server(("127.0.0.1", 0)) as slow:
        answering = Thread(target=_answer_slowly, args=(slow,))
        answering.start()
        with pytest.raises((OSError, HTTPException)):
            send(push(service, endpoint=f"http://127.0.0.1:{slow.getsockname()[1]}/dana"))
        answering.join()


def _answer_slowly(slow: socket.socket) -> None:
    """Sends slowly until the other side disconnects."""
    caller, _ = slow.accept()
    with caller:
        caller.settimeout(0.05)
        while True:
            try:
                caller.sendall(b"H")
                if caller.recv(65536) == b"":
                    return
            except TimeoutError:
                continue
            except OSError:
                return
