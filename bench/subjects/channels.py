"""The club's first version: Django Channels, Daphne and a channel layer in Redis."""

import json
import os
import socket
import sys
from functools import cached_property
from pathlib import Path
from time import monotonic_ns

from bench.crowd import Stream
from bench.publishing import Published
from bench.subjects.subject import Subject
from tests.support.parts import ROOT, MissingPart

PACKAGES = ROOT / ".cache" / "bench" / "channels"
ADDRESS = "/ws/friendly_game/1/"
UPGRADE = (
    f"GET {ADDRESS} HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
)
GAME = {"game_type": "single", "score2": 3, "player1": "Иван Иванов", "player2": "Петр Петров", "is_finished": False}


class Channels(Subject):
    """Publishes like its scorer's page: a message over a separate websocket."""

    name = "Channels + Daphne"
    is_ready_at = "/"

    def __init__(self, folder: Path, redis_url: str) -> None:
        if not (PACKAGES / "daphne").is_dir():
            raise MissingPart(
                "Channels and Daphne are not here: bench/requirements-channels.txt could not be installed"
            )
        served = ["-b", "127.0.0.1", "-p", "{port}", "--ping-interval", "3600", "channels_score:application"]
        path = os.pathsep.join([str(PACKAGES), str(ROOT / "bench" / "peers")])
        command = [sys.executable, "-m", "daphne", "--verbosity", "0", *served]
        super().__init__(folder, command, PYTHONPATH=path, REDIS_URL=redis_url)
        self._number = 0

    @property
    def stream(self) -> Stream:
        return Stream(self.port, ADDRESS, marker='"score1": ', end="}}", websocket=True)

    @cached_property
    def _phone(self) -> socket.socket:
        phone = socket.create_connection(("127.0.0.1", self.port))
        phone.sendall(UPGRADE.encode())
        phone.recv(4096)
        return phone

    def publish(self) -> Published:
        """Nothing is stored and there is no response: it counts as published when sent."""
        self._number += 1
        message = {"type": "game_update", "game_data": {"score1": self._number, **GAME, "server": 1}}
        phone, framed = self._phone, masked(json.dumps(message).encode())
        sent = monotonic_ns()
        phone.sendall(framed)
        return Published(sent, sent, sent)


def masked(payload: bytes) -> bytes:
    """A client's text frame with a mask of zeros (RFC 6455)."""
    return bytes([0x81, 0x80 | 126]) + len(payload).to_bytes(2, "big") + bytes(4) + payload
