"""A Flask generator view under gunicorn's gevent worker, with one Redis subscription per client."""

from pathlib import Path
from time import monotonic_ns

from bench.crowd import Stream
from bench.publishing import Published
from bench.subjects.subject import Subject, gunicorn
from tests.support.redis_server import RedisServer


class FlaskGenerator(Subject):
    """Publishes the same frame as Tablo."""

    name = "Flask generator"
    is_ready_at = "/"

    def __init__(self, folder: Path, redis: RedisServer, frame: str) -> None:
        command = gunicorn("bench.peers.flask_generator:app", "bench/peers/gunicorn_settings.py")
        super().__init__(folder, command, REDIS_URL=redis.url)
        self._client = redis.client()
        self._frame = frame
        self._number = 0

    @property
    def stream(self) -> Stream:
        return Stream(self.port, "/stream", marker="data: change ")

    def publish(self) -> Published:
        self._number += 1
        requested = monotonic_ns()
        self._client.publish("score", f"change {self._number}\n{self._frame}")
        return Published(requested, requested, monotonic_ns())

    def stop(self) -> None:
        self._client.close()
        super().stop()
