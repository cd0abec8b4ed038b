"""A request's first bytes, as far as the second door reads them."""

import _socket
import re
import socket

LONGEST_HEAD = 8192
USUAL_HEAD = 2048
LOOK = int(socket.MSG_PEEK | socket.MSG_DONTWAIT)

# Target, and last event id or None.
Asked = tuple[str, str | None]

STREAM = b"GET /live/"
END = b"\r\n\r\n"
# Plain field lines, no body, nothing to negotiate, and nothing after the blank line. Nothing is tried twice (`++`) and
# values are not looked into, for all of a crowd pass here.
PLAIN = re.compile(
    rb"GET (/live/[!-~]{1,500}+) HTTP/1\.[01]\r\n"
    rb"(?:(?![CcTtEeUu](?i:ontent-length|ransfer-encoding|xpect|pgrade):)[A-Za-z0-9-]++:[^\r]*+\r\n)++\r\n\Z"
)
LAST_EVENT_ID = re.compile(rb"\n[Ll](?i:ast-event-id):[ \t]*([^\r]*?)[ \t]*\r")


def said(connection: _socket.socket) -> bytes | None:
    """What has been said so far, which stays to be read; None for nothing yet, empty for one who is gone."""
    try:
        head = connection.recv(USUAL_HEAD, LOOK)
        return head if len(head) < USUAL_HEAD else connection.recv(LONGEST_HEAD, LOOK)
    except BlockingIOError:
        return None
    except OSError:
        return b""


def asked_in(head: bytes) -> Asked | None:
    """What a plain request for a stream asks for; of several last event ids all, so that none of them counts."""
    asked = PLAIN.match(head)
    if not asked or 0 in head or head.count(b"\r") != head.count(b"\n"):
        return None
    ids = LAST_EVENT_ID.findall(head)
    return asked[1].decode(), (b",".join(ids).decode("latin-1") or None) if ids else None


def is_unfinished(head: bytes) -> bool:
    """Whether this may become a request's head; of anything else gunicorn shall judge."""
    return not head.endswith(END) and len(head) < LONGEST_HEAD and b"A" <= head[:1] <= b"Z" and END not in head
