"""The crowd of listeners: bench/load.c as a process controlled line by line."""

import json
import subprocess
from dataclasses import dataclass, replace
from typing import Any, Self

from bench.figures import Spread
from tests.support.parts import ROOT

PROGRAM = ROOT / ".cache" / "bench" / "load"
PATIENCE = 30.0
A_MINUTE = 60_000.0


class Short(RuntimeError):
    """A listener did not get every change exactly once and in order."""


class NotOpened(Short):
    """`missing` streams were refused, lost, or not ready within a minute."""

    def __init__(self, listeners: int, missing: int) -> None:
        super().__init__(f"of {listeners} streams {missing} were not opened")
        self.missing = missing


@dataclass(frozen=True)
class Stream:
    """What a listener requests, and how a delivery is recognized: the marker, a number, anything, the end mark."""

    port: int
    path: str
    marker: str = "id: "
    end: str = r"\n\n"
    websocket: bool = False

    def options(self) -> list[str]:
        shown = ["--port", str(self.port), "--path", self.path, "--marker", self.marker, "--end", self.end]
        return [*shown, "--websocket"] if self.websocket else shown


@dataclass(frozen=True)
class Arrivals:
    """When a change reached the listeners, in nanoseconds of time.monotonic_ns()."""

    first: int
    p50: int
    p99: int
    last: int

    @classmethod
    def heard(cls, answer: dict[str, int]) -> Self:
        return cls(answer["first"], answer["p50"], answer["p99"], answer["last"])

    def since(self, moment: int) -> Spread:
        return Spread(*((arrived - moment) / 1e6 for arrived in (self.first, self.p50, self.p99, self.last)))


class Load:
    """The load client, and its output line by line."""

    def __init__(self, *words: str) -> None:
        command = [str(PROGRAM), *words]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def say(self, line: str) -> None:
        assert self._process.stdin
        self._process.stdin.write(f"{line}\n")
        self._process.stdin.flush()

    def hear(self) -> dict[str, Any]:
        assert self._process.stdout
        heard = self._process.stdout.readline()
        if not heard:
            raise Short(f"the load client ended with {self._process.wait()}")
        answer: dict[str, Any] = json.loads(heard)
        return answer

    def end(self) -> None:
        self._process.communicate()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.end()


class Crowd(Load):
    """A number of open streams. Raises Short as soon as one of them is refused, lost, or misses a change."""

    def __init__(self, stream: Stream, listeners: int, *, in_flight: int = 200, ready: str = "head") -> None:
        counts = ["--listeners", str(listeners), "--in-flight", str(in_flight), "--ready", ready]
        super().__init__("listen", *stream.options(), *counts)
        connected = self.hear()
        if connected["ready"] < listeners or connected["lost"]:
            self.end()
            raise NotOpened(listeners, max(listeners - connected["ready"], connected["lost"]))
        self.seconds: float = connected["nanoseconds"] / 1e9

    def mark(self) -> None:
        """Starts counting: the next delivery is the one that `expect` waits for."""
        self.say("mark")
        self.hear()

    def expect(self, seconds: float = PATIENCE) -> Arrivals:
        """Waits until every listener has a delivery since the mark."""
        self.say(f"expect {seconds * 1000:.0f}")
        heard = self.hear()
        faults = heard["short"] or heard["lost"] or heard["repeated"] or heard["backward"]
        if faults or heard["low"] != heard["high"]:
            raise Short(f"not everybody got the change: {heard}")
        return Arrivals.heard(heard)

    def follow(self, changes: int) -> None:
        """Counts the next `changes`, however close they come. All listeners must be at the same number now."""
        self.say(f"follow {changes}")
        self.hear()

    def followed(self) -> list[Arrivals]:
        """Waits until every listener has the last one. Returns the arrivals of each, or of a later one in its place."""
        self.say(f"followed {PATIENCE * 1000:.0f}")
        heard = self.hear()
        if heard["short"] or heard["lost"] or heard["backward"]:
            raise Short(f"not everybody got the last change: {heard['short']} short, {heard['lost']} lost")
        return [Arrivals.heard(change) for change in heard["changes"]]


class Probe(Load):
    """Requests an ordinary page repeatedly; `stop` returns the times taken, a minute for a refused one."""

    def __init__(self, port: int, path: str) -> None:
        super().__init__("probe", "--port", str(port), "--path", path)
        self.hear()

    def stop(self) -> Spread:
        self.say("quit")
        heard = self.hear()
        taken = Arrivals.heard(heard).since(0)
        return replace(taken, last=A_MINUTE) if heard["refused"] else taken
