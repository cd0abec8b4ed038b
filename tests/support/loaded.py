"""Servers that start at once: forks of a process that has already loaded Tablo, which takes nearly two seconds.

Each has a gunicorn master and worker, settings and a state of its own. For tests of what a browser shows; how gunicorn
starts and stops is tested with Server.
"""

import json
import os
import select
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tests.support.parts import ROOT
from tests.support.process import ServerProcess
from tests.support.server import Server


class Fork:
    """A running fork. As a child of the loaded process it cannot be waited for like a Popen."""

    def __init__(self, pid: int) -> None:
        self.pid = pid

    def poll(self) -> int | None:
        """None while it runs."""
        try:
            os.kill(self.pid, 0)
        except ProcessLookupError:
            return 0
        return None

    def wait(self, timeout: float | None = None) -> int:
        """Returns when it has exited; raises TimeoutExpired."""
        try:
            ending = os.pidfd_open(self.pid)
        except ProcessLookupError:
            return 0
        try:
            if not select.select([ending], [], [], timeout)[0]:
                raise subprocess.TimeoutExpired(str(self.pid), timeout or 0)
        finally:
            os.close(ending)
        return 0


class LoadedTablo:
    """The process that is forked; see tests/support/forking.py."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process

    def fork(self, command: list[str], environment: Mapping[str, str], log_file: Path) -> Fork:
        """Runs gunicorn's command in a fork that writes to the log."""
        assert self._process.stdin
        assert self._process.stdout
        order = json.dumps([command, dict(environment), str(log_file)])
        print(order, file=self._process.stdin, flush=True)
        return Fork(int(self._process.stdout.readline()))


class LoadedServer(Server):
    """One gunicorn in a fork."""

    def __init__(
        self, loaded: LoadedTablo, folder: Path, database_url: str, redis_url: str = "", **settings: str
    ) -> None:
        super().__init__(folder, database_url, redis_url, **settings)
        self._process = _ForkedProcess(loaded, self.command(), self._process.log_file)


class _ForkedProcess(ServerProcess):
    def __init__(self, loaded: LoadedTablo, command: list[str], log_file: Path) -> None:
        super().__init__(command, log_file, folder=ROOT)
        self._loaded = loaded

    def _launch(self, environment: Mapping[str, str]) -> Fork:
        return self._loaded.fork(self.command, environment, self.log_file)


@contextmanager
def loaded_tablo() -> Iterator[LoadedTablo]:
    """Loads Tablo; the forks are killed by those who start them."""
    command = [sys.executable, "-m", "tests.support.forking"]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield LoadedTablo(process)
