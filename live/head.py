"""A request's first bytes, as far as the second door reads them."""

import _socket
import re
import socket

LONGEST_HEAD = 8192
LOOK = int(socket.MSG_PEEK | socket.MSG_DONTWAIT)

# Plain field lines, no body, nothing to negotiate, and nothing after the blank line.
PLAIN = re.compile(
    rb"GET (?P<target>/live/[\x21-\x7e]{1,500}) HTTP/1\.[01]\r\n"
    rb"(?P<fields>(?:(?!(?i:content-length|transfer-encoding|expect|upgrade)\s*:)[!#-'*+.^-z|~\-0-9A-Z]+:[^\r\n\x00]*\r\n)+)\r\n\Z"
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


def last_event_ids(fields: bytes) -> str | None:
    """Of several all, so that none of them counts."""
    if b"last-event-id:" not in fields.lower():
        return None
    return b",".join(LAST_EVENT_ID.findall(fields)).decode("latin-1") or None


def is_unfinished(head: bytes) -> bool:
    """Whether this may become a request's head; of anything else gunicorn shall judge."""
    return len(head) < LONGEST_HEAD and b"A" <= head[:1] <= b"Z" and b"\r\n\r\n" not in head
