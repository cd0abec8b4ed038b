"""Many requests at the same moment, over real HTTP against a real server."""

import re
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http.client import HTTPConnection
from threading import Barrier
from urllib.parse import urlencode, urlsplit

PATIENCE = 60.0
TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


@dataclass(frozen=True)
class Answer:
    """A response."""

    status: int
    text: str
    location: str


class Visitor:
    """A signed-in user whose cookie any number of connections can share."""

    def __init__(self, address: str, email: str, password: str) -> None:
        self.host = urlsplit(address).netloc
        self.cookie = ""
        self.token = self._token_of("/sign-in")
        entered = self.post("/sign-in", {"email": email, "password": password})
        assert entered.status == 303, entered.text
        self.token = self._token_of("/sign-in")

    def post(self, path: str, fields: dict[str, str]) -> Answer:
        """Submits a form without scripts."""
        return self._send("POST", path, urlencode(fields | {"csrf_token": self.token}))

    def post_at_once(self, path: str, forms: Sequence[dict[str, str]]) -> list[Answer]:
        """Submits all forms at the same moment, each over its own connection."""
        together = Barrier(len(forms))

        def send(fields: dict[str, str]) -> Answer:
            together.wait(PATIENCE)
            return self.post(path, fields)

        with ThreadPoolExecutor(len(forms)) as crowd:
            return list(crowd.map(send, forms))

    def _token_of(self, path: str) -> str:
        found = TOKEN.search(self._send("GET", path).text)
        assert found, f"{path} has no form"
        return found[1]

    def _send(self, method: str, path: str, body: str = "") -> Answer:
        connection = HTTPConnection(self.host, timeout=PATIENCE)
        headers = {"Cookie": self.cookie, "Content-Type": "application/x-www-form-urlencoded"}
        connection.request(method, path, body, headers)
        response = connection.getresponse()
        text = response.read().decode()
        if cookie := response.getheader("Set-Cookie"):
            self.cookie = cookie.partition(";")[0]
        connection.close()
        return Answer(response.status, text, response.getheader("Location") or "")
