"""Tablo itself: the real application under its real configuration, with the demo club and real taps."""

import os
import re
import socket
import subprocess
import sys
from functools import cached_property
from pathlib import Path
from time import sleep

from bench.crowd import Crowd, Stream
from bench.publishing import Published, ask
from bench.scorer import Scorer
from bench.subjects.subject import Subject, gunicorn
from tests.support.parts import ROOT
from tests.support.server import SECRET_KEY

LONGEST_LOG = 80
FAREWELL_SECONDS = 4.5
# Changes that became due while nobody watched happen when the first listener connects.
OLD_NEWS_SECONDS = 1.0
SETTINGS = {
    "HOST": "127.0.0.1",
    "WEB_CONCURRENCY": "1",
    "SECRET_KEY": SECRET_KEY,
    "PASSWORD_COST": "cheap",
    "LOG_FORMAT": "json",
    "SIGN_IN_LIMIT": "1000 per minute",
    # The capacity of one worker is measured here, not its admission limit.
    "LIVE_STREAMS": "20000",
    "LIVE_CONNECTS_PER_SECOND": "1000000",
}


class Tablo(Subject):
    """On SQLite with the in-process bus, or on PostgreSQL with Redis."""

    def __init__(self, folder: Path, database_url: str, redis_url: str = "") -> None:
        self.name = "Tablo (PostgreSQL, Redis)" if redis_url else "Tablo (SQLite)"
        self.database_url = database_url
        addresses = {"DATABASE_URL": database_url, "REDIS_URL": redis_url}
        super().__init__(folder, gunicorn("bench.observed:create_app()", "gunicorn.conf.py"), **SETTINGS, **addresses)

    def start(self) -> None:
        """Begins a new match."""
        super().start()
        self.scorer.start_match()
        with Crowd(self.stream, 1):
            sleep(OLD_NEWS_SECONDS)
        self.scorer.tap()

    @cached_property
    def scorer(self) -> Scorer:
        return Scorer(self.port)

    @property
    def stream(self) -> Stream:
        """The stream of a club page that was rendered just now."""
        return Stream(self.port, f"/live/club/1?view=page&language=ru&since={self.version()}")

    @property
    def stream_with_snapshot(self) -> Stream:
        """The stream of a club page that missed the newest score."""
        return Stream(self.port, f"/live/club/1?view=page&language=ru&since={self.version() - 1}")

    def publish(self) -> Published:
        return self.scorer.tap()

    def settle(self) -> None:
        """Plays a log as long as a real match's; the finished match has left the page before anything is measured."""
        if self.scorer.taps > LONGEST_LOG:
            self.scorer.end_match()
            self.scorer.start_match()
            sleep(FAREWELL_SECONDS)

    def version(self) -> int:
        """The topic's newest version, read from the club's page."""
        found = re.search(r"since=(\d+)", ask("GET", self.port, "/clubs/1").text)
        return int(found[1]) if found else 0

    def frame(self) -> str:
        """The frame of the newest change, as listeners get it; the peers publish the same."""
        stream = self.stream_with_snapshot
        with socket.create_connection(("127.0.0.1", stream.port), timeout=10) as connection:
            connection.sendall(f"GET {stream.path} HTTP/1.1\r\nHost: tablo\r\n\r\n".encode())
            heard = ""
            while not (found := re.search(r"\nid: \d+\n((?:data: .*\n)+)\n", heard)):
                heard += connection.recv(65536).decode()
        return re.sub(r"(?m)^data: ", "", found[1]).strip()


def prepare(database_url: str) -> None:
    """Migrates the database and fills an empty one with demo data."""
    command = [sys.executable, "-m", "flask", "prepare"]
    environment = os.environ | SETTINGS | {"DATABASE_URL": database_url}
    subprocess.run(command, env=environment, cwd=ROOT, check=True, capture_output=True)
