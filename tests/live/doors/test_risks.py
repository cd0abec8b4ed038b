"""The risks of taking over sockets from a server that does not know of it, and where each is tested.

If no file is named, the test is in this file and has the number in its name.

 1  the connection's greenlet waits for another request test_first_words: a second request is not answered inside …
 2  a disconnect is noticed late or never               test_transports: one who hangs up is forgotten at once; 2a to 2c
 3  an epoll created before the fork is shared
 4  descriptors of closed sockets are reused
 5  a socket that fails early is leaked
 6  the access log does not contain streams             test_transports: the journal says who left …
 7  a frame is sent partially                           test_transports: a slow reader skips and converges
 8  a client that never reads fills the memory          test_transports: those who never read are let go …
 9  TLS in gunicorn                                     test_transports: the transport `iterator`; 9
10  HTTP/2 in gunicorn
11  HEAD and HTTP/1.0                                   test_first_words: head gets a head …; both versions are spoken …
12  a stop cuts all streams at the same moment          test_transports: a server that stops …; 12
13  a restart after a number of requests
14  a proxy reuses the connection
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
from live.lobby import drop_vanished_clients
from live.sockets import Sockets
from live.takeover import may_be_taken_over
from live.worker import StreamWorker
from tests.live.conftest import ANYBODY, Board, MakeHub
from tests.live.doors.conftest import Change, Start
from tests.live.doors.connections import AT_ACCEPT, IN_THE_VIEW, Connection, RawClient, Transport, request
from tests.support.parts import ROOT
from tests.support.waiting import wait_until

BOTH_DOORS = (AT_ACCEPT, IN_THE_VIEW)


def crowd(raw_client: RawClient, count: int) -> list[Connection]:
    connections = [raw_client.connect(request(BOTH_DOORS[number % 2])) for number in range(count)]
    assert all(each.receives("event: hello") for each in connections)
    return connections


def test_2a_one_who_leaves_bytes_behind_unread_is_noticed(transport: Transport) -> None:
    anna = transport.connect()
    anna.send("and another thing")
    anna.close()
    wait_until(lambda: transport.client.listeners() == 0, seconds=5)


def test_2b_a_thousand_who_leave_at_once_are_noticed_and_others_go_on(raw_client: RawClient, change: Change) -> None:
    leaving, anna = crowd(raw_client, 1_000), crowd(raw_client, 1)[0]
    for each in leaving:
        each.close()
    assert raw_client.connect(request("/healthz")).receives("\r\n\r\nok")
    wait_until(lambda: raw_client.listeners() == 1, seconds=5)
    assert anna.receives(f"id: {change()}\n")


@pytest.fixture
def taken(board: Board, make_hub: MakeHub) -> Iterator[tuple[Hub, socket.socket, socket.socket]]:
    """A hub, and both ends of a connection accepted on gunicorn's own listening socket."""
    hub = make_hub(LocalBus())
    listening = TCPSocket(("127.0.0.1", 0), configuration(), logging.getLogger("silence"))
    drop_vanished_clients(listening.sock)
    here = socket.create_connection(listening.sock.getsockname())
    there, _ = listening.sock.accept()
    yield hub, there, here
    here.close()
    listening.close()


def configuration() -> Config:
    """Tablo's configuration as gunicorn reads it."""
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
    """The kernel drops a client that vanishes silently, and limits its buffer for one that does not read."""
    hub, there, _ = taken
    take_over(hub, board, there)
    assert there.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT) == 20_000
    assert there.getsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF) == 2 * 64 * 1024
    assert there.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


def test_3_two_workers_do_not_see_each_other_s_streams(start: Start, change: Change) -> None:
    raw_client = start(WEB_CONCURRENCY="2")
    for _ in range(5):
        leaving, staying = crowd(raw_client, 40), crowd(raw_client, 40)
        for each in leaving:
            each.close()
        news = f"id: {change()}\n"
        assert all(each.receives(news) for each in staying)


def test_4_numbers_used_again_belong_to_whoever_has_them_now(raw_client: RawClient, change: Change) -> None:
    staying = crowd(raw_client, 20)
    for number in range(300):
        leaving = raw_client.connect(request(BOTH_DOORS[number % 2]))
        if number % 3:
            leaving.receives("event: hello")
        leaving.close()
    wait_until(lambda: raw_client.listeners() == 20)
    news = f"id: {change()}\n"
    assert all(each.receives(news) for each in staying)
    assert all(each.ids() == sorted(set(each.ids())) for each in staying)
    assert seconds_of_work(raw_client, during=1.0) < 0.5


