"""Raw connections to a real server, and the three ways of transporting a stream over one."""

import re
import socket
import ssl
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic

from tests.support.metrics import read_metrics, total
from tests.support.server import Server, TlsServer

PATIENCE = 20
AT_ACCEPT = "/live/club/1?view=json&since=0&language=ru"
WIDE = "/live/club/1?view=page&language=ru"
IN_THE_VIEW = "/api/clubs/1/events?since=0"
IDS = re.compile(rb"^id: (\d+)$", re.MULTILINE)


def request(address: str, method: str = "GET", version: str = "1.1", **fields: str) -> str:
    lines = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in {"Host": "tablo", **fields}.items())
    return f"{method} {address} HTTP/{version}\r\n{lines}\r\n"


class Connection:
    """One connection and everything received on it so far."""

    def __init__(self, server: Server, *said: str, receive_buffer: int = 0) -> None:
        self.socket = socket.socket()
        if receive_buffer:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        self.socket.settimeout(PATIENCE)
        self.socket.connect(("127.0.0.1", server.port))
        if isinstance(server, TlsServer):
            self.socket = ssl._create_unverified_context().wrap_socket(self.socket)
        self.received = b""
        for piece in said:
            self.send(piece)

    def send(self, piece: str) -> None:
        self.socket.sendall(piece.encode())

    def receives(self, wanted: str) -> bool:
        """Reads until the text comes or the server closes."""
        while wanted.encode() not in self.received:
            if not self.receive_more():
                return False
        return True

    def receive_more(self, count: int = 65536) -> bool:
        more = self.socket.recv(count)
        self.received += more
        return bool(more)

    def read_to_end(self) -> bool:
        """Reads until the server closes; a reset does not count."""
        while self.receive_more():
            pass
        return True

    def ids(self) -> list[int]:
        """The versions in order of arrival."""
        return [int(found) for found in IDS.findall(self.received)]

    def close(self) -> None:
        self.socket.close()


@dataclass
class RawClient:
    """A client of one server that closes all its connections at the end."""

    server: Server
    connections: list[Connection] = field(default_factory=list)

    def connect(self, *said: str, receive_buffer: int = 0) -> Connection:
        self.connections.append(Connection(self.server, *said, receive_buffer=receive_buffer))
        return self.connections[-1]

    def counted(self, name: str) -> int:
        """One of the server's metrics; 0 if absent."""
        answer = self.connect(request("/metrics", version="1.0"))
        answer.read_to_end()
        answer.close()
        return int(total(read_metrics(answer.received.decode().partition("\r\n\r\n")[2]), name))

    def listeners(self) -> int:
        return self.counted("tablo_listeners")

    def open_files(self) -> int:
        """The number of the worker's descriptors."""
        return len(list(Path(f"/proc/{self.server.worker()}/fd").iterdir()))

    def close(self) -> None:
        for connection in self.connections:
            connection.close()
        self.connections.clear()


@dataclass
class Transport:
    """One way of transporting a stream: taken over at accept or in the view, or iterated by the server."""

    name: str
    client: RawClient
    address: str
    wide: str = WIDE

    @property
    def server(self) -> Server:
        return self.client.server

    def connect(self, address: str = "", receive_buffer: int = 0, **fields: str) -> Connection:
        """Opens a stream in exactly this way: the accept door works only once the server follows the topic."""
        opened = f'tablo_streams_opened_total{{door="{self.name}"}}'
        deadline = monotonic() + PATIENCE
        in_vain: list[Connection] = []
        while monotonic() < deadline:
            before = self.client.counted(opened)
            connection = self.client.connect(request(address or self.address, **fields), receive_buffer=receive_buffer)
            assert connection.receives("event: hello"), connection.received
            if self.client.counted(opened) == before + 1:
                for each in in_vain:
                    each.close()
                return connection
            in_vain.append(connection)
        raise AssertionError(f"no stream came through {self.name}")
