"""Web push (RFC 8030): one encrypted POST to the endpoint of a browser's push service.

The endpoint's URL comes from an untrusted client. Its host is resolved here, every address must be public, and exactly
the resolved address is connected to: once, following no redirect, for at most PATIENCE_SECONDS in all.
"""

import ssl
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from http import HTTPStatus
from http.client import HTTPConnection
from socket import IPPROTO_TCP, SHUT_RDWR, SOCK_STREAM, create_connection, getaddrinfo, socket
from threading import Timer
from time import time
from urllib.parse import SplitResult

import http_ece
from cryptography.hazmat.primitives.asymmetric import ec
from py_vapid import Vapid02

from commands.messengers.message import LATER, TAKEN, Away, Refused, request_target
from rules.subscription import Subscription, decoded, is_of_the_world

PATIENCE_SECONDS = 10.0
TOKEN_SECONDS = 12 * 3600
GONE = frozenset({HTTPStatus.NOT_FOUND, HTTPStatus.GONE})
FAILING = range(500, 600)


class Gone(Refused):
    """The subscription no longer exists."""


@dataclass(frozen=True)
class Push:
    """topic: the push service keeps only the newest message per topic; seconds: how long it keeps it (TTL)."""

    to: Subscription
    topic: str
    seconds: int
    text: str


class PushMessenger:
    """Signs with the VAPID key (RFC 8292) and names the contact; anywhere: also connects to private addresses."""

    def __init__(self, key: str, contact: str, *, anywhere: bool = False) -> None:
        self._signer = Vapid02.from_string(key)
        self._contact = contact
        self._anywhere = anywhere

    def send(self, push: Push) -> None:
        """Returns if accepted. Raises Gone, Refused or Away if certainly not; any other exception leaves it unknown."""
        body, headers = _encrypted(push), self._headers(push)
        with closing(self._connection(push.to.address)) as connection, _limited(connection.sock):
            connection.request("POST", request_target(push.to.address), body, headers)
            status = connection.getresponse().status
        if status in GONE:
            raise Gone
        if status in LATER or status in FAILING:
            raise Away
        if status not in TAKEN:
            raise Refused

    def _headers(self, push: Push) -> dict[str, str]:
        address = push.to.address
        origin = f"{address.scheme}://{address.netloc}"
        claims = {"aud": origin, "sub": self._contact, "exp": int(time()) + TOKEN_SECONDS}
        return {
            **self._signer.sign(claims),
            "Content-Type": "application/octet-stream",
            "Content-Encoding": "aes128gcm",
            "TTL": str(push.seconds),
            "Topic": push.topic,
            "Urgency": "normal",
        }

    def _connection(self, address: SplitResult) -> HTTPConnection:
        host, port = address.hostname or "", address.port or (443 if address.scheme == "https" else 80)
        connection = HTTPConnection(host, port)
        try:
            taken = create_connection((self._looked_up(host, port), port), timeout=PATIENCE_SECONDS)
            connection.sock = _secured(taken, host) if address.scheme == "https" else taken
        except OSError as error:
            raise Away from error
        return connection

    def _looked_up(self, host: str, port: int) -> str:
        found = [str(each[4][0]) for each in getaddrinfo(host, port, type=SOCK_STREAM, proto=IPPROTO_TCP)]
        if not self._anywhere and not all(is_of_the_world(address) for address in found):
            raise Refused
        return found[0]


def _encrypted(push: Push) -> bytes:
    """Encrypted end to end for the browser (RFC 8291). Raises Gone for an invalid key."""
    try:
        encrypted: bytes = http_ece.encrypt(
            push.text.encode(),
            private_key=ec.generate_private_key(ec.SECP256R1()),
            dh=decoded(push.to.public_key),
            auth_secret=decoded(push.to.secret),
            version="aes128gcm",
        )
    except ValueError as error:
        raise Gone from error
    return encrypted


def _secured(taken: socket, host: str) -> socket:
    try:
        return ssl.create_default_context().wrap_socket(taken, server_hostname=host)
    except OSError:
        taken.close()
        raise


@contextmanager
def _limited(taken: socket) -> Iterator[None]:
    """A total deadline: a server that sends one byte a second would never hit the socket's own timeout."""
    ending = Timer(PATIENCE_SECONDS, _hang_up, [taken])
    ending.start()
    try:
        yield
    finally:
        ending.cancel()


def _hang_up(taken: socket) -> None:
    with suppress(OSError):
        taken.shutdown(SHUT_RDWR)
