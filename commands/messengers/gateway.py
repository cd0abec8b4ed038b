"""SMS through any gateway that accepts a POST of JSON; docs/reminders.md specifies its responses."""

import json
from http.client import HTTPConnection, HTTPSConnection
from urllib.parse import SplitResult

from commands.messengers.message import LATER, TAKEN, Away, Message, Refused, request_target

PATIENCE_SECONDS = 30
WRONGED = range(400, 500)


class GatewayMessenger:
    """Posts `{"id", "to", "from", "text"}` to the address, with the token, if any, as a bearer token."""

    def __init__(self, address: SplitResult, token: str) -> None:
        self.address = address
        self.headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {token}"} if token else {})

    def send(self, message: Message) -> None:
        connection = self._connection()
        try:
            connection.request("POST", request_target(self.address), _told(message), self.headers)
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


def _told(message: Message) -> bytes:
    told = {"id": message.key, "to": message.address, "from": message.sender, "text": message.text}
    return json.dumps(told, ensure_ascii=False).encode()
