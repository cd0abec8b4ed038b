"""A real mail server for tests: it takes what it is sent, or answers as it is told to."""

import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

from aiosmtpd.controller import Controller

from tests.support.server import free_port

TAKEN = "250 taken"


class MailServer:
    """taken: the mails it has said yes to; answer: what it says to each, after `arrived` was called."""

    def __init__(self, context: ssl.SSLContext | None = None) -> None:
        self.taken: list[EmailMessage] = []
        self.answer = TAKEN
        self.arrived: Callable[[], object] = lambda: None
        self.port = free_port()
        self._controller = Controller(
            self, hostname="127.0.0.1", port=self.port, tls_context=context, require_starttls=context is not None
        )

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802  the library's own name
        mail = message_from_bytes(envelope.content, policy=default)
        assert isinstance(mail, EmailMessage)
        if self.answer == TAKEN:
            self.taken.append(mail)
        self.arrived()
        return self.answer

    @contextmanager
    def running(self) -> Iterator["MailServer"]:
        self._controller.start()
        try:
            yield self
        finally:
            self._controller.stop()
