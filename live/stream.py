"""A listener as an ordinary WSGI iterator: for the test client, TLS, HTTP/2 and any other server."""

from collections.abc import Iterator
from threading import Event

from live.hub import Hub
from live.listener import Listener


class WsgiStream:
    """Iterates over the listener's bytes until it is closed; the server calls close when the client is gone."""

    def __init__(self, hub: Hub, listener: Listener) -> None:
        self._hub = hub
        self._listener = listener
        self._woken = Event()
        listener.wake = listener.end = self._woken.set

    def __iter__(self) -> Iterator[bytes]:
        listener = self._listener
        yield listener.hello()
        while not listener.closed:
            self._woken.clear()
            if taken := listener.take():
                yield taken
            else:
                self._woken.wait(timeout=listener.seconds_to_beat())

    def close(self) -> None:
        self._hub.leave(self._listener)
