"""`make run` works in a fresh clone on a fresh machine."""

import os
import re
import stat
import subprocess
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.parts import ROOT
from tests.support.process import ServerProcess
from tests.support.server import free_port

PATIENCE = 300.0
# Variables that would lead the clone into this environment or change its defaults.
OURS = (
    "DATABASE_URL",
    "REDIS_URL",
    "SECRET_KEY",
    "SECRET_KEY_FILE",
    "TABLO_",
    "VIRTUAL_ENV",
    "MAKE",
    "MFLAGS",
    "PYTEST_",
)


class Clone:
    """A clone of the committed state, and `make run` in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "tablo"
        subprocess.run(["git", "clone", "--quiet", ROOT, self.folder], check=True)
        self.url = f"http://127.0.0.1:{free_port()}"
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
        own = {"PORT": self.url.rsplit(":", 1)[-1], "PIP_CACHE_DIR": str(folder / "pip"), "TABLO_DEMO_PASSWORD": ""}
        self.environment = inherited | own
        self.process = ServerProcess(["make", "run"], folder / "log", folder=self.folder)

    def start(self) -> None:
        self.process.start(self.environment, lambda: self.answers("/healthz"), patience=PATIENCE)

    def answers(self, path: str) -> bool:
        try:
            return self.read(path) is not None
        except OSError:
            return False

    def read(self, path: str) -> str:
        with urllib.request.urlopen(self.url + path, timeout=10) as answer:
            text: str = answer.read().decode()
            return text


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Clone]:
    clone = Clone(tmp_path_factory.mktemp("first-run"))
    clone.start()
    yield clone
    clone.process.kill()


def test_the_first_page_is_the_sign_in(clone: Clone) -> None:
    assert "<h1" in clone.read("/")
    assert "tablo-demo" in clone.read("/sign-in")


def test_it_prints_where_it_is_and_who_may_come_in(clone: Clone) -> None:
    printed = clone.process.log()
    assert re.search(rf"http://localhost:{clone.environment['PORT']}\b", printed)
    for name in ("desk1", "desk2", "owner", "scorer", "nobody"):
        assert f"{name}@tablo.example" in printed


def test_it_is_ready_with_the_database_it_made(clone: Clone) -> None:
    assert clone.answers("/readyz")
    assert (clone.folder / "var" / "tablo.db").is_file()


def test_the_secret_key_is_nobody_elses_business(clone: Clone) -> None:
    assert stat.S_IMODE((clone.folder / "var" / "secret_key").stat().st_mode) == 0o600


def test_the_second_start_keeps_key_and_data_and_the_stop_is_clean(clone: Clone) -> None:
    key = (clone.folder / "var" / "secret_key").read_text()
    clone.process.stop()
    printed = clone.process.log()
    assert "Shutting down: Master" in printed
    assert "Traceback" not in printed
    assert not clone.answers("/healthz")
    clone.start()
    assert (clone.folder / "var" / "secret_key").read_text() == key
    assert "tablo-demo" in clone.read("/sign-in")


def test_nothing_it_made_is_for_git(clone: Clone) -> None:
    status = subprocess.run(["git", "status", "--short"], cwd=clone.folder, capture_output=True, text=True, check=True)
    assert status.stdout == ""
