"""A listener as an ordinary WSGI iterator: for the test client, TLS, HTTP/2 and any other server."""

from collections.abc import Callable, Iterator
from threading import Event
from time import monotonic

from live.hub import Hub
from live.listener import Listener

PIECE = 8 * 1024


class WsgiStream:
    """Iterates over the listener's bytes until it is closed; the server calls close when the client is gone.

    handed_on_at: since when the server has been busy with the bytes it was given last, by the clock `monotonic`.
    """

    def __init__(self, hub: Hub, listener: Listener) -> None:
        self.listener = listener
        self.handed_on_at: float | None = None
        self.on_close: Callable[[], None] = _nobody_asks
        self._hub = hub
        self._woken = Event()
        listener.wake = listener.end = self._woken.set

    def __iter__(self) -> Iterator[bytes]:
        listener = self.listener
        yield from self._handed_on(listener.hello())
        while not listener.closed:
            self._woken.clear()
            if taken := listener.take():
                yield from self._handed_on(taken)
            else:
                self._woken.wait(timeout=listener.seconds_to_beat())

    def close(self) -> None:
        self.on_close()
        self._hub.leave(self.listener)

    def _handed_on(self, taken: bytes) -> Iterator[bytes]:
        """In pieces, so that slow and stuck can be told apart."""
        for start in range(0, len(taken), PIECE):
            piece = taken[start : start + PIECE]
            self.handed_on_at = monotonic()
            yield piece
            self.listener.sent += len(piece)
        self.handed_on_at = None


def _nobody_asks() -> None:
    """Where nothing watches over the connection."""
