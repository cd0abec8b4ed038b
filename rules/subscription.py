"""Validates a browser's push subscription (Push API, RFC 8030 and 8291).

The subscriber names a URL to which this server will connect: only public addresses are allowed (SSRF).
"""

import re
from base64 import urlsafe_b64decode
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address
from urllib.parse import SplitResult, urlsplit

LONGEST_ENDPOINT = 1_000
# An uncompressed point of P-256, and the shared authentication secret.
KEY_BYTES, SECRET_BYTES = 65, 16
TRANSLATED = "64:ff9b:"


class BadSubscription(ValueError):
    """No push service can have issued this."""


@dataclass(frozen=True)
class Subscription:
    """endpoint: the URL for messages; public_key and secret: base64url, for encrypting them."""

    endpoint: str
    public_key: str
    secret: str

    @property
    def address(self) -> SplitResult:
        return urlsplit(self.endpoint)


def read_subscription(endpoint: str, public_key: str, secret: str, *, anywhere: bool = False) -> Subscription:
    """The validated subscription. anywhere: also allow plain HTTP and private addresses.

    Raises BadSubscription.
    """
    if len(endpoint) > LONGEST_ENDPOINT or not re.fullmatch(r"[!-~]+", endpoint):
        raise BadSubscription("endpoint")
    if len(_bytes(public_key)) != KEY_BYTES or _bytes(public_key)[0] != 4 or len(_bytes(secret)) != SECRET_BYTES:
        raise BadSubscription("keys")
    said = Subscription(endpoint, public_key, secret)
    if not _leads_out(said, anywhere):
        raise BadSubscription("endpoint")
    return said


def is_of_the_world(address: str) -> bool:
    """Whether an IP address is public: not this machine, not its network, also not in a translated form."""
    found = ip_address(address.partition("%")[0])
    if isinstance(found, IPv6Address):
        found = found.ipv4_mapped or found.sixtofour or found
    return found.is_global and not found.is_multicast and not str(found).startswith(TRANSLATED)


def decoded(text: str) -> bytes:
    """Base64url, with or without its padding; raises ValueError."""
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _leads_out(said: Subscription, anywhere: bool) -> bool:
    try:
        host, port = said.address.hostname, said.address.port
    except ValueError:
        return False
    if not host or "@" in said.address.netloc or said.address.fragment:
        return False
    return anywhere or (said.address.scheme == "https" and port in (None, 443))


def _bytes(text: str) -> bytes:
    try:
        return decoded(text) if len(text) <= 2 * KEY_BYTES else b""
    except ValueError:
        return b""
