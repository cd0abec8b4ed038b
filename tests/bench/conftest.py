"""Fixtures of the bench's tests."""

import os
import subprocess

import pytest

from bench.crowd import PROGRAM
from tests.support.parts import ROOT


@pytest.fixture(scope="session", autouse=True)
def load_client() -> None:
    """The load client, built as `make bench` builds it."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    subprocess.run(["make", "--silent", str(PROGRAM.relative_to(ROOT))], cwd=ROOT, env=environment, check=True)
