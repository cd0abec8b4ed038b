"""A real mail server for tests: it accepts mail, or responds as configured."""

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
    """taken: the accepted mails; answer: the response to each, given after `arrived` was called."""

    def __init__(self, context: ssl.SSLContext | None = None, *, takes_utf8: bool = True) -> None:
        self.taken: list[EmailMessage] = []
        self.answer = TAKEN
        self.arrived: Callable[[], object] = lambda: None
        self.port = free_port()
        self._controller = Controller(
            self,
            hostname="127.0.0.1",
            port=self.port,
            tls_context=context,
            require_starttls=context is not None,
            enable_SMTPUTF8=takes_utf8,
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
