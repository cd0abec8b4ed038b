"""Tablo itself: the real application under the real configuration, the demonstration's club, and taps that count."""

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
# What was due while nobody watched happens when the first comes.
OLD_NEWS_SECONDS = 1.0
SETTINGS = {
    "HOST": "127.0.0.1",
    "WEB_CONCURRENCY": "1",
    "SECRET_KEY": SECRET_KEY,
    "PASSWORD_COST": "cheap",
    "LOG_FORMAT": "json",
    "SIGN_IN_LIMIT": "1000 per minute",
    # What one worker can carry is to be seen here, not how many it lets in.
    "LIVE_STREAMS": "20000",
    "LIVE_CONNECTS_PER_SECOND": "1000000",
}


class Tablo(Subject):
    """On SQLite with the bus inside the process, or on PostgreSQL with Redis."""

    def __init__(self, folder: Path, database_url: str, redis_url: str = "") -> None:
        self.name = "Tablo (PostgreSQL, Redis)" if redis_url else "Tablo (SQLite)"
        self.database_url = database_url
        addresses = {"DATABASE_URL": database_url, "REDIS_URL": redis_url}
        super().__init__(folder, gunicorn("bench.observed:create_app()", "gunicorn.conf.py"), **SETTINGS, **addresses)

    def start(self) -> None:
        """With a match that has just begun."""
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
        """A page of the club that has just been rendered."""
        return Stream(self.port, f"/live/club/1?view=page&language=ru&since={self.version()}")

    @property
    def stream_with_snapshot(self) -> Stream:
        """A page of the club that missed the newest score."""
        return Stream(self.port, f"/live/club/1?view=page&language=ru&since={self.version() - 1}")

    def publish(self) -> Published:
        return self.scorer.tap()

    def settle(self) -> None:
        """A log as long as a real match's; whoever has won takes leave before anything is measured."""
        if self.scorer.taps > LONGEST_LOG:
            self.scorer.end_match()
            self.scorer.start_match()
            sleep(FAREWELL_SECONDS)

    def version(self) -> int:
        """The topic's newest, as the club's page says it."""
        found = re.search(r"since=(\d+)", ask("GET", self.port, "/clubs/1").text)
        return int(found[1]) if found else 0

    def frame(self) -> str:
        """The text of the newest change, as the listeners get it: what the peers publish too."""
        stream = self.stream_with_snapshot
        with socket.create_connection(("127.0.0.1", stream.port), timeout=10) as connection:
            connection.sendall(f"GET {stream.path} HTTP/1.1\r\nHost: tablo\r\n\r\n".encode())
            heard = ""
            while not (found := re.search(r"\nid: \d+\n((?:data: .*\n)+)\n", heard)):
                heard += connection.recv(65536).decode()
        return re.sub(r"(?m)^data: ", "", found[1]).strip()


def prepare(database_url: str) -> None:
    """The schema and, in an empty database, the demonstration."""
    command = [sys.executable, "-m", "flask", "prepare"]
    environment = os.environ | SETTINGS | {"DATABASE_URL": database_url}
    subprocess.run(command, env=environment, cwd=ROOT, check=True, capture_output=True)
