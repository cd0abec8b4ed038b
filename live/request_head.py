"""The first bytes of a request, as far as the accept door reads them."""

import _socket
import re
import socket

LONGEST_HEAD = 8192
USUAL_HEAD = 2048
LOOK = int(socket.MSG_PEEK | socket.MSG_DONTWAIT)

# The request target, and the last event id or None.
StreamRequest = tuple[str, str | None]

STREAM = b"GET /live/"
END = b"\r\n\r\n"
# Plain header lines, no body, nothing to negotiate, and nothing after the blank line. Possessive quantifiers (`++`)
# avoid backtracking, since every stream request is matched here.
PLAIN = re.compile(
    rb"GET (/live/[!-~]{1,500}+) HTTP/1\.[01]\r\n"
    rb"(?:(?![CcTtEeUu](?i:ontent-length|ransfer-encoding|xpect|pgrade):)[A-Za-z0-9-]++:[^\r]*+\r\n)++\r\n\Z"
)
LAST_EVENT_ID = re.compile(rb"\n[Ll](?i:ast-event-id):[ \t]*([^\r]*?)[ \t]*\r")


def peek_head(connection: _socket.socket) -> bytes | None:
    """The bytes received so far, left unread; None if there are none yet, empty if the client is gone."""
    try:
        head = connection.recv(USUAL_HEAD, LOOK)
        return head if len(head) < USUAL_HEAD else connection.recv(LONGEST_HEAD, LOOK)
    except BlockingIOError:
        return None
    except OSError:
        return b""


def parse_head(head: bytes) -> StreamRequest | None:
    """The target and last event id of a plain stream request, None for any other; several ids are joined and void."""
    plain = PLAIN.match(head)
    if not plain or 0 in head or head.count(b"\r") != head.count(b"\n"):
        return None
    ids = LAST_EVENT_ID.findall(head)
    return plain[1].decode(), (b",".join(ids).decode("latin-1") or None) if ids else None


def is_unfinished(head: bytes) -> bool:
    """Whether this may still become a request head; everything else is left to gunicorn."""
    return not head.endswith(END) and len(head) < LONGEST_HEAD and b"A" <= head[:1] <= b"Z" and END not in head
