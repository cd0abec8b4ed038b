"""The first bytes of a connection: a complete head, half of one, nothing, or garbage."""

import socket

import pytest

from tests.live.doors.conftest import Change
from tests.live.doors.connections import AT_ACCEPT, IN_THE_VIEW, PATIENCE, RawClient, Transport, request
from tests.support.server import Server
from tests.support.waiting import wait_until

DOORS = pytest.mark.parametrize("address", [AT_ACCEPT, IN_THE_VIEW])


def test_one_who_says_nothing_is_let_go(raw_client: RawClient) -> None:
    silent = [raw_client.connect() for _ in range(50)]
    assert all(each.read_to_end() for each in silent)
    assert not any(each.received for each in silent)


def test_one_who_says_half_a_head_is_let_go(raw_client: RawClient) -> None:
    heads = [request(AT_ACCEPT), request(IN_THE_VIEW), request("/healthz"), request("/", "POST")]
    connections = [raw_client.connect(head[:length]) for head in heads for length in (1, 4, 12, len(head) - 2)]
    assert all(each.read_to_end() for each in connections)
    assert not any(b"200 OK" in each.received for each in connections)


def test_one_who_begins_to_speak_tls_and_stops_is_let_go(tls_server: Server) -> None:
    client_hello = b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"
    with socket.create_connection(("127.0.0.1", tls_server.port), timeout=PATIENCE) as anna:
        anna.sendall(client_hello)
        assert anna.recv(1) == b""


def test_half_a_head_after_a_page_is_let_go_too(raw_client: RawClient) -> None:
    anna = raw_client.connect(request("/healthz"))
    assert anna.receives("\r\n\r\nok")
    anna.send(request(AT_ACCEPT)[:30])
    assert anna.read_to_end()
    assert b"event:" not in anna.received


@DOORS
def test_a_request_in_pieces_is_understood(raw_client: RawClient, address: str) -> None:
    whole = request(address)
    anna = raw_client.connect(*[whole[place : place + 20] for place in range(0, len(whole) - 1, 20)])
    assert anna.receives("event: hello")


def test_one_who_speaks_after_a_while_is_heard(raw_client: RawClient) -> None:
    anna, bolat = raw_client.connect(), raw_client.connect()
    assert raw_client.listeners() == 0
    anna.send(request(AT_ACCEPT))
    bolat.send(request("/healthz"))
    assert anna.receives("event: hello")
    assert bolat.receives("\r\n\r\nok")


def test_those_who_wait_in_the_lobby_cost_no_greenlet_and_are_forgotten_when_they_leave(raw_client: RawClient) -> None:
    before = raw_client.open_files()
    connections = [raw_client.connect() for _ in range(100)]
    wait_until(lambda: raw_client.open_files() >= before + 100)
    for each in connections:
        each.close()
    wait_until(lambda: raw_client.open_files() <= before, seconds=3)


def test_bytes_that_are_no_request_go_to_gunicorn_which_judges(raw_client: RawClient) -> None:
    for said in ("\x16\x03\x01\r\n\r\n", "get / http/1.1\r\n\r\n", "GET / HTTP/9.9\r\n\r\n", "\r\n\r\n\r\n"):
        anna = raw_client.connect(said)
        assert anna.read_to_end()
        assert anna.received.startswith(b"HTTP/1.1 4") or not anna.received, said


@DOORS
def test_a_second_request_is_not_answered_inside_the_stream(
    raw_client: RawClient, change: Change, address: str
) -> None:
    anna = raw_client.connect(request(address), request("/healthz"))
    assert anna.receives("event: hello")
    anna.send(request("/healthz"))
    assert anna.receives(f"id: {change()}\n")
    assert anna.received.count(b"HTTP/1.") == 1


@pytest.mark.parametrize("version", ["1.0", "1.1"])
@DOORS
def test_both_versions_are_spoken_and_neither_in_chunks(raw_client: RawClient, address: str, version: str) -> None:
    anna = raw_client.connect(request(address, version=version))
    assert anna.receives("event: hello")
    assert b"Connection: close" in anna.received
    assert b"Transfer-Encoding" not in anna.received


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
@DOORS
def test_only_get_opens_a_stream(raw_client: RawClient, address: str, method: str) -> None:
    anna = raw_client.connect(request(address, method, "1.0", Content_Length="0"))
    assert anna.read_to_end()
    assert b" 405 " in anna.received


def test_head_gets_a_head_and_no_stream(transport: Transport) -> None:
    anna = transport.client.connect(request(transport.address, "HEAD", "1.0"))
    assert anna.read_to_end()
    assert b"200 OK" in anna.received
    assert b"event:" not in anna.received
    assert transport.client.listeners() == 0


def test_a_stream_on_a_connection_that_served_pages_before(raw_client: RawClient) -> None:
    anna = raw_client.connect(request("/healthz"))
    assert anna.receives("\r\n\r\nok")
    anna.send(request(AT_ACCEPT))
    assert anna.receives("event: hello")


def test_a_page_is_asked_for_on_a_connection_between_requests(raw_client: RawClient) -> None:
    """The limit of five seconds is for the first head; between requests gunicorn's keepalive applies."""
    anna = raw_client.connect()
    for _ in range(5):
        anna.received = b""
        anna.send(request("/healthz"))
        assert anna.receives("\r\n\r\nok")


def test_a_thousand_from_one_address_are_all_served(raw_client: RawClient, change: Change) -> None:
    """A hall behind one router."""
    hall = [raw_client.connect(request(AT_ACCEPT if number % 2 else IN_THE_VIEW)) for number in range(1_000)]
    assert all(each.receives("event: hello") for each in hall)
    news = f"id: {change()}\n"
    assert all(each.receives(news) for each in hall)
    assert raw_client.listeners() == 1_000


def test_closing_is_no_race(raw_client: RawClient) -> None:
    for number in range(400):
        connection = raw_client.connect(request(AT_ACCEPT if number % 2 else IN_THE_VIEW))
        if number % 4 < 2:
            connection.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        connection.close()
    staying = [raw_client.connect(request(address)) for address in (AT_ACCEPT, IN_THE_VIEW)]
    assert all(each.receives("event: hello") for each in staying)
    wait_until(lambda: raw_client.listeners() == 2)
