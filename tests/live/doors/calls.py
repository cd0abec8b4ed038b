"""Raw connections to a real server, and the three ways in which a stream may be carried over one."""

import re
import socket
import ssl
from dataclasses import dataclass, field
from time import monotonic

from tests.support.server import Server, TlsServer

PATIENCE = 20
AT_ACCEPT = "/live/club/1?view=json&since=0&language=ru"
IN_THE_VIEW = "/api/clubs/1/events?since=0"
IDS = re.compile(rb"^id: (\d+)$", re.MULTILINE)


def request(address: str, method: str = "GET", version: str = "1.1", **fields: str) -> str:
    lines = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in {"Host": "tablo", **fields}.items())
    return f"{method} {address} HTTP/{version}\r\n{lines}\r\n"


class Call:
    """One connection: what was said to the server, and all that it has answered so far."""

    def __init__(self, server: Server, *said: str, receive_buffer: int = 0) -> None:
        self.socket = socket.socket()
        if receive_buffer:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        self.socket.settimeout(PATIENCE)
        self.socket.connect(("127.0.0.1", server.port))
        if isinstance(server, TlsServer):
            self.socket = ssl._create_unverified_context().wrap_socket(self.socket)
        self.heard = b""
        for piece in said:
            self.say(piece)

    def say(self, piece: str) -> None:
        self.socket.sendall(piece.encode())

    def hears(self, wanted: str) -> bool:
        """Reads on until it comes, or until the server has said its last."""
        while wanted.encode() not in self.heard:
            if not self.hears_more():
                return False
        return True

    def hears_more(self, count: int = 65536) -> bool:
        more = self.socket.recv(count)
        self.heard += more
        return bool(more)

    def hears_the_end(self) -> bool:
        """Reads on until the server has said its last; a reset is no end."""
        while self.hears_more():
            pass
        return True

    def ids(self) -> list[int]:
        """The versions in the order in which they came."""
        return [int(found) for found in IDS.findall(self.heard)]

    def hang_up(self) -> None:
        self.socket.close()


@dataclass
class Phone:
    """Calls one server and hangs all its calls up in the end."""

    server: Server
    calls: list[Call] = field(default_factory=list)

    def ring(self, *said: str, receive_buffer: int = 0) -> Call:
        self.calls.append(Call(self.server, *said, receive_buffer=receive_buffer))
        return self.calls[-1]

    def counted(self, name: str) -> int:
        """One figure of the server's metrics; 0 while it has none."""
        answer = self.ring(request("/metrics", version="1.0"))
        answer.hears_the_end()
        answer.hang_up()
        _, found, rest = answer.heard.decode().partition(f"\n{name} ")
        return int(float(rest.split()[0])) if found else 0

    def listeners(self) -> int:
        return self.counted("tablo_listeners")

    def hang_up(self) -> None:
        for call in self.calls:
            call.hang_up()
        self.calls.clear()


@dataclass
class Carrier:
    """One way in which a stream reaches somebody: taken over at accept or in the view, or carried by the server."""

    name: str
    phone: Phone
    address: str
    wide: str = "/live/club/1?view=page&language=ru"

    @property
    def server(self) -> Server:
        return self.phone.server

    def ring(self, address: str = "", receive_buffer: int = 0, **fields: str) -> Call:
        """Opens a stream for sure this way: the door at accept opens as soon as the server knows the topic."""
        opened = f'tablo_streams_opened_total{{door="{self.name}"}}'
        deadline = monotonic() + PATIENCE
        in_vain: list[Call] = []
        while monotonic() < deadline:
            before = self.phone.counted(opened)
            call = self.phone.ring(request(address or self.address, **fields), receive_buffer=receive_buffer)
            assert call.hears("event: hello"), call.heard
            if self.phone.counted(opened) == before + 1:
                for each in in_vain:
                    each.hang_up()
                return call
            in_vain.append(call)
        raise AssertionError(f"no stream came through {self.name}")