def seconds_of_work(raw_client: RawClient, during: float) -> float:
    """The worker's processor time: a leaked socket would keep it busy all the time."""
    before = _ticks(raw_client)
    sleep(during)
    return (_ticks(raw_client) - before) / 100


def _ticks(raw_client: RawClient) -> int:
    fields = Path(f"/proc/{raw_client.server.worker()}/stat").read_text().rpartition(") ")[2].split()
    return int(fields[11]) + int(fields[12])


def test_5_no_socket_is_leaked_however_a_stream_ends(raw_client: RawClient) -> None:
    crowd(raw_client, 2)
    before, opened = raw_client.open_files(), opened_streams(raw_client)
    for number in range(300):
        connection = raw_client.connect(request(BOTH_DOORS[number % 2]))
        connection.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        connection.close()
    wait_until(lambda: raw_client.listeners() == 2)
    wait_until(lambda: raw_client.open_files() <= before)
    assert all(now > then for now, then in zip(opened_streams(raw_client), opened, strict=True))


def opened_streams(raw_client: RawClient) -> list[int]:
    """How many were opened at accept and in the view."""
    return [raw_client.counted(f'tablo_streams_opened_total{{door="{door}"}}') for door in ("accept", "view")]


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
    raw_client = start(GUNICORN_CMD_ARGS="--http-protocols=h1,h2 --http2-cleartext=both")
    anna = raw_client.connect()
    talk = H2Connection(H2Configuration(client_side=True))
    talk.initiate_connection()
    asked = {":method": "GET", ":path": AT_ACCEPT, ":scheme": "http", ":authority": "tablo"}
    talk.send_headers(1, list(asked.items()), end_stream=True)
    anna.socket.sendall(talk.data_to_send())
    assert receives_in_frames(anna, talk, "event: hello")
    assert receives_in_frames(anna, talk, f"id: {change()}\n")


def receives_in_frames(connection: Connection, talk: H2Connection, wanted: str) -> bool:
    said = b""
    while wanted.encode() not in said:
        received = connection.socket.recv(65536)
        assert received, "the server has hung up"
        for event in talk.receive_data(received):
            if isinstance(event, DataReceived):
                said += event.data
                talk.acknowledge_received_data(event.flow_controlled_length, event.stream_id)
        connection.socket.sendall(talk.data_to_send())
    return True


def test_12_a_stop_lets_go_one_after_the_other_and_says_when_to_return(start: Start) -> None:
    raw_client = start(GRACEFUL_TIMEOUT="5")
    connections = crowd(raw_client, 40)
    log = len(raw_client.server.log())
    raw_client.server.terminate()
    assert connections[0].receives("event: hello")
    still_there: list[int] = []
    for each in connections:
        each.socket.settimeout(0.01)
    while len(still_there) < 2 or still_there[-1]:
        still_there.append(sum(not ended(each) for each in connections))
        sleep(0.05)
    assert len({count for count in still_there if 0 < count < 40}) > 3
    assert all(b"retry: " in each.received for each in connections)
    wait_until(lambda: sum(map(int, re.findall(r'"streams": (\d+)', raw_client.server.log()[log:]))) == 40)


def ended(connection: Connection) -> bool:
    try:
        return not connection.receive_more()
    except TimeoutError:
        return False


def test_13_no_worker_restarts_after_so_many_requests() -> None:
    assert configuration().max_requests == 0
    assert configuration().keepalive <= 5


def test_14_a_stream_on_a_proxy_s_connection_ends_it_without_a_reset(start: Start) -> None:
    raw_client = start()
    connections = []
    for address in BOTH_DOORS:
        anna = raw_client.connect(request("/healthz"))
        assert anna.receives("\r\n\r\nok")
        anna.received = b""
        anna.send(request(address))
        assert anna.receives("event: hello")
        assert b"Connection: close" in anna.received
        anna.send(request("/healthz"))
        connections.append(anna)
    raw_client.server.stop()
    assert all(each.read_to_end() for each in connections)


def test_what_the_worker_knows_of_gunicorn_and_gevent_is_still_so() -> None:
    """When upgrading, compare live/worker.py with the new source, then change these lines."""
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
