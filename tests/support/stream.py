"""Listening to a stream through the test client, as a program or a page does."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse


@dataclass(frozen=True)
class Event:
    """One event: its name ("" for what pages swap in), its id and its data."""

    name: str
    id: str
    data: str

    @property
    def json(self) -> Any:
        return json.loads(self.data)


class Stream:
    """An open stream, to be closed; `heard()` gives the events that come next, `told()` only named ones."""

    def __init__(self, client: FlaskClient, path: str, **headers: str) -> None:
        self.answer: TestResponse = client.get(path, headers=headers, buffered=False)
        assert self.answer.status_code == 200, self.answer.status
        self._chunks: Iterator[Any] = iter(self.answer.response)
        assert self.heard()[0].name == "hello"

    def heard(self) -> list[Event]:
        heard: bytes = next(self._chunks)
        while not heard.endswith(b"\n\n"):
            heard += next(self._chunks)
        return [_event(block) for block in heard.decode().strip("\n").split("\n\n")]

    def told(self) -> list[Event]:
        """The named events of the next chunk that has any; moves of the id alone are passed over."""
        while True:
            if named := [event for event in self.heard() if event.name]:
                return named

    def close(self) -> None:
        self.answer.close()


def _event(block: str) -> Event:
    lines = [line.partition(": ")[::2] for line in block.split("\n")]
    fields = dict(lines)
    data = "\n".join(value for name, value in lines if name == "data")
    return Event(fields.get("event", ""), fields.get("id", ""), data)
