"""The whole of Tablo as it is deployed, twenty clubs in it, and each part of it to be killed and started again."""

import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from sqlalchemy import func, select

from config import Settings
from extensions import db
from live.registry import Registry
from live.render import frame
from models.accounts import Role
from models.base import utc_now
from models.club import Club, Match, MatchPlan, Player
from models.club.plan import MatchPlayer
from models.live_topic import topic_version
from rules.scoring.log import Side
from tests.conftest import application_elsewhere, migrate_database, settings_for
from tests.faults.audience import Seats
from tests.faults.changes import BEST_OF, newest_match
from tests.faults.colleague import allow_many_files
from tests.faults.said import Order
from tests.support.people import club_house, person
from tests.support.postgres import PostgresServer, running_postgres
from tests.support.private_folder import private_folder
from tests.support.redis_server import RedisServer, running_redis
from tests.support.site import Site

IN_PLACE = {
    " ssl http2;": ";",
    "worker_connections .*;": "worker_connections 16384;",
    "limit_conn streams .*;": "limit_conn streams 1000;",
}
# The tests' PostgreSQL runs without durability; one that is killed must not lose what it has acknowledged.
KEEPING_PROMISES = "&options=-c%20synchronous_commit%3Don"
TAPPED, CORRECTED = "page", "json"
# Of each club's newest match: its first player's name and the length of its log, in one fast statement.
NEWEST = (
    select(Match.club_id, MatchPlayer.name, Match.log_length)
    .join(MatchPlayer)
    .where(MatchPlayer.side == Side.A, Match.id.in_(select(func.max(Match.id)).group_by(Match.club_id)))
)


@dataclass(frozen=True)
class Load:
    """listeners and clubs: totals; clubs_tapped of them are scored by phone, with `taps` a second in total; the other
    changes are corrections. grace: the seconds in which a live service ends its streams."""

    listeners: int = 2_000
    changes: float = 200
    clubs: int = 20
    clubs_tapped: int = 4
    taps: float = 10
    grace: int = 60


class Breakable(Protocol):
    """A part that can be killed and is back at the same address after `start`."""

    def kill(self) -> None: ...

    def start(self) -> None: ...


class PlainSite(Site):
    """deploy/nginx.conf without TLS, which would cost the listeners' process more than what is tested here."""

    def _configuration(self, folder: Path, port: int) -> str:
        text = super()._configuration(folder, port)
        for own, ours in IN_PLACE.items():
            assert re.search(own, text), own
            text = re.sub(own, ours, text)
        return text


class House:
    """parts: the breakable parts by name; folder: for all logs."""

    def __init__(self, folder: Path, settings: Settings, site: Site, load: Load) -> None:
        self.folder = folder
        self.settings = settings
        self.site = site
        self.load = load
        self.parts: dict[str, Breakable] = {}
        self._application = application_elsewhere(settings)
        with self._application.app_context():
            self.email, self.club_ids = _arrange(load)

    @property
    def port(self) -> int:
        return self.site.nginx.port

    @property
    def tapped(self) -> list[int]:
        return self.club_ids[: self.load.clubs_tapped]

    @property
    def corrected(self) -> list[int]:
        return self.club_ids[self.load.clubs_tapped :]

    def view(self, club_id: int) -> str:
        return TAPPED if club_id in self.tapped else CORRECTED

    def seats(self) -> list[Seats]:
        """Equal numbers for each club, plus one that reads 1 KB a second and one that never reads."""
        with self._application.app_context():
            since = {club_id: topic_version(f"club/{club_id}") for club_id in self.club_ids}
        each = self.load.listeners // self.load.clubs
        seats = [Seats(f"club/{number}", self.view(number), since[number], each) for number in self.club_ids]
        busy = self.club_ids[-1]
        return [*seats, *(Seats(f"club/{busy}", CORRECTED, since[busy], 1, pace) for pace in (1024, 0))]

    def truth(self) -> dict[str, Order]:
        """The newest content of each topic in the database."""
        with self._application.app_context():
            rows = db.session.execute(NEWEST).all()
            return {f"club/{club_id}": self._order(club_id, name, length) for club_id, name, length in rows}

    def newest_frames(self) -> dict[str, bytes]:
        """The frame of each topic's newest change, rendered here from the database, without its id."""
        with self._application.app_context():
            return {f"club/{club_id}": self._frame(club_id) for club_id in self.club_ids}

    def close(self) -> None:
        """Closes the connection to the database."""
        with self._application.app_context():
            db.engine.dispose()

    def _order(self, club_id: int, name: str, length: int) -> Order:
        return int(name.split()[1]), length if self.view(club_id) == TAPPED else 0

    def _frame(self, club_id: int) -> bytes:
        registry: Registry = self._application.extensions["registry"]
        topic = registry.topic(f"club/{club_id}")
        part = f"score/{newest_match(db.session.get_one(Club, club_id)).id}"
        state = topic.load(part)
        assert state is not None
        drawn = frame(self._application, topic.view(self.view(club_id)), "ru", 0, [(part, state)])
        return drawn.replace(b"id: 0\n", b"").strip()


@contextmanager
def running_house(load: Load) -> Iterator[House]:
    """Starts everything; raises MissingPart if a program is missing, DidNotStart with the end of a log."""
    allow_many_files()
    with running_postgres() as postgres, running_redis() as redis, private_folder("faults") as folder:
        postgres.create("faults")
        settings = replace(settings_for(postgres.url("faults") + KEEPING_PROMISES), redis_url=redis.url)
        migrate_database(settings.database_url)
        with _running_site(folder, settings, load) as site:
            house = House(folder, settings, site, load)
            house.parts = _parts(postgres, redis, site)
            try:
                yield house
            finally:
                house.close()


@contextmanager
def _running_site(folder: Path, settings: Settings, load: Load) -> Iterator[Site]:
    environment = {"GRACEFUL_TIMEOUT": str(load.grace), "SECURE_COOKIES": "off"}
    with ExitStack() as stack:
        site = PlainSite(folder, settings.database_url, settings.redis_url, **environment)
        stack.callback(site.kill)
        site.start()
        yield site


def _parts(postgres: PostgresServer, redis: RedisServer, site: Site) -> dict[str, Breakable]:
    live_1, live_2 = site.live
    return {
        "PostgreSQL": postgres,
        "Redis": redis,
        "web-1": site.web,
        "nginx": site.nginx,
        "live-1": live_1,
        "live-2": live_2,
    }


def _arrange(load: Load) -> tuple[str, list[int]]:
    """A scorer and her clubs, each with a match in progress."""
    madina = person("Madina", Role.SCORER, club_house())
    clubs = []
    for number in range(load.clubs):
        club = Club(organization=madina.memberships[0].organization, name=f"Клуб {number}", is_public=True)
        ivan, petr = club.players = [Player(name="Иван 1"), Player(name="Петр")]
        db.session.add(club)
        db.session.flush()
        Match.start(club, MatchPlan((ivan,), (petr,), BEST_OF), madina, utc_now())
        clubs.append(club)
    db.session.commit()
    return madina.email, [club.id for club in clubs]
