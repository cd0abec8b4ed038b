"""The first door's way to a socket: out of a request that gunicorn's gevent worker is handling."""

import _socket
import os
import ssl
from collections.abc import Iterable
from typing import Any
from wsgiref.types import StartResponse, WSGIEnvironment

from flask import Response
from gunicorn.workers.base_async import ALREADY_HANDLED

from live.listener import Listener
from live.sockets import Sockets


def may_be_taken_over(environ: WSGIEnvironment) -> bool:
    """Whether plain bytes may be written to this request's socket: a GET over HTTP/1 without TLS, under gunicorn."""
    connection = environ.get("gunicorn.socket")
    is_plain = connection is not None and not isinstance(connection, ssl.SSLSocket)
    return is_plain and environ["REQUEST_METHOD"] == "GET" and environ["SERVER_PROTOCOL"] in ("HTTP/1.0", "HTTP/1.1")


class TakenOver(Response):
    """An answer that is written by somebody else: the connection's socket is handed on, and gunicorn lets go of it."""

    def __init__(self, sockets: Sockets, listener: Listener) -> None:
        super().__init__()
        self._sockets = sockets
        self._listener = listener

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        connection = environ["gunicorn.socket"]
        try:
            number = os.dup(connection.fileno())
        except OSError:
            self._sockets.give_up(self._listener)
            raise
        taken = _socket.socket(connection.family, connection.type, connection.proto, fileno=number)
        self._sockets.take_over(taken, self._listener)
        handled: Any = ALREADY_HANDLED
        return handled  # type: ignore[no-any-return]
