"""More than a process is sure to serve: some are asked to wait, nobody is cut off, and pages are served as before."""

import re

import pytest

from live.admission import Admission
from tests.live.conftest import must_come
from tests.live.doors.calls import AT_ACCEPT, IN_THE_VIEW, Call, request
from tests.live.doors.conftest import Change, Start
from tests.support.server import PoorServer, Server, TlsServer


def is_asked_to_wait(call: Call) -> bool:
    assert call.hears_the_end()
    head, _, body = call.heard.decode().partition("\r\n\r\n")
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
    phone = start(kind, LIVE_STREAMS="5")
    inside = [phone.ring(request(address)) for _ in range(5)]
    assert all(each.hears("event: hello") for each in inside)
    assert all(is_asked_to_wait(phone.ring(request(address))) for _ in range(5))
    assert all(phone.ring(request(probe)).hears("\r\n\r\nok") for probe in ("/healthz", "/healthz/live"))
    assert phone.counted("tablo_streams_turned_away_total") == 5
    news = f"id: {change()}\n"
    assert all(each.hears(news) for each in inside)
    must_come(lambda: "5 asked to wait" in phone.server.log())


def test_a_full_process_says_so_also_on_a_connection_that_served_pages(start: Start) -> None:
    phone = start(LIVE_STREAMS="1")
    assert phone.ring(request(AT_ACCEPT)).hears("event: hello")
    bolat = phone.ring(request("/healthz"))
    assert bolat.hears("\r\n\r\nok")
    bolat.heard = b""
    bolat.say(request(AT_ACCEPT))
    assert is_asked_to_wait(bolat)


def test_whoever_leaves_makes_room(start: Start) -> None:
    phone = start(LIVE_STREAMS="1")
    anna = phone.ring(request(AT_ACCEPT))
    assert anna.hears("event: hello")
    assert is_asked_to_wait(phone.ring(request(AT_ACCEPT)))
    anna.hang_up()
    must_come(lambda: phone.listeners() == 0)
    assert phone.ring(request(AT_ACCEPT)).hears("event: hello")


def test_too_many_in_one_moment_are_asked_to_wait_and_later_let_in(start: Start) -> None:
    phone = start(LIVE_CONNECTS_PER_SECOND="1")
    assert phone.ring(request(AT_ACCEPT)).hears("event: hello")
    assert is_asked_to_wait(phone.ring(request(AT_ACCEPT)))
    must_come(lambda: phone.ring(request(AT_ACCEPT)).hears("event: hello"))


def test_a_process_that_may_open_few_files_takes_fewer_streams_and_says_so(start: Start) -> None:
    phone = start(PoorServer)
    assert "LIVE_STREAMS is taken as 96" in phone.server.log()
    calls = [phone.ring(request(AT_ACCEPT)) for _ in range(100)]
    assert sum(each.hears("event: hello") for each in calls) == 96
    assert phone.ring(request("/healthz")).hears("\r\n\r\nok")


def test_out_of_descriptors_streams_live_on_and_pages_return(start: Start, change: Change) -> None:
    phone = start(PoorServer, LIVE_STREAMS="20")
    inside = [phone.ring(request(AT_ACCEPT)) for _ in range(20)]
    assert all(each.hears("event: hello") for each in inside)
    silent = [phone.ring() for _ in range(120)]
    late = phone.ring(request("/healthz"))
    news = f"id: {change()}\n"
    assert all(each.hears(news) for each in inside)
    assert late.hears("\r\n\r\nok")
    assert all(each.hears_the_end() for each in silent)
    assert phone.listeners() == 20


def test_a_bucket_is_full_after_a_second_and_never_more_than_full() -> None:
    admission = Admission(streams=10, connects_per_second=3)
    assert admission.room(9)
    assert not admission.room(10)
    for _ in range(3):
        assert admission.room(0)
        admission.enter(1)
    assert not admission.room(0)
