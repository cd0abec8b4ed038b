"""The bare Flask view of bench/peers/bare.py, without listeners."""

from pathlib import Path

from bench.publishing import Published, timed_post
from bench.subjects.subject import Program, gunicorn


class Bare(Program):
    """One row and a response, under the same server and on the same database as Tablo."""

    def __init__(self, folder: Path, database_url: str) -> None:
        self.name = "bare view (PostgreSQL)" if database_url.startswith("postgresql") else "bare view (SQLite)"
        command = gunicorn("bench.peers.bare:app", "bench/peers/gunicorn_settings.py")
        super().__init__(folder, command, DATABASE_URL=database_url)

    def publish(self) -> Published:
        return timed_post(self.port, "/rallies", {"side": "A"})
