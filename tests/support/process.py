"""A server process for tests: start, wait, stop, kill, and restart at the same address."""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Protocol

PATIENCE = 30.0


class DidNotStart(RuntimeError):
    """The server exited or did not respond; the message contains the end of its log."""


class Running(Protocol):
    """A started process."""

    @property
    def pid(self) -> int: ...

    def poll(self) -> int | None: ...

    def wait(self, timeout: float | None = None) -> int: ...


class ServerProcess:
    """One program in its own process group, run in `folder`, its output in one file."""

    def __init__(self, command: Sequence[str], log_file: Path, *, folder: Path, user: str | None = None) -> None:
        self.command = list(command)
        self.log_file = log_file
        self.folder = folder
        self.user = user
        self._process: Running | None = None

    def start(self, environment: Mapping[str, str], answers: Callable[[], bool], patience: float = PATIENCE) -> None:
        """Starts the program and returns once `answers` is true; raises DidNotStart."""
        self._process = self._launch(environment)
        deadline = time.monotonic() + patience
        while not answers():
            if self._process.poll() is not None or time.monotonic() > deadline:
                self.kill()
                raise DidNotStart(f"{self.command[0]} did not start:\n{self.log()[-3000:]}")
            time.sleep(0.02)

    def stop(self, politely: signal.Signals = signal.SIGTERM, patience: float = PATIENCE) -> None:
        """Terminates the program and waits; kills it if it does not exit."""
        if self._process is not None:
            self.send(politely, to_group=False)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(timeout=patience)
        self.kill()

    def kill(self) -> None:
        """Kills the whole process group (SIGKILL), like a power cut."""
        if self._process is not None:
            self.send(signal.SIGKILL)
            self._process.wait()
            self._process = None

    def send(self, number: signal.Signals, *, to_group: bool = True) -> None:
        if self._process is None:
            raise RuntimeError(f"{self.command[0]} is not running")
        try:
            (os.killpg if to_group else os.kill)(self._process.pid, number)
        except ProcessLookupError:
            return

    @property
    def number(self) -> int:
        """The process id."""
        if self._process is None:
            raise RuntimeError(f"{self.command[0]} is not running")
        return self._process.pid

    def children(self) -> list[int]:
        """The ids of its child processes, the oldest first."""
        listed = Path(f"/proc/{self.number}/task/{self.number}/children").read_text()
        return [int(child) for child in listed.split()]

    def log(self) -> str:
        """All output so far, over all starts."""
        return self.log_file.read_text(errors="replace") if self.log_file.exists() else ""

    def _launch(self, environment: Mapping[str, str]) -> Running:
        with self.log_file.open("ab") as log:
            return subprocess.Popen(
                self.command,
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
                env=dict(environment),
                cwd=self.folder,
                user=self.user,
                extra_groups=[] if self.user else None,
                start_new_session=True,
            )
