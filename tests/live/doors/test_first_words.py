"""What a connection says first: all of a head, half of it, nothing, or something else altogether."""

import socket
from pathlib import Path

import pytest

from tests.live.conftest import must_come
from tests.live.doors.calls import AT_ACCEPT, IN_THE_VIEW, PATIENCE, Carrier, Phone, request
from tests.live.doors.conftest import Change
from tests.support.server import Server

DOORS = pytest.mark.parametrize("address", [AT_ACCEPT, IN_THE_VIEW])


def test_one_who_says_nothing_is_let_go(phone: Phone) -> None:
    silent = [phone.ring() for _ in range(50)]
    assert all(each.hears_the_end() for each in silent)
    assert not any(each.heard for each in silent)


def test_one_who_says_half_a_head_is_let_go(phone: Phone) -> None:
    heads = [request(AT_ACCEPT), request(IN_THE_VIEW), request("/healthz"), request("/", "POST")]
    calls = [phone.ring(head[:length]) for head in heads for length in (1, 4, 12, len(head) - 2)]
    assert all(each.hears_the_end() for each in calls)
    assert not any(b"200 OK" in each.heard for each in calls)


def test_one_who_begins_to_speak_tls_and_stops_is_let_go(tls_server: Server) -> None:
    client_hello = b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"
    with socket.create_connection(("127.0.0.1", tls_server.port), timeout=PATIENCE) as anna:
        anna.sendall(client_hello)
        assert anna.recv(1) == b""


def test_half_a_head_after_a_page_is_let_go_too(phone: Phone) -> None:
    anna = phone.ring(request("/healthz"))
    assert anna.hears("\r\n\r\nok")
    anna.say(request(AT_ACCEPT)[:30])
    assert anna.hears_the_end()
    assert b"event:" not in anna.heard


@DOORS
def test_a_request_in_pieces_is_understood(phone: Phone, address: str) -> None:
    whole = request(address)
    anna = phone.ring(*[whole[place : place + 20] for place in range(0, len(whole) - 1, 20)])
    assert phone.listeners() == 0 or anna.hears("event: hello")
    assert anna.hears("event: hello")


def test_one_who_speaks_after_a_while_is_heard(phone: Phone) -> None:
    anna, bolat = phone.ring(), phone.ring()
    assert phone.listeners() == 0
    anna.say(request(AT_ACCEPT))
    bolat.say(request("/healthz"))
    assert anna.hears("event: hello")
    assert bolat.hears("\r\n\r\nok")


def test_those_who_wait_in_the_lobby_cost_no_greenlet_and_are_forgotten_when_they_leave(phone: Phone) -> None:
    before = descriptors(phone)
    calls = [phone.ring() for _ in range(100)]
    must_come(lambda: descriptors(phone) >= before + 100)
    for each in calls:
        each.hang_up()
    must_come(lambda: descriptors(phone) <= before, seconds=3)


def descriptors(phone: Phone) -> int:
    """How many files the worker has open."""
    return len(list(Path(f"/proc/{phone.server.worker()}/fd").iterdir()))


def test_bytes_that_are_no_request_go_to_gunicorn_which_judges(phone: Phone) -> None:
    for said in ("\x16\x03\x01\r\n\r\n", "get / http/1.1\r\n\r\n", "GET / HTTP/9.9\r\n\r\n", "\r\n\r\n\r\n"):
        anna = phone.ring(said)
        assert anna.hears_the_end()
        assert anna.heard.startswith(b"HTTP/1.1 4") or not anna.heard, said


@DOORS
def test_a_second_request_is_not_answered_inside_the_stream(phone: Phone, change: Change, address: str) -> None:
    anna = phone.ring(request(address), request("/healthz"))
    assert anna.hears("event: hello")
    anna.say(request("/healthz"))
    assert anna.hears(f"id: {change()}\n")
    assert anna.heard.count(b"HTTP/1.") == 1


@pytest.mark.parametrize("version", ["1.0", "1.1"])
@DOORS
def test_both_versions_are_spoken_and_neither_in_chunks(phone: Phone, address: str, version: str) -> None:
    anna = phone.ring(request(address, version=version))
    assert anna.hears("event: hello")
    assert b"Connection: close" in anna.heard
    assert b"Transfer-Encoding" not in anna.heard


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
@DOORS
def test_only_get_opens_a_stream(phone: Phone, address: str, method: str) -> None:
    anna = phone.ring(request(address, method, "1.0", Content_Length="0"))
    assert anna.hears_the_end()
    assert b" 405 " in anna.heard


def test_head_gets_a_head_and_no_stream(carrier: Carrier) -> None:
    anna = carrier.phone.ring(request(carrier.address, "HEAD", "1.0"))
    assert anna.hears_the_end()
    assert b"200 OK" in anna.heard
    assert b"event:" not in anna.heard
    assert carrier.phone.listeners() == 0


def test_a_stream_on_a_connection_that_served_pages_before(phone: Phone) -> None:
    anna = phone.ring(request("/healthz"))
    assert anna.hears("\r\n\r\nok")
    anna.say(request(AT_ACCEPT))
    assert anna.hears("event: hello")


def test_a_page_is_asked_for_on_a_connection_between_requests(phone: Phone) -> None:
    """The five seconds are for a first head; between requests gunicorn's keepalive holds."""
    anna = phone.ring()
    for _ in range(5):
        anna.heard = b""
        anna.say(request("/healthz"))
        assert anna.hears("\r\n\r\nok")


def test_a_thousand_from_one_address_are_all_served(phone: Phone, change: Change) -> None:
    """A hall behind one router."""
    hall = [phone.ring(request(AT_ACCEPT if number % 2 else IN_THE_VIEW)) for number in range(1_000)]
    assert all(each.hears("event: hello") for each in hall)
    news = f"id: {change()}\n"
    assert all(each.hears(news) for each in hall)
    assert phone.listeners() == 1_000


def test_closing_is_no_race(phone: Phone) -> None:
    for number in range(400):
        call = phone.ring(request(AT_ACCEPT if number % 2 else IN_THE_VIEW))
        if number % 4 < 2:
            call.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        call.hang_up()
    must_come(lambda: phone.listeners() == 0)
