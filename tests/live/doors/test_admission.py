"""Above its limit a process asks new listeners to wait, cuts nobody off, and serves pages as before."""

import re

import pytest

from live.admission import Admission
from tests.live.doors.conftest import Change, Start
from tests.live.doors.connections import AT_ACCEPT, IN_THE_VIEW, Connection, request
from tests.support.server import PoorServer, Server, TlsServer
from tests.support.waiting import wait_until


def is_asked_to_wait(connection: Connection) -> bool:
    assert connection.read_to_end()
    head, _, body = connection.received.decode().partition("\r\n\r\n")
    assert head.startswith(("HTTP/1.1 200 OK", "HTTP/1.0 200 OK")), head
    assert "Connection: close" in head
    assert "text/event-stream" in head
    asked = re.fullmatch(r"retry: (\d+)\nevent: wait\ndata: later\n\n", body)
    return asked is not None and 1_000 <= int(asked[1]) <= 4_000


@pytest.mark.parametrize("address", [AT_ACCEPT, IN_THE_VIEW])
@pytest.mark.parametrize("kind", [Server, TlsServer])
def test_a_full_process_asks_to_wait_and_serves_pages(
    start: Start, change: Change, kind: type[Server], address: str
) -> None:
    raw_client = start(kind, LIVE_STREAMS="5")
    inside = [raw_client.connect(request(address)) for _ in range(5)]
    assert all(each.receives("event: hello") for each in inside)
    assert all(is_asked_to_wait(raw_client.connect(request(address))) for _ in range(5))
    assert all(raw_client.connect(request(probe)).receives("\r\n\r\nok") for probe in ("/healthz", "/healthz/live"))
    assert raw_client.counted("tablo_streams_turned_away_total") == 5
    news = f"id: {change()}\n"
    assert all(each.receives(news) for each in inside)
    wait_until(lambda: "5 asked to wait" in raw_client.server.log())


def test_a_full_process_says_so_also_on_a_connection_that_served_pages(start: Start) -> None:
    raw_client = start(LIVE_STREAMS="1")
    assert raw_client.connect(request(AT_ACCEPT)).receives("event: hello")
    bolat = raw_client.connect(request("/healthz"))
    assert bolat.receives("\r\n\r\nok")
    bolat.received = b""
    bolat.send(request(AT_ACCEPT))
    assert is_asked_to_wait(bolat)


def test_whoever_leaves_makes_room(start: Start) -> None:
    raw_client = start(LIVE_STREAMS="1")
    anna = raw_client.connect(request(AT_ACCEPT))
    assert anna.receives("event: hello")
    assert is_asked_to_wait(raw_client.connect(request(AT_ACCEPT)))
    anna.close()
    wait_until(lambda: raw_client.listeners() == 0)
    assert raw_client.connect(request(AT_ACCEPT)).receives("event: hello")


def test_too_many_in_one_moment_are_asked_to_wait_and_later_let_in(start: Start) -> None:
    raw_client = start(LIVE_CONNECTS_PER_SECOND="1")
    assert raw_client.connect(request(AT_ACCEPT)).receives("event: hello")
    assert is_asked_to_wait(raw_client.connect(request(AT_ACCEPT)))
    wait_until(lambda: raw_client.connect(request(AT_ACCEPT)).receives("event: hello"))


def test_a_process_that_may_open_few_files_takes_fewer_streams_and_says_so(start: Start) -> None:
    raw_client = start(PoorServer)
    assert "LIVE_STREAMS is taken as 96" in raw_client.server.log()
    connections = [raw_client.connect(request(AT_ACCEPT)) for _ in range(100)]
    assert sum(each.receives("event: hello") for each in connections) == 96
    assert raw_client.connect(request("/healthz")).receives("\r\n\r\nok")


def test_out_of_descriptors_streams_live_on_and_pages_return(start: Start, change: Change) -> None:
    raw_client = start(PoorServer, LIVE_STREAMS="20")
    inside = [raw_client.connect(request(AT_ACCEPT)) for _ in range(20)]
    assert all(each.receives("event: hello") for each in inside)
    silent = [raw_client.connect() for _ in range(120)]
    late = raw_client.connect(request("/healthz"))
    news = f"id: {change()}\n"
    assert all(each.receives(news) for each in inside)
    assert late.receives("\r\n\r\nok")
    assert all(each.read_to_end() for each in silent)
    assert raw_client.listeners() == 20


def test_a_bucket_is_full_after_a_second_and_never_more_than_full() -> None:
    admission = Admission(streams=10, connects_per_second=3)
    assert admission.room(9)
    assert not admission.room(10)
    for _ in range(3):
        assert admission.room(0)
        admission.enter(1)
    assert not admission.room(0)
