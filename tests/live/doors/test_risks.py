"""What goes wrong when sockets are taken over from a server that does not know of it, and where each is tested.

Where no file is named the test is here and bears the number.

 1  the connection's greenlet waits for a next request  test_first_words: a second request is not answered inside …
 2  who has gone is noticed late or never               test_carriers: one who hangs up is forgotten at once; 2a to 2c
 3  an epoll made before the fork is shared
 4  numbers of closed sockets are used again
 5  a socket that fails early is leaked
 6  the access log knows nothing of streams             test_carriers: the journal says who left and how much they heard
 7  a frame is sent in part                             test_carriers: a slow reader skips and converges
 8  a reader that never reads fills the memory          test_carriers: those who never read are let go …
 9  TLS in gunicorn                                     test_carriers: the carrier `iterator`; 9
10  HTTP/2 in gunicorn
11  HEAD and HTTP/1.0                                   test_first_words: head gets a head …; both versions are spoken …
12  a stop cuts everybody at the same moment            test_carriers: a server that stops …; 12
13  a restart after so many requests
14  a proxy uses the connection again
15  descriptors run out                                 test_admission: out of descriptors …; few files …
16  options of the listening socket are inherited
"""

import logging
import re
import socket
import ssl
from collections.abc import Iterator
from importlib.metadata import version
from inspect import signature
from pathlib import Path
from runpy import run_path
from time import sleep
from typing import Any

import pytest
from gevent.baseserver import BaseServer
from gevent.server import StreamServer
from gunicorn.config import Config
from gunicorn.sock import TCPSocket
from gunicorn.workers.base_async import ALREADY_HANDLED, AsyncWorker
from gunicorn.workers.ggevent import GeventWorker
from h2.config import H2Configuration
from h2.connection import H2Connection
from h2.events import DataReceived

from live.buses.local import LocalBus
from live.hub import Hub
from live.lobby import hope_no_longer
from live.sockets import Sockets
from live.takeover import may_be_taken_over
from live.worker import StreamWorker
from tests.live.conftest import ANYBODY, Board, MakeHub, must_come
from tests.live.doors.calls import AT_ACCEPT, IN_THE_VIEW, Call, Carrier, Phone, request
from tests.live.doors.conftest import Change, Start
from tests.support.parts import ROOT

BOTH_DOORS = (AT_ACCEPT, IN_THE_VIEW)


def crowd(phone: Phone, count: int) -> list[Call]:
    calls = [phone.ring(request(BOTH_DOORS[number % 2])) for number in range(count)]
    assert all(each.hears("event: hello") for each in calls)
    return calls


def test_2a_one_who_leaves_bytes_behind_unread_is_noticed(carrier: Carrier) -> None:
    anna = carrier.ring()
    anna.say("and another thing")
    anna.hang_up()
    must_come(lambda: carrier.phone.listeners() == 0, seconds=5)


def test_2b_a_thousand_who_leave_at_once_are_noticed_and_others_go_on(phone: Phone, change: Change) -> None:
    leaving, anna = crowd(phone, 1_000), crowd(phone, 1)[0]
    for each in leaving:
        each.hang_up()
    assert phone.ring(request("/healthz")).hears("\r\n\r\nok")
    must_come(lambda: phone.listeners() == 1, seconds=5)
    assert anna.hears(f"id: {change()}\n")


@pytest.fixture
def taken(board: Board, make_hub: MakeHub) -> Iterator[tuple[Hub, socket.socket, socket.socket]]:
    """A hub, and both ends of a connection that its server accepted with gunicorn's own listening socket."""
    hub = make_hub(LocalBus())
    listening = TCPSocket(("127.0.0.1", 0), configuration(), logging.getLogger("silence"))
    hope_no_longer(listening.sock)
    here = socket.create_connection(listening.sock.getsockname())
    there, _ = listening.sock.accept()
    yield hub, there, here
    here.close()
    listening.close()


