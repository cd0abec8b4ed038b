"""SMS by any gateway that takes one POST of JSON; docs/reminders.md tells what it must answer."""

import json
from http import HTTPStatus
from http.client import HTTPConnection, HTTPSConnection
from urllib.parse import SplitResult

from commands.messengers.message import Away, Message, Refused

PATIENCE_SECONDS = 30
LATER = frozenset({HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_EARLY, HTTPStatus.TOO_MANY_REQUESTS})
WRONGED = range(400, 500)
TAKEN = range(200, 300)


class GatewayMessenger:
    """Posts `{"id", "to", "from", "text"}` to the address; the token, if there is one, as a bearer."""

    def __init__(self, address: SplitResult, token: str) -> None:
        self.address = address
        self.headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {token}"} if token else {})

    def send(self, message: Message) -> None:
        connection = self._connection()
        try:
            connection.request("POST", self._path(), _told(message), self.headers)
            status = connection.getresponse().status
        finally:
            connection.close()
        if status in WRONGED and status not in LATER:
            raise Refused
        if status not in TAKEN:
            raise Away

    def _connection(self) -> HTTPConnection:
        kind = HTTPSConnection if self.address.scheme == "https" else HTTPConnection
        connection = kind(self.address.hostname or "localhost", self.address.port, timeout=PATIENCE_SECONDS)
        try:
            connection.connect()
        except OSError as error:
            raise Away from error
        return connection

    def _path(self) -> str:
        return (self.address.path or "/") + (f"?{self.address.query}" if self.address.query else "")


def _told(message: Message) -> bytes:
    told = {"id": message.key, "to": message.address, "from": message.sender, "text": message.text}
    return json.dumps(told, ensure_ascii=False).encode()
