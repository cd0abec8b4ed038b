"""Reads a stream through the test client."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse


@dataclass(frozen=True)
class Event:
    """One event: its name ("" for frames), its id and its data."""

    name: str
    id: str
    data: str

    @property
    def json(self) -> Any:
        return json.loads(self.data)


class Stream:
    """An open stream, to be closed; the methods return the events of the next chunk."""

    def __init__(self, client: FlaskClient, path: str, **headers: str) -> None:
        self.answer: TestResponse = client.get(path, headers=headers, buffered=False)
        assert self.answer.status_code == 200, self.answer.status
        self._chunks: Iterator[Any] = iter(self.answer.response)
        assert self.next_events()[0].name == "hello"

    def next_events(self) -> list[Event]:
        received: bytes = next(self._chunks)
        while not received.endswith(b"\n\n"):
            received += next(self._chunks)
        return [_event(block) for block in received.decode().strip("\n").split("\n\n")]

    def next_named_events(self) -> list[Event]:
        """The named events of the next chunk that has any; events with only an id are skipped."""
        while True:
            if named := [event for event in self.next_events() if event.name]:
                return named

    def close(self) -> None:
        self.answer.close()


def _event(block: str) -> Event:
    lines = [line.partition(": ")[::2] for line in block.split("\n")]
    fields = dict(lines)
    data = "\n".join(value for name, value in lines if name == "data")
    return Event(fields.get("event", ""), fields.get("id", ""), data)


def stream_address(page: str) -> str:
    """The address of the stream that the page opens."""
    return page.split('hx-sse:connect="')[1].split('"')[0].replace("&amp;", "&")