def configuration() -> Config:
    """Tablo's, as gunicorn reads it."""
    read = Config()
    for name, value in run_path(str(ROOT / "gunicorn.conf.py")).items():
        if name in read.settings:
            read.set(name, value)
    return read


def take_over(hub: Hub, board: Board, there: socket.socket) -> None:
    topic = board.app.extensions["registry"].topic("board/one")
    Sockets(hub).take_over(
        there._sock if hasattr(there, "_sock") else there, hub.listen(topic, "json", "ru", None, ANYBODY)
    )


def test_2c_and_16_a_stream_s_socket_has_its_own_bounds(
    board: Board, taken: tuple[Hub, socket.socket, socket.socket]
) -> None:
    """One who vanishes without a word is given up by the kernel; what it keeps for one who does not read is bounded."""
    hub, there, _ = taken
    take_over(hub, board, there)
    assert there.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT) == 20_000
    assert there.getsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF) == 2 * 64 * 1024
    assert there.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


def test_3_two_workers_do_not_see_each_other_s_streams(start: Start, change: Change) -> None:
    phone = start(WEB_CONCURRENCY="2")
    for _ in range(5):
        leaving, staying = crowd(phone, 40), crowd(phone, 40)
        for each in leaving:
            each.hang_up()
        news = f"id: {change()}\n"
        assert all(each.hears(news) for each in staying)


def test_4_numbers_used_again_belong_to_whoever_has_them_now(phone: Phone, change: Change) -> None:
    staying = crowd(phone, 20)
    for number in range(300):
        leaving = phone.ring(request(BOTH_DOORS[number % 2]))
        if number % 3:
            leaving.hears("event: hello")
        leaving.hang_up()
    must_come(lambda: phone.listeners() == 20)
    news = f"id: {change()}\n"
    assert all(each.hears(news) for each in staying)
    assert all(each.ids() == sorted(set(each.ids())) for each in staying)
    assert seconds_of_work(phone, during=1.0) < 0.5


def seconds_of_work(phone: Phone, during: float) -> float:
    """How long the worker was busy: one that a forgotten socket keeps awake is busy all the time."""
    before = _ticks(phone)
    sleep(during)
    return (_ticks(phone) - before) / 100


def _ticks(phone: Phone) -> int:
    fields = Path(f"/proc/{phone.server.worker()}/stat").read_text().rpartition(") ")[2].split()
    return int(fields[11]) + int(fields[12])


def test_5_no_socket_is_leaked_however_a_stream_ends(phone: Phone) -> None:
    crowd(phone, 2)
    before = descriptors(phone)
    for number in range(300):
        call = phone.ring(request(BOTH_DOORS[number % 2]))
        call.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        call.hang_up()
    must_come(lambda: phone.listeners() == 2)
    must_come(lambda: descriptors(phone) <= before)


def descriptors(phone: Phone) -> int:
    return len(list(Path(f"/proc/{phone.server.worker()}/fd").iterdir()))


def test_5_a_listener_whose_socket_cannot_be_had_is_forgotten(board: Board, make_hub: MakeHub) -> None:
    hub = make_hub(LocalBus())
    here, there = socket.socketpair()
    here.close()
    there.close()
    take_over(hub, board, there)
    assert hub.count() == 0


def test_9_and_10_only_a_plain_get_of_http_1_is_taken_over() -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    with socket.socket() as open_one, context.wrap_socket(socket.socket(), server_hostname="tablo") as secret:
        plain = {"gunicorn.socket": open_one, "REQUEST_METHOD": "GET", "SERVER_PROTOCOL": "HTTP/1.1"}
        changes: tuple[dict[str, Any], ...] = (
            {"gunicorn.socket": secret},
            {"SERVER_PROTOCOL": "HTTP/2"},
            {"REQUEST_METHOD": "HEAD"},
            {},
        )
        taken = [may_be_taken_over(plain | {"wsgi.url_scheme": "https"} | change) for change in changes]
    assert taken == [False, False, False, True]
    assert not may_be_taken_over({"REQUEST_METHOD": "GET", "SERVER_PROTOCOL": "HTTP/1.1"})


