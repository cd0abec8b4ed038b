"""A message on its way, and the one interface of those who carry it."""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class Message:
    """key: the same whenever it is sent; address: a mail address, or a phone in E.164; sender: the clinic's name.

    calendar: the visit as iCalendar, for ways that carry files; empty for the others.
    """

    key: str
    address: str
    sender: str
    subject: str
    text: str
    calendar: bytes = b""


class Refused(Exception):
    """The other side will never take this message: the address does not exist, the number is blocked."""


class Away(Exception):
    """The other side surely has not taken it, and may later: it does not answer, or is too busy."""


class Messenger(Protocol):
    """Carries messages of one channel."""

    def send(self, message: Message) -> None:
        """Returns when it is taken. Raises Refused or Away when it surely is not; anything else leaves it open."""
