"""A listener as an ordinary WSGI iterator: for the test client, TLS, HTTP/2 and any other server."""

from collections.abc import Callable, Iterator
from threading import Event
from time import monotonic

from live.hub import Hub
from live.listener import Listener, do_nothing

PIECE = 8 * 1024


class WsgiStream:
    """Iterates over the listener's bytes until it is closed; the server calls close when the client is gone.

    sending_since: when the server was given the bytes it is still sending (time.monotonic), None if it is idle.
    """

    def __init__(self, hub: Hub, listener: Listener) -> None:
        self.listener = listener
        self.sending_since: float | None = None
        self.on_close: Callable[[], None] = do_nothing
        self._hub = hub
        self._woken = Event()
        listener.wake = listener.end = self._woken.set

    def __iter__(self) -> Iterator[bytes]:
        listener = self.listener
        yield from self._pieces(listener.hello())
        while not listener.closed:
            self._woken.clear()
            if taken := listener.take():
                yield from self._pieces(taken)
            else:
                self._woken.wait(timeout=listener.seconds_to_beat())

    def close(self) -> None:
        self.on_close()
        self._hub.leave(self.listener)

    def _pieces(self, taken: bytes) -> Iterator[bytes]:
        """In pieces, so that a slow client can be distinguished from a stalled one."""
        for start in range(0, len(taken), PIECE):
            piece = taken[start : start + PIECE]
            self.sending_since = monotonic()
            yield piece
            self.listener.sent += len(piece)
        self.sending_since = None
