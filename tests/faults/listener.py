"""One listener, as the page's script behaves: it keeps its place, waits as long as it was told, and returns."""

import random
import socket

from tests.faults.said import NOTHING_YET, RETRY, Board, Order, Said

SMALL_BUFFER = 4096
AT_ONCE = 65536
OPENED = b"HTTP/1.1 200"


class Refused(Exception):
    """The response was not a stream; the message is its first line."""


class Listener:
    """pace: the bytes a second that it reads, 0 for none, None for unlimited.

    A stream `is_open` between its hello and its end; `opened_at` is the moment of the latest hello.
    """

    def __init__(self, number: int, board: Board, pace: int | None = None) -> None:
        self.number = number
        self.board = board
        self.pace = pace
        self.cursor = board.since
        self.order: Order = NOTHING_YET
        self.last: Said | None = None
        self.is_open = False
        self.opened_at = 0.0
        self.retry = random_retry()
        self.socket: socket.socket | None = None
        self._rest = b""

    def connect(self, port: int) -> socket.socket:
        """Begins to connect, from one of many source addresses, like a crowd."""
        self.socket = socket.socket()
        self.socket.setblocking(False)
        if self.pace is not None:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, SMALL_BUFFER)
        self.socket.bind((f"127.0.{1 + self.number % 50}.1", 0))
        self.socket.connect_ex(("127.0.0.1", port))
        self._rest = b""
        return self.socket

    def request(self) -> bytes:
        """An HTTP/1.0 request, so that the stream is not chunked."""
        place = f"Last-Event-ID: {self.cursor}\r\n" if self.last else ""
        return f"GET {self.board.path} HTTP/1.0\r\nHost: tablo\r\n{place}\r\n".encode()

    def read(self) -> bytes | None:
        """Complete messages, b"" if there are none yet, None at the end of the stream."""
        if self.socket is None:
            return None
        try:
            piece = self.socket.recv(self.pace or AT_ONCE)
        except BlockingIOError:
            return b""
        except OSError:
            return None
        whole, end, self._rest = (self._rest + piece).rpartition(b"\n\n")
        return whole + end if piece else None

    def open(self, text: bytes, now: float) -> bytes:
        """Parses the response's head and the hello; raises Refused."""
        head, _, text = text.partition(b"\r\n\r\n")
        if not head.startswith(OPENED) or not (told := RETRY.search(text)):
            raise Refused(head.partition(b"\r\n")[0].decode())
        self.retry = int(told[1]) / 1000
        if b"event: wait" in text:
            raise Refused("wait")
        self.is_open, self.opened_at = True, now
        return text

    def take(self, said: Said) -> str:
        """Processes what was received; returns the error in it, or ""."""
        fault = said.fault
        if said.first_id is not None and said.last_id is not None:
            if said.first_id <= self.cursor:
                fault = f"id {said.first_id} after {self.cursor}"
            self.cursor = said.last_id
        if said.lowest and said.highest:
            if said.lowest < self.order:
                fault = f"{said.lowest} is shown after {self.order}"
            self.order, self.last = said.highest, said
        return fault and f"listener {self.number} of {self.board.topic}: {fault}"

    def close(self) -> None:
        self.is_open = False
        if self.socket:
            self.socket.close()
            self.socket = None


def random_retry() -> float:
    """The delay of the page's script when the server gave none."""
    return random.uniform(5, 10)
