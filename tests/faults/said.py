"""What a topic's streams say, read once for all who hear the same bytes.

The tests' boards contain a number in the players' names («Иван 17»), so that the content alone shows which is newer: an
`Order` is that number and, on an HTML board, the length of the match's log.
"""

import re
from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field

Order = tuple[int, int]
NOTHING_YET: Order = (-1, -1)

ID = re.compile(rb"^id: (\d+)$", re.MULTILINE)
RETRY = re.compile(rb"^retry: (\d+)$", re.MULTILINE)
IN_EVENTS = re.compile(rb'"player1": "\D*(\d+)"')
IN_FRAGMENTS = re.compile(rb'data-version="(\d+)".*?<span>\D*?(\d+)<', re.DOTALL)
WITHOUT_CONTENT = (b"event: hello", b"event: beat", b"event: wait", b"event: watching")


@dataclass
class Said:
    """Complete messages of one stream, and when they were received.

    last_id: the listener's cursor after it, None if unchanged; lowest and highest: the orders shown, None if none;
    fault: an error that does not depend on the listener.
    """

    text: bytes
    first_id: int | None = None
    last_id: int | None = None
    lowest: Order | None = None
    highest: Order | None = None
    fault: str = ""
    heard_at: "array[float]" = field(default_factory=lambda: array("d"))


class Board:
    """One topic in one view, as its listeners receive it."""

    def __init__(self, topic: str, view: str, since: int) -> None:
        self.topic = topic
        self.path = f"/live/{topic}?view={view}&since={since}&language=ru"
        self.since = since
        self.pieces: dict[bytes, Said] = {}
        self._orders_in = _orders_in_events if view == "json" else _orders_in_fragments

    def said(self, text: bytes) -> Said:
        """Parses a piece, unless the same one was parsed before."""
        known = self.pieces.get(text)
        if known is None:
            known = self._read(text)
            if not any(word in text for word in WITHOUT_CONTENT):
                self.pieces[text] = known
        return known

    def _read(self, text: bytes) -> Said:
        ids = [int(number) for number in ID.findall(text)]
        said = Said(text, *((ids[0], ids[-1]) if ids else ()))
        if ids != sorted(set(ids)):
            said.fault = f"ids {ids} in one piece"
        for frame in text.split(b"\n\n"):
            if orders := list(self._orders_in(frame)):
                self._follow(said, min(orders), max(orders))
        return said

    def _follow(self, said: Said, lowest: Order, highest: Order) -> None:
        if said.highest is not None and lowest < said.highest:
            said.fault = f"{lowest} is shown after {said.highest}"
        said.lowest = said.lowest or lowest
        said.highest = max(said.highest or highest, highest)


def _orders_in_events(frame: bytes) -> Iterator[Order]:
    return ((int(number), 0) for number in IN_EVENTS.findall(frame))


def _orders_in_fragments(frame: bytes) -> Iterator[Order]:
    return ((int(number), int(version)) for version, number in IN_FRAGMENTS.findall(frame))
