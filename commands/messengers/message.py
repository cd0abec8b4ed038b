"""A message to a patient, and the interface of the messengers."""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Protocol
from urllib.parse import SplitResult


@dataclass(frozen=True)
class Message:
    """key: the same for every attempt; address: a mail address, or a phone in E.164; sender: the clinic's name.

    calendar: the visit as iCalendar, for channels with attachments; empty for the others.
    """

    key: str
    address: str
    sender: str
    subject: str
    text: str
    calendar: bytes = b""


# HTTP statuses after which the same message may be accepted later.
LATER = frozenset({HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_EARLY, HTTPStatus.TOO_MANY_REQUESTS})
TAKEN = range(200, 300)


class Refused(Exception):
    """The message will never be accepted: the address does not exist, the number is blocked."""


class Away(Exception):
    """The message was certainly not accepted and may be later: the other side is unreachable or busy."""


def request_target(url: SplitResult) -> str:
    """Path and query, as the first line of a request has them."""
    return (url.path or "/") + (f"?{url.query}" if url.query else "")


class Messenger(Protocol):
    """Sends messages of one channel."""

    def send(self, message: Message) -> None:
        """Returns if accepted. Raises Refused or Away if certainly not; any other exception leaves it unknown."""
