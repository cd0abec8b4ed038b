"""Mail addresses as people at a desk type them."""

import re

LONGEST = 254

_ADDRESS = re.compile(r"[^\s@<>()\[\],;:\\\"]+@[^\s@<>()\[\],;:\\\"]+\.[^\s@<>()\[\],;:\\\".]{2,}")


def is_mail_address(typed: str) -> bool:
    """Whether mail could be sent there: one @, a host with a dot, and nothing that a header would take for its own."""
    return len(typed) <= LONGEST and ".." not in typed and _ADDRESS.fullmatch(typed) is not None
