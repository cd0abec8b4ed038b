"""Making a change, and the times from which deliveries are measured."""

from dataclasses import dataclass
from http.client import HTTPConnection, HTTPResponse
from time import monotonic_ns
from urllib.parse import urlencode

COMMITTED = "X-Committed"
PATIENCE = 60.0


@dataclass(frozen=True)
class Published:
    """Times of time.monotonic_ns(): requested, committed (or handed to a peer that commits nothing), answered."""

    requested: int
    committed: int
    answered: int

    @property
    def answer_milliseconds(self) -> float:
        return (self.answered - self.requested) / 1e6


@dataclass(frozen=True)
class Answer:
    """A server's response."""

    status: int
    text: str
    response: HTTPResponse

    def header(self, name: str) -> str:
        return self.response.getheader(name) or ""


class Refused(RuntimeError):
    """A server did not do what was requested."""


def ask(method: str, port: int, path: str, fields: dict[str, str] | None = None, **headers: str) -> Answer:
    """One request on a connection of its own; header names are written with underscores."""
    connection = HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    kind = {"Content-Type": "application/x-www-form-urlencoded"} if fields else {}
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    connection.request(method, path, urlencode(fields or {}), kind | named)
    response = connection.getresponse()
    text = response.read().decode()
    connection.close()
    return Answer(response.status, text, response)


def timed_post(port: int, path: str, fields: dict[str, str]) -> Published:
    """Sends a form to a peer that responds after its commit."""
    requested = monotonic_ns()
    answer = ask("POST", port, path, fields)
    if answer.status != 200:
        raise Refused(f"{path}: {answer.status} {answer.text[:200]}")
    answered = monotonic_ns()
    return Published(requested, answered, answered)
