"""A request's first bytes, as far as the second door reads them."""

import _socket
import re
import socket

LONGEST_HEAD = 8192
LOOK = int(socket.MSG_PEEK | socket.MSG_DONTWAIT)

# Target, and last event id or None.
Asked = tuple[str, str | None]

STREAM = b"GET /live/"
# Plain field lines, no body, nothing to negotiate, and nothing after the blank line. Nothing is tried twice (`++`), for
# all of a crowd pass here.
PLAIN = re.compile(
    rb"GET (?P<target>/live/[!-~]{1,500}+) HTTP/1\.[01]\r\n"
    rb"(?P<fields>(?:(?![CcTtEeUu](?i:ontent-length|ransfer-encoding|xpect|pgrade):)[A-Za-z0-9-]++:[^\r\n\x00]*+\r\n)++)\r\n\Z"
)
LAST_EVENT_ID = re.compile(rb"(?im)^last-event-id:[ \t]*([^\r]*?)[ \t]*\r$")


def said(connection: _socket.socket) -> bytes | None:
    """What has been said so far, which stays to be read; None for nothing yet, empty for one who is gone."""
    try:
        return connection.recv(LONGEST_HEAD, LOOK)
    except BlockingIOError:
        return None
    except OSError:
        return b""


def asked_in(head: bytes) -> Asked | None:
    """What a plain request for a stream asks for; of several last event ids all, so that none of them counts."""
    asked = PLAIN.match(head)
    if not asked:
        return None
    target, fields = asked.groups()
    ids = LAST_EVENT_ID.findall(fields) if b"last-event-id:" in fields.lower() else []
    return target.decode(), b",".join(ids).decode("latin-1") or None


def is_unfinished(head: bytes) -> bool:
    """Whether this may become a request's head; of anything else gunicorn shall judge."""
    return len(head) < LONGEST_HEAD and b"A" <= head[:1] <= b"Z" and b"\r\n\r\n" not in head


def is_read_off(connection: _socket.socket, head: bytes) -> bool:
    """Takes away what was only looked at; False for one who has gone."""
    try:
        connection.recv(len(head))
    except OSError:
        connection.close()
        return False
    return True
