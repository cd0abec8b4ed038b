"""Mail by SMTP (RFC 5321), never unencrypted beyond this machine."""

import smtplib
import ssl
from email.message import EmailMessage
from email.utils import formataddr, formatdate
from urllib.parse import SplitResult, unquote

from commands.messengers.message import Away, Message, Refused
from models.clinic.calendar_file import METHOD

PORTS = {"smtp": 25, "smtps": 465}
HERE = frozenset({"localhost", "127.0.0.1", "::1"})
PATIENCE_SECONDS = 30
FOR_GOOD = 500


class MailMessenger:
    """smtps:// uses TLS from the first byte; smtp:// requires STARTTLS unless the server is on this machine.

    trust: the TLS context; the system's certificates by default.
    """

    def __init__(self, server: SplitResult, sender: str, trust: ssl.SSLContext | None = None) -> None:
        self.server, self.sender = server, sender
        self.trust = trust or ssl.create_default_context()

    def send(self, message: Message) -> None:
        connection = self._connection()
        try:
            connection.send_message(self._mail(message), self.sender, [message.address])
        except smtplib.SMTPRecipientsRefused as refusal:
            raise _told([code for code, _reason in refusal.recipients.values()]) from refusal
        except smtplib.SMTPResponseException as refusal:
            raise _told([refusal.smtp_code]) from refusal
        except smtplib.SMTPNotSupportedError as refusal:
            raise Refused from refusal  # an address beyond ASCII, and a server without SMTPUTF8 (RFC 6531)
        finally:
            connection.close()

    def _connection(self) -> smtplib.SMTP:
        """A connection ready to send; any failure before that means the server is away."""
        try:
            connection = self._opened()
            if self.server.username:
                connection.login(unquote(self.server.username), unquote(self.server.password or ""))
            return connection
        except (OSError, smtplib.SMTPException) as error:
            raise Away from error

    def _opened(self) -> smtplib.SMTP:
        host = self.server.hostname or "localhost"
        port = self.server.port or PORTS[self.server.scheme]
        if self.server.scheme == "smtps":
            return smtplib.SMTP_SSL(host, port, timeout=PATIENCE_SECONDS, context=self.trust)
        connection = smtplib.SMTP(host, port, timeout=PATIENCE_SECONDS)
        connection.ehlo_or_helo_if_needed()
        if host not in HERE or connection.has_extn("starttls"):
            connection.starttls(context=self.trust)
        return connection

    def _mail(self, message: Message) -> EmailMessage:
        mail = EmailMessage()
        mail["From"] = formataddr((message.sender, self.sender))
        mail["To"] = message.address
        mail["Subject"] = message.subject
        mail["Date"] = formatdate()
        mail["Message-ID"] = f"<{message.key}@{self.sender.partition('@')[2]}>"
        mail["Auto-Submitted"] = "auto-generated"
        mail.set_content(message.text)
        if message.calendar:
            _attach(mail, message.calendar)
        return mail


def _attach(mail: EmailMessage, calendar: bytes) -> None:
    """Attaches the calendar with the parameters of RFC 6047, so that mail programs offer to add it."""
    told = {"method": METHOD, "charset": "UTF-8", "component": "VEVENT"}
    mail.add_attachment(calendar, "text", "calendar", params=told, filename="visit.ics")


def _told(codes: list[int]) -> Refused | Away:
    """SMTP replies: 4xx is temporary, 5xx permanent."""
    return Refused() if max(codes) >= FOR_GOOD else Away()
