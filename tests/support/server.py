"""Tablo in production configuration: gunicorn in its own process, on a free port."""

import os
import signal
import socket
import ssl
import sys
import urllib.error
import urllib.request
from pathlib import Path

from tests.support.parts import ROOT
from tests.support.process import PATIENCE, ServerProcess

CERTIFICATE = ROOT / "tests" / "support" / "tls.pem"  # certificate and key generated only for these tests
SECRET_KEY = "a key for tests only, the same after every start"


def free_port() -> int:
    """A port that is currently free."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Server:
    """One gunicorn. It keeps its port and settings over `kill()` and `start()`, like a rebooted machine."""

    scheme = "http"

    def __init__(self, folder: Path, database_url: str, redis_url: str = "", **settings: str) -> None:
        """`settings` are additional environment variables, such as LIVE="off"."""
        self.port = free_port()
        self.url = f"{self.scheme}://127.0.0.1:{self.port}"
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "COV_"))}
        self.environment = inherited | {
            "HOST": "127.0.0.1",
            "PORT": str(self.port),
            "SECRET_KEY": SECRET_KEY,
            "PASSWORD_COST": "cheap",
            "DATABASE_URL": database_url,
            "REDIS_URL": redis_url,
            "LOG_FORMAT": "json",
            "SIGN_IN_LIMIT": "1000 per minute",
            **settings,
        }
        self._process = ServerProcess(self.command(), folder / f"server-{self.port}.log", folder=ROOT)

    def command(self) -> list[str]:
        return [sys.executable, "-m", "gunicorn", "--config", "gunicorn.conf.py", "app:create_app()"]

    def start(self) -> None:
        """Starts it and returns when /readyz is 200; raises DidNotStart with the end of the log."""
        self._process.start(self.environment, self._is_ready)

    def stop(self, patience: float = PATIENCE) -> None:
        """SIGTERM, as in a deployment. Returns when it has exited; after `patience` seconds it is killed."""
        self._process.stop(patience=patience)

    def terminate(self) -> None:
        """SIGTERM without waiting."""
        self._process.send(signal.SIGTERM, to_group=False)

    def kill(self) -> None:
        """SIGKILL to master and worker, like a power cut."""
        self._process.kill()

    def freeze(self) -> None:
        """SIGSTOP: connections stay open without a response."""
        self._process.send(signal.SIGSTOP)

    def thaw(self) -> None:
        self._process.send(signal.SIGCONT)

    def worker(self) -> int:
        """The process id of its first worker."""
        return self._process.children()[0]

    def log(self) -> str:
        """All output so far, over all starts."""
        return self._process.log()

    def _is_ready(self) -> bool:
        try:
            asked = f"{self.url}/readyz"
            with urllib.request.urlopen(asked, timeout=5, context=ssl._create_unverified_context()) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            return False


class TlsServer(Server):
    """A gunicorn with TLS."""

    scheme = "https"

    def command(self) -> list[str]:
        return [*super().command(), "--certfile", str(CERTIFICATE), "--keyfile", str(CERTIFICATE)]


class PoorServer(Server):
    """A gunicorn with a low limit of open files that it cannot raise."""

    files = 128

    def command(self) -> list[str]:
        return ["sh", "-c", f'ulimit -n {self.files} && exec "$@"', "sh", *super().command()]
