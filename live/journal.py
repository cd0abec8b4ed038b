"""Logs ended streams in one line per topic and door: ten thousand that end together must not be ten thousand lines."""

import logging
from dataclasses import dataclass
from time import monotonic

from live.listener import Listener

log = logging.getLogger("tablo.live")


@dataclass
class Ended:
    """Ended streams of one topic and door: their number, the longest in seconds, the bytes sent."""

    streams: int = 0
    longest: float = 0.0
    sent: int = 0


class Journal:
    """Aggregates until `write` writes it out."""

    def __init__(self) -> None:
        self._ended: dict[tuple[str, str], Ended] = {}
        self._turned_away = 0

    def note_end(self, listener: Listener) -> None:
        ended = self._ended.setdefault((listener.feed.topic.log_name, listener.door), Ended())
        ended.streams += 1
        ended.longest = max(ended.longest, monotonic() - listener.opened)
        ended.sent += listener.sent

    def note_turned_away(self) -> None:
        self._turned_away += 1

    def write(self) -> None:
        """Logs what was noted since the last call."""
        ended, self._ended = self._ended, {}
        turned_away, self._turned_away = self._turned_away, 0
        for (topic, door), each in ended.items():
            fields = {"topic": topic, "door": door, "seconds": round(each.longest, 1)}
            fields |= {"streams": each.streams, "bytes": each.sent}
            words = "%(streams)d of %(topic)s by %(door)s ended, the longest after %(seconds)s s; %(bytes)d bytes"
            log.info(words, fields, extra={"fields": fields})
        if turned_away:
            fields = {"turned_away": turned_away}
            log.warning("no room: %(turned_away)d asked to wait", fields, extra={"fields": fields})
