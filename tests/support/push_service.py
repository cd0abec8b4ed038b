"""A following browser and its push service: real HTTP, real keys, real decryption."""

import json
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from os import urandom
from threading import Thread
from typing import Any

import http_ece
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

# Generated only for these tests.
PUSH_KEY = "PxElSazpynCdYlPfgBOMnhefhJUZWD6W1n6tOkG3WJY"
PUSH_PUBLIC_KEY = "BPmvK6ZNtWHEij7R_kcGEOVuZK00qz9YInkx0iKJVHwIrgxgnU5d5ePoN-TWzQw6trVWiQLAQD2jVTCLg_QixLc"
PUSH_CONTACT = "mailto:owner@tablo.example"


def text(raw: bytes) -> str:
    return urlsafe_b64encode(raw).decode().rstrip("=")


class PushService(ThreadingHTTPServer):
    """taken: the messages for each browser, in order; answer: the status, or 0 to close without a response."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.secret = urandom(16)
        self.answer = 201
        self.taken: list[tuple[str, dict[str, Any]]] = []
        self.headers: list[dict[str, str]] = []

    def browser(self, name: str) -> dict[str, str]:
        """The subscription that this browser sends when it follows."""
        point = self.key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        endpoint = f"http://127.0.0.1:{self.server_port}/{name}"
        return {"endpoint": endpoint, "public_key": text(point), "secret": text(self.secret)}

    def received(self, name: str) -> list[str]:
        """The notifications that this browser has shown."""
        return [shown["body"] for path, shown in self.taken if path == f"/{name}"]

    @contextmanager
    def running(self) -> Iterator["PushService"]:
        thread = Thread(target=self.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield self
        finally:
            self.shutdown()
            thread.join()
            self.server_close()


class _Handler(BaseHTTPRequestHandler):
    server: PushService

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.headers.append(dict(self.headers))
        if self.server.answer == 0:
            self.close_connection = True
            return
        if self.server.answer < 300:
            opened = http_ece.decrypt(body, private_key=self.server.key, auth_secret=self.server.secret)
            self.server.taken.append((self.path, json.loads(opened)))
        self.send_response(self.server.answer)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the library's own name
        """Logs nothing."""
