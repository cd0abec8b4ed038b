"""Validates mail addresses typed at the desk."""

import re

LONGEST = 254

_ADDRESS = re.compile(r"[^\s@<>()\[\],;:\\\"]+@[^\s@<>()\[\],;:\\\"]+\.[^\s@<>()\[\],;:\\\".]{2,}")


def is_mail_address(typed: str) -> bool:
    """Whether mail could be sent there: one @, a host with a dot, and no characters special in a mail header."""
    return len(typed) <= LONGEST and ".." not in typed and _ADDRESS.fullmatch(typed) is not None
