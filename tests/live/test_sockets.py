"""Streams on sockets taken over from a real gunicorn, through either door."""

import socket
from collections.abc import Callable, Iterator

import pytest
from flask import Flask

from app import create_app
from extensions import db
from models.club import Club
from models.live_topic import topic_version, touch
from tests.conftest import settings_for
from tests.live.conftest import must_come
from tests.support.databases import Database, Fresh
from tests.support.people import club_house
from tests.support.server import Server

AT_ACCEPT = "/live/club/1?view=json&since=0&language=ru"
IN_THE_VIEW = "/api/clubs/1/events?since=0"
DOORS = pytest.mark.parametrize("address", [AT_ACCEPT, IN_THE_VIEW])


@pytest.fixture(scope="module")
def database(fresh_databases: Fresh, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """One for all tests here, which only ever change one topic of it."""
    with fresh_databases(tmp_path_factory.mktemp("database")) as database:
        yield database


@pytest.fixture(scope="module")
def club(database: Database) -> Flask:
    """A public club."""
    application = create_app(settings_for(database.url))
    with application.app_context():
        db.session.add(Club(organization_id=club_house().id, name="Ракетка"))
        db.session.commit()
    return application


@pytest.fixture(scope="module")
def server(club: Flask, database: Database, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The club's real server."""
    server = Server(tmp_path_factory.mktemp("server"), database.url)
    server.start()
    yield server
    server.kill()


class Call:
    """One raw connection: what was said to the server, and all that it has answered so far."""

    def __init__(self, server: Server, *said: str) -> None:
        self.socket = socket.create_connection(("127.0.0.1", server.port), timeout=20)
        self.heard = b""
        for piece in said:
            self.socket.sendall(piece.encode())

    def hears(self, wanted: str) -> bool:
        """Reads on until it comes, or until the server has said its last."""
        while wanted.encode() not in self.heard:
            if not (more := self.socket.recv(65536)):
                return False
            self.heard += more
        return True

    def hears_the_end(self) -> bool:
        while more := self.socket.recv(65536):
            self.heard += more
        return True


def request(address: str, method: str = "GET", version: str = "1.1", **fields: str) -> str:
    lines = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in {"Host": "tablo", **fields}.items())
    return f"{method} {address} HTTP/{version}\r\n{lines}\r\n"


Ring = Callable[..., Call]


@pytest.fixture
def ring(club: Flask, server: Server) -> Iterator[Ring]:
    calls: list[Call] = []

    def call(*said: str) -> Call:
        calls.append(Call(server, *said))
        return calls[-1]

    yield call
    for each in calls:
        each.socket.close()


def counted(ring: Ring, name: str) -> int:
    """One figure of the server's metrics; 0 while it has none."""
    answer = ring(request("/metrics", version="1.0"))
    answer.hears_the_end()
    _, found, rest = answer.heard.decode().partition(f"\n{name} ")
    return int(float(rest.split()[0])) if found else 0


def listeners(ring: Ring) -> int:
    return counted(ring, "tablo_listeners")


def change(club: Flask) -> str:
    """Changes the club's page; what a listener must then hear."""
    with club.app_context():
        touch("club/1", "history")
        db.session.commit()
        return f"id: {topic_version('club/1')}\n"


@DOORS
@pytest.mark.parametrize("version", ["1.0", "1.1"])
def test_hello_comes_first_and_a_change_follows(club: Flask, ring: Ring, address: str, version: str) -> None:
    anna = ring(request(address, version=version))
    assert anna.hears("event: hello")
    assert b"Connection: close" in anna.heard
    assert b"Transfer-Encoding" not in anna.heard
    assert anna.hears(change(club))


@DOORS
def test_one_who_hangs_up_is_forgotten(ring: Ring, address: str) -> None:
    calls = [ring(request(address)) for _ in range(5)]
    assert all(each.hears("event: hello") for each in calls)
    must_come(lambda: listeners(ring) == 5)
    for each in calls:
        each.socket.close()
    must_come(lambda: listeners(ring) == 0)


def test_the_second_to_come_is_taken_over_at_accept(ring: Ring) -> None:
    """The first makes this process follow the topic, which may take a while; for the others there is no wait."""
    before = counted(ring, 'tablo_streams_opened_total{door="accept"}')
    for _ in range(3):
        assert ring(request(AT_ACCEPT)).hears("event: hello")
    assert counted(ring, 'tablo_streams_opened_total{door="accept"}') == before + 2


def test_a_request_in_pieces_is_understood(ring: Ring) -> None:
    whole = request(AT_ACCEPT)
    anna = ring(whole[:30])
    must_come(lambda: listeners(ring) == 0)
    anna.socket.sendall(whole[30:].encode())
    assert anna.hears("event: hello")


@DOORS
def test_a_second_request_is_not_answered_inside_the_stream(club: Flask, ring: Ring, address: str) -> None:
    anna = ring(request(address), request("/healthz"))
    assert anna.hears("event: hello")
    assert anna.hears(change(club))
    assert anna.heard.count(b"HTTP/1.") == 1


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_only_get_opens_a_stream(ring: Ring, method: str) -> None:
    assert ring(request(AT_ACCEPT, method, Content_Length="0", X="1")).hears(" 405 ")


def test_head_gets_a_head_and_no_stream(ring: Ring) -> None:
    anna = ring(request(AT_ACCEPT, "HEAD", "1.0"))
    assert anna.hears_the_end()
    assert b"200 OK" in anna.heard
    assert b"event:" not in anna.heard
    assert listeners(ring) == 0


@pytest.mark.parametrize("topic", ["club/2", "club/0", "nothing/1", "club/99999999999999999999", "clinic/1/2026-11-22"])
def test_what_is_not_there_or_not_for_all_is_refused(ring: Ring, topic: str) -> None:
    anna = ring(request(f"/live/{topic}?view=page&language=ru", version="1.0"))
    assert anna.hears_the_end()
    assert anna.heard.split(b"\r\n")[0].split()[1] in (b"401", b"404")


@DOORS
def test_one_who_never_reads_holds_nobody_up(club: Flask, ring: Ring, address: str) -> None:
    ring(request(address))
    anna = ring(request(address))
    assert anna.hears("event: hello")
    for _ in range(3):
        news = change(club)
    assert anna.hears(news)


def test_a_stream_on_a_connection_that_served_pages_before(ring: Ring) -> None:
    anna = ring(request("/healthz"))
    assert anna.hears("\r\n\r\nok")
    anna.socket.sendall(request(AT_ACCEPT).encode())
    assert anna.hears("event: hello")


@DOORS
def test_a_server_that_stops_lets_everybody_go(club: Flask, ring: Ring, server: Server, address: str) -> None:
    calls = [ring(request(address)) for _ in range(20)]
    assert all(each.hears("event: hello") for each in calls)
    server.stop()
    assert all(each.hears_the_end() for each in calls)
    server.start()


def test_a_crowd_is_told_the_same_bytes(club: Flask, ring: Ring) -> None:
    crowd = [ring(request(AT_ACCEPT if number % 2 else IN_THE_VIEW)) for number in range(200)]
    assert all(each.hears("event: hello") for each in crowd)
    news = change(club)
    assert all(each.hears(news) for each in crowd)
    assert listeners(ring) == 200


def test_closing_is_no_race(ring: Ring) -> None:
    for _ in range(200):
        ring(request(AT_ACCEPT)).socket.close()
    must_come(lambda: listeners(ring) == 0)
