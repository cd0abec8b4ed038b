"""Whoever loses a right loses the streams that need it, in either of two real processes."""

import socket
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from http.client import HTTPConnection

import pytest
from flask import Flask
from sqlalchemy import select

from app import create_app
from extensions import db
from models.accounts import Organization, Role, User
from models.base import utc_now
from models.clinic import Appointment
from models.clinic.booking import Booking
from models.clinic.card_topic import card_topic, own_visits
from models.club import Club
from tests.conftest import settings_for
from tests.live.doors.connections import PATIENCE, Connection, request
from tests.support.crowd import Visitor
from tests.support.databases import Database, Fresh
from tests.support.people import PASSWORD, at, clinic, patient, person, practitioner
from tests.support.players import club, match
from tests.support.redis_server import RedisServer, running_redis
from tests.support.server import Server

pytestmark = pytest.mark.both_databases


@dataclass
class House:
    """Marat's clinic and club, served by two processes that share a database and a Redis."""

    application: Flask
    redis: RedisServer
    near: Server
    far: Server
    names: Iterator[str]

    def employ(self, role: Role | None) -> str:
        """Creates a user with this role; returns the mail address."""
        with self.application.app_context():
            somebody = person(next(self.names), role, db.session.get_one(Organization, 1))
            db.session.commit()
            return somebody.email

    def place_of(self, email: str) -> int:
        with self.application.app_context():
            user = db.session.scalars(select(User).filter_by(email=email)).one()
            return user.memberships[0].id

    def marat(self) -> Visitor:
        """The owner, whose requests go to the near server."""
        return Visitor(self.near.url, "marat@tablo.example", PASSWORD)


