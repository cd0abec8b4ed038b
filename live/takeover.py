"""Takes a socket over from a request that gunicorn's gevent worker is handling."""

import _socket
import os
import ssl
from collections.abc import Iterable
from typing import Any
from wsgiref.types import StartResponse, WSGIEnvironment

from flask import Response
from gunicorn.workers.base_async import ALREADY_HANDLED

from live.listener import Listener
from live.sockets import HEAD, HEAD_FOR_ANY_ORIGIN, Sockets


def may_be_taken_over(environ: WSGIEnvironment) -> bool:
    """Whether this request's socket may be written to directly: a GET over HTTP/1 without TLS, under gunicorn."""
    connection = environ.get("gunicorn.socket")
    is_plain = connection is not None and not isinstance(connection, ssl.SSLSocket)
    return is_plain and environ["REQUEST_METHOD"] == "GET" and environ["SERVER_PROTOCOL"] in ("HTTP/1.0", "HTTP/1.1")


class TakenOver(Response):
    """A response written by `Sockets`, to which a duplicate of the socket is handed; gunicorn closes its own.

    Of its headers only the one that lets pages of other origins read it is sent.
    """

    def __init__(self, sockets: Sockets, listener: Listener) -> None:
        super().__init__()
        self._sockets, self._listener = sockets, listener

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        connection = environ["gunicorn.socket"]
        try:
            number = os.dup(connection.fileno())
        except OSError:
            self._sockets.discard(self._listener)
            raise
        taken = _socket.socket(connection.family, connection.type, connection.proto, fileno=number)
        is_for_any_origin = "Access-Control-Allow-Origin" in self.headers
        self._sockets.take_over(taken, self._listener, HEAD_FOR_ANY_ORIGIN if is_for_any_origin else HEAD)
        handled: Any = ALREADY_HANDLED
        return handled  # type: ignore[no-any-return]
