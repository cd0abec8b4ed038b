"""TLS in gunicorn itself, with a deadline for the handshake, as the lobby has one for the request head."""

from contextlib import closing
from typing import Any

import gevent
from gevent.server import StreamServer

from live.lobby import HEAD_SECONDS


class HandshakeServer(StreamServer):  # type: ignore[misc]
    """gevent's server would wait for a handshake for ever; this one closes the connection after HEAD_SECONDS."""

    def wrap_socket_and_handle(self, client_socket: Any, address: Any) -> None:
        with closing(self.wrap_socket(client_socket, do_handshake_on_connect=False, **self.ssl_args)) as connection:
            try:
                with gevent.Timeout(HEAD_SECONDS):
                    connection.do_handshake()
            except (gevent.Timeout, OSError):
                return
            self.handle(connection, address)
