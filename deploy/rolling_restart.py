"""Restarts Tablo's processes one after another, each once the previous one is ready again.

Pages and streams stay available. A process ends its streams within its grace period, a minute for each process.
Run as root: python3 /srv/tablo/current/deploy/rolling_restart.py [folder of sockets] [seconds to wait]
"""

import subprocess
import sys
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from socket import AF_UNIX, socket
from time import monotonic, sleep

LIST = ("systemctl", "list-units", "--plain", "--no-legend", "tablo-web@*.service", "tablo-live@*.service")


class UnixConnection(HTTPConnection):
    """HTTP over a Unix socket."""

    def __init__(self, path: Path) -> None:
        super().__init__("localhost", timeout=5)
        self._path = path

    def connect(self) -> None:
        self.sock = socket(AF_UNIX)
        self.sock.settimeout(self.timeout)
        self.sock.connect(str(self._path))


def units() -> list[str]:
    """The running units, those that serve pages first."""
    listed = subprocess.run(LIST, capture_output=True, text=True, check=True).stdout
    return sorted((line.split()[0] for line in listed.splitlines()), key=lambda unit: ("web" not in unit, unit))


def socket_of(unit: str, folder: Path) -> Path:
    """tablo-live@1.service listens on live-1/socket."""
    return folder / unit.removeprefix("tablo-").removesuffix(".service").replace("@", "-") / "socket"


def answers(path: Path) -> bool:
    connection = UnixConnection(path)
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


def restart(unit: str, folder: Path, patience: float) -> None:
    """Returns when the unit is ready again; exits the program if it does not become ready."""
    sys.stdout.write(f"{unit}\n")
    subprocess.run(("systemctl", "restart", unit), check=True)
    deadline = monotonic() + patience
    while not answers(socket_of(unit, folder)):
        if monotonic() > deadline:
            sys.exit(f"{unit} does not answer. Stopped here, the others run as before: journalctl --unit {unit}")
        sleep(0.5)


if __name__ == "__main__":
    sockets = Path(sys.argv[1] if len(sys.argv) > 1 else "/run/tablo")
    for each in units():
        restart(each, sockets, float(sys.argv[2]) if len(sys.argv) > 2 else 60.0)
