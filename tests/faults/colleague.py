"""Somebody who works in a process of their own and can be asked."""

import multiprocessing
import os
import resource
import sys
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Protocol

FILES = 20_000


class Failed(RuntimeError):
    """The colleague's process has ended."""


class Works(Protocol):
    """The object in the other process: `work` returns when a call is in the pipe; the other methods are the calls."""

    def work(self, pipe: Connection) -> None: ...


class Colleague:
    """A worker in its own process, created by `make(*details)`, printing into `log`; ends by `dismiss` or with us."""

    def __init__(self, log: Path, make: Callable[..., Works], *details: object) -> None:
        self._log = log
        processes = multiprocessing.get_context("spawn")
        self._pipe, theirs = processes.Pipe()
        self._process = processes.Process(target=_work, args=(theirs, log, make, details), daemon=True)
        self._process.start()
        theirs.close()

    def ask(self, what: str, *details: object) -> Any:
        """Calls a method there; raises Failed with the end of the colleague's log."""
        try:
            self._pipe.send((what, details))
            return self._pipe.recv()
        except (EOFError, OSError):
            raise Failed(self._log.read_text(errors="replace")[-3000:]) from None

    def dismiss(self) -> None:
        self._pipe.close()
        self._process.join()


def _work(pipe: Connection, log: Path, make: Callable[..., Works], details: tuple[object, ...]) -> None:
    with log.open("w") as said:
        os.dup2(said.fileno(), sys.stdout.fileno())
        os.dup2(said.fileno(), sys.stderr.fileno())
    allow_many_files()
    worker = make(*details)
    while True:
        worker.work(pipe)
        try:
            what, given = pipe.recv()
        except EOFError:
            return
        pipe.send(getattr(worker, what)(*given))


def allow_many_files() -> None:
    """Raises the limit of open files for this process and its children."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = FILES if hard == resource.RLIM_INFINITY else min(FILES, hard)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, wanted), hard))