@pytest.fixture(scope="module")
def database(fresh_databases: Fresh, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    with fresh_databases(tmp_path_factory.mktemp("database")) as database:
        yield database


@pytest.fixture(scope="module")
def house(database: Database, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    application = create_app(settings_for(database.url))
    with application.app_context():
        organization = clinic()
        organization.has_club = True
        person("Marat", Role.OWNER, organization)
        db.session.add(Club(organization_id=organization.id, name="Ракетка"))
        db.session.commit()
    folder = tmp_path_factory.mktemp("servers")
    with running_redis() as redis:
        near, far = (Server(folder, database.url, redis.url) for _ in range(2))
        try:
            near.start()
            far.start()
            yield House(application, redis, near, far, (f"Name{number}" for number in range(1000)))
        finally:
            near.kill()
            far.kill()
            with application.app_context():
                db.engine.dispose()


class Watch(Connection):
    """One open stream."""

    def __init__(self, server: Server, address: str, cookie: str = "") -> None:
        super().__init__(server, request(address, Cookie=cookie))

    @property
    def status(self) -> int:
        """The response's status; a stream is open if it is 200 and hello has arrived."""
        self.receives("\r\n\r\n")
        return int(self.received.split()[1])

    def goes_on(self) -> bool:
        """Whether the stream is still open."""
        self.socket.setblocking(False)
        try:
            return self.socket.recv(65536, socket.MSG_PEEK) != b""
        except BlockingIOError:
            return True
        finally:
            self.socket.settimeout(PATIENCE)


Open = Callable[..., Watch]
DAY = "/live/clinic/1/2026-11-23?view=desk&language=ru"
CLUB = "/live/club/1?view=page&language=ru"


@pytest.fixture
def watch() -> Iterator[Open]:
    """Opens streams and waits until they are open."""
    watches: list[Watch] = []

    def open_stream(server: Server, address: str, cookie: str = "") -> Watch:
        watches.append(Watch(server, address, cookie))
        assert watches[-1].receives("event: hello"), watches[-1].received
        return watches[-1]

    yield open_stream
    for each in watches:
        each.close()


def status(server: Server, address: str, cookie: str = "") -> int:
    with closing(Watch(server, address, cookie)) as again:
        return again.status


def cookie_of(server: Server, address: str) -> str:
    """The cookie that this page sets in a browser."""
    connection = HTTPConnection("127.0.0.1", server.port, timeout=PATIENCE)
    with closing(connection):
        connection.request("GET", address)
        return connection.getresponse().headers["Set-Cookie"].split(";")[0]


def test_signing_out_ends_this_browsers_streams_and_no_others(house: House, watch: Open) -> None:
    email = house.employ(Role.RECEPTIONIST)
    at_work, at_home = (Visitor(house.near.url, email, PASSWORD) for _ in range(2))
    ending = [watch(server, address, at_work.cookie) for server in (house.near, house.far) for address in (DAY, CLUB)]
    staying = [watch(house.far, DAY, at_home.cookie), watch(house.far, CLUB)]
    kept_cookie = at_work.cookie
    assert at_work.post("/sign-out", {}).status == 303
    assert all(each.read_to_end() for each in ending)
    assert all(each.goes_on() for each in staying)
    assert [status(server, DAY, kept_cookie) for server in (house.near, house.far)] == [401, 401]


def test_a_disabled_account_loses_its_streams(house: House, watch: Open) -> None:
    email = house.employ(Role.RECEPTIONIST)
    cookie = Visitor(house.near.url, email, PASSWORD).cookie
    ending = [watch(server, DAY, cookie) for server in (house.near, house.far)]
    answer = house.marat().post(f"/people/{house.place_of(email)}/entry", {"entry": "closed"})
    assert answer.status == 303
    assert all(each.read_to_end() for each in ending)
    assert status(house.far, DAY, cookie) == 401


@pytest.mark.parametrize(("what", "fields"), [("role", {"role": "member"}), ("removal", {})])
def test_one_who_loses_the_role_or_the_place_loses_the_day(
    house: House, watch: Open, what: str, fields: dict[str, str]
) -> None:
    email, colleague = house.employ(Role.RECEPTIONIST), house.employ(Role.RECEPTIONIST)
    cookie = Visitor(house.near.url, email, PASSWORD).cookie
    staying = watch(house.far, DAY, Visitor(house.near.url, colleague, PASSWORD).cookie)
    ending = [watch(server, DAY, cookie) for server in (house.near, house.far)]
    assert house.marat().post(f"/people/{house.place_of(email)}/{what}", fields).status == 303
    assert all(each.read_to_end() for each in ending)
    assert status(house.far, DAY, cookie) == 404
    assert staying.goes_on()


def test_a_club_that_turns_private_lets_only_its_own_go_on(house: House, watch: Open) -> None:
    """Spectators use both doors: the first of a topic the view, the others the accept door."""
    member = Visitor(house.near.url, house.employ(Role.MEMBER), PASSWORD)
    stranger = Visitor(house.near.url, house.employ(None), PASSWORD)
    staying = [watch(server, CLUB, member.cookie) for server in (house.near, house.far)]
    ending = [watch(server, CLUB) for server in (house.near, house.far) for _ in range(5)]
    ending += [watch(house.far, "/api/clubs/1/events", stranger.cookie)]
    assert house.marat().post("/clubs/1/settings", {"audience": "own"}).status == 303
    assert all(each.read_to_end() for each in ending)
    assert all(each.goes_on() for each in staying)
    assert [status(house.far, CLUB, cookie) for cookie in ("", stranger.cookie)] == [401, 404]
    assert house.marat().post("/clubs/1/settings", {"audience": "all"}).status == 303
    watch(house.far, CLUB)


def test_who_came_by_a_link_that_is_taken_back_loses_the_scorers_screen(house: House, watch: Open) -> None:
    with house.application.app_context():
        scorer = person("Madina", Role.SCORER, db.session.get_one(Organization, 1))
        playing = match(club(scorer.memberships[0].organization), scorer)
        token, board = playing.give_pass(scorer, utc_now()).token, f"/live/{playing.topic}?view=scorer&language=ru"
        db.session.commit()
        taken_back = f"/matches/{playing.id}/pass/removal"
    guest = cookie_of(house.near, f"/score/{token}")
    madina = Visitor(house.near.url, "madina@tablo.example", PASSWORD)
    ending = [watch(server, board, guest) for server in (house.near, house.far)]
    staying = watch(house.far, board, madina.cookie)
    assert madina.post(taken_back, {}).status == 303
    assert all(each.read_to_end() for each in ending)
    assert staying.goes_on()
    assert [status(house.far, board, cookie) for cookie in (guest, "")] == [401, 401]


def test_a_doctor_who_sees_only_their_own_loses_the_card_whose_visit_goes_to_a_colleague(
    house: House, watch: Open
) -> None:
    with house.application.app_context():
        here = db.session.get_one(Organization, 1)
        here.practitioners_see_own = True
        gulnar = person("Gulnar", Role.PRACTITIONER, here)
        seitqali, kim, bolat = practitioner(here), practitioner(here, "Ким", place=1), patient(here)
        seitqali.user_id = gulnar.id
        booking = Booking(bolat, seitqali, None, at(here, 10), 30)
        visit = Appointment.book(here, booking, gulnar, utc_now())
        own_card = f"/live/{card_topic(here.id, bolat.id)}?view={own_visits(gulnar.id)}&language=ru"
        db.session.commit()
        cookie = Visitor(house.near.url, "gulnar@tablo.example", PASSWORD).cookie
        ending = [watch(server, own_card, cookie) for server in (house.near, house.far)]
        visit.move(kim, visit.starts_at, visit.version, gulnar, utc_now())
        db.session.commit()
    assert all(each.read_to_end() for each in ending)
    assert status(house.far, own_card, cookie) == 404


def test_without_redis_the_check_finds_who_has_to_go(house: House, watch: Open) -> None:
    aigerim = Visitor(house.near.url, house.employ(Role.RECEPTIONIST), PASSWORD)
    ending = [watch(server, DAY, aigerim.cookie) for server in (house.near, house.far)]
    house.redis.kill()
    try:
        assert aigerim.post("/sign-out", {}).status == 303
        assert all(each.read_to_end() for each in ending)
    finally:
        house.redis.start()


@pytest.mark.parametrize("address", ["/live/audience", "/live/audience?view=page"])
def test_nobody_watches_who_is_sent_away(house: House, address: str) -> None:
    assert status(house.near, address, house.marat().cookie) == 404
