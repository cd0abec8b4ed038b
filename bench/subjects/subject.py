"""A measured server: start it, connect listeners, make changes."""

import os
import sys
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bench import processes
from bench.crowd import Crowd, Stream
from bench.publishing import Published, Refused, ask
from tests.support.parts import ROOT
from tests.support.process import ServerProcess
from tests.support.server import free_port


class Program(ABC):
    """A server on which a change can be made."""

    name: str
    is_ready_at: str = "/readyz"

    def __init__(self, folder: Path, command: list[str], **environment: str) -> None:
        """{port} in the command is replaced by the port; output goes to a file in the folder."""
        self.port = free_port()
        words = [word.format(port=self.port) for word in command]
        self._server = ServerProcess(words, folder / f"{self.port}.log", folder=ROOT)
        self._environment: Mapping[str, str] = os.environ | {"PORT": str(self.port)} | environment

    def start(self) -> None:
        self._server.start(self._environment, self._is_ready)

    def stop(self) -> None:
        self._server.kill()

    @property
    def process(self) -> int:
        """The id of its first process."""
        return self._server.number

    @abstractmethod
    def publish(self) -> Published:
        """Makes one change."""

    def _is_ready(self) -> bool:
        try:
            return ask("GET", self.port, self.is_ready_at).status < 500
        except (OSError, Refused):
            return False


class Subject(Program):
    """A server with one topic; every listener must get every change."""

    @property
    @abstractmethod
    def stream(self) -> Stream:
        """The request of a screen."""

    def settle(self) -> None:
        """Called when a crowd is connected, before anything is measured."""

    @contextmanager
    def crowd(self, listeners: int, **how: Any) -> Iterator[Crowd]:
        """A crowd of listeners. Waits at the end until all are disconnected, to not disturb the next measurement."""
        with Crowd(how.pop("stream", self.stream), listeners, **how) as crowd:
            yield crowd
        self.rest()

    def rest(self) -> None:
        """Waits until the server is idle."""
        processes.wait_until_idle(self.process)


def gunicorn(application: str, config: str) -> list[str]:
    """The same server with the same kind of worker for every WSGI application."""
    return [sys.executable, "-m", "gunicorn", "--config", config, application]