def test_10_a_stream_over_http_2_is_an_ordinary_answer(start: Start, change: Change) -> None:
    phone = start(GUNICORN_CMD_ARGS="--http-protocols=h1,h2 --http2-cleartext=both")
    anna = phone.ring()
    talk = H2Connection(H2Configuration(client_side=True))
    talk.initiate_connection()
    asked = {":method": "GET", ":path": AT_ACCEPT, ":scheme": "http", ":authority": "tablo"}
    talk.send_headers(1, list(asked.items()), end_stream=True)
    anna.socket.sendall(talk.data_to_send())
    assert hears_in_frames(anna, talk, "event: hello")
    assert hears_in_frames(anna, talk, f"id: {change()}\n")


def hears_in_frames(call: Call, talk: H2Connection, wanted: str) -> bool:
    said = b""
    while wanted.encode() not in said:
        heard = call.socket.recv(65536)
        assert heard, "the server has hung up"
        for event in talk.receive_data(heard):
            if isinstance(event, DataReceived):
                said += event.data
                talk.acknowledge_received_data(event.flow_controlled_length, event.stream_id)
        call.socket.sendall(talk.data_to_send())
    return True


def test_12_a_stop_lets_go_one_after_the_other_and_says_when_to_return(start: Start) -> None:
    phone = start(GRACEFUL_TIMEOUT="5")
    calls = crowd(phone, 40)
    log = len(phone.server.log())
    phone.server.terminate()
    assert calls[0].hears("event: hello")
    still_there: list[int] = []
    for each in calls:
        each.socket.settimeout(0.01)
    while len(still_there) < 2 or still_there[-1]:
        still_there.append(sum(not ended(each) for each in calls))
        sleep(0.05)
    assert len({count for count in still_there if 0 < count < 40}) > 3
    assert all(b"retry: " in each.heard for each in calls)
    must_come(lambda: sum(map(int, re.findall(r'"streams": (\d+)', phone.server.log()[log:]))) == 40)


def ended(call: Call) -> bool:
    try:
        return not call.hears_more()
    except TimeoutError:
        return False


def test_13_no_worker_restarts_after_so_many_requests() -> None:
    assert configuration().max_requests == 0
    assert configuration().keepalive <= 5


def test_14_a_stream_on_a_proxy_s_connection_ends_it_without_a_reset(phone: Phone, start: Start) -> None:
    phone = start()
    calls = []
    for address in BOTH_DOORS:
        anna = phone.ring(request("/healthz"))
        assert anna.hears("\r\n\r\nok")
        anna.heard = b""
        anna.say(request(address))
        assert anna.hears("event: hello")
        assert b"Connection: close" in anna.heard
        anna.say(request("/healthz"))
        calls.append(anna)
    phone.server.stop()
    assert all(each.hears_the_end() for each in calls)


def test_what_the_worker_knows_of_gunicorn_and_gevent_is_still_so() -> None:
    """Whoever raises a version reads live/worker.py beside the new source, then these lines."""
    assert version("gunicorn") == "27.0.1"
    assert version("gevent") == "26.9.0"
    requirements = (ROOT / "requirements.txt").read_text()
    assert "gunicorn==27.0.1" in requirements
    assert "gevent==26.9.0" in requirements
    assert list(signature(GeventWorker.handle).parameters) == ["self", "listener", "client", "addr"]
    assert list(signature(AsyncWorker.is_already_handled).parameters) == ["self", "respiter"]
    assert GeventWorker.server_class is None
    assert issubclass(StreamWorker, GeventWorker)
    for name in ("do_read", "do_handle", "close", "start", "closed", "_do_read", "full", "wrap_socket_and_handle"):
        assert hasattr(StreamServer, name), name
    assert StreamServer.do_handle is BaseServer.do_handle
    with pytest.raises(StopIteration):
        StreamWorker.is_already_handled(object.__new__(StreamWorker), ALREADY_HANDLED)
