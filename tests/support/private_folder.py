"""Short temporary folders for servers: a unix socket's path may have 107 characters, and pytest's folders are long."""

import os
import pwd
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def unprivileged_user() -> str | None:
    """The user for servers that refuse to run as root; None if we are not root."""
    return "nobody" if os.geteuid() == 0 else None


def give_to(user: str | None, folder: Path) -> None:
    """Hands the folder to the user of `unprivileged_user`."""
    if user is not None:
        entry = pwd.getpwnam(user)
        os.chown(folder, entry.pw_uid, entry.pw_gid)


@contextmanager
def private_folder(name: str) -> Iterator[Path]:
    """A folder /tmp/tablo-<name>-… that is removed afterwards."""
    folder = Path(tempfile.mkdtemp(prefix=f"tablo-{name}-", dir="/tmp"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
