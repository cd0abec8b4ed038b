"""A signed-in demo user with a cookie and a CSRF token."""

import re

from bench.publishing import Answer, Refused, ask

PASSWORD = "tablo-demo"
TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


class Person:
    """Signs in with this address; every request uses a connection of its own."""

    def __init__(self, port: int, email: str) -> None:
        self._port = port
        self._cookie = ""
        self._token = self._token_of("/sign-in")
        self._post("/sign-in", {"email": email, "password": PASSWORD}, 303)

    def get(self, path: str, **headers: str) -> Answer:
        """A page, or a fragment with HX_Request="true"."""
        answer = self._remember(ask("GET", self._port, path, None, Cookie=self._cookie, **headers))
        if answer.status != 200:
            raise Refused(f"{path}: {answer.status} {answer.text[:300]}")
        return answer

    def _token_of(self, path: str) -> str:
        found = TOKEN.search(self.get(path).text)
        if not found:
            raise Refused(f"{path} has no form")
        return found[1]

    def _post(self, path: str, fields: dict[str, str], *allowed: int) -> Answer:
        """As htmx sends it, but redirects are not followed."""
        htmx = {"HX_Request": "true"} if 200 in allowed else {}
        form = fields | {"csrf_token": self._token}
        answer = self._remember(ask("POST", self._port, path, form, Cookie=self._cookie, **htmx))
        if answer.status not in allowed:
            raise Refused(f"{path}: {answer.status} {answer.text[:300]}")
        return answer

    def _remember(self, answer: Answer) -> Answer:
        if cookie := answer.header("Set-Cookie"):
            self._cookie = cookie.partition(";")[0]
        return answer
