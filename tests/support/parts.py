"""Where a real server comes from: the one installed, else the one inside a registry package, else a clear failure."""

import importlib.util
import os
import shutil
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


class MissingPart(RuntimeError):
    """A real part of the tests is not here; the message says what to do."""


def wanted_source(variable: str, choices: tuple[str, ...]) -> str:
    """The source a developer insists on through TABLO_TEST_…; empty means the first that is here."""
    wanted = os.environ.get(variable, "")
    if wanted not in ("", *choices):
        raise MissingPart(f"{variable} must be empty or one of {', '.join(choices)}; it is {wanted!r}")
    return wanted


def installed_program(*names: str) -> Path | None:
    """The first of these programs found on the path."""
    found = (shutil.which(name) for name in names)
    return next((Path(program).resolve() for program in found if program), None)


def package_folder(package: str) -> Path | None:
    """Where an installed package lies, without importing it: some of these act on import."""
    spec = importlib.util.find_spec(package)
    return Path(spec.origin).parent if spec and spec.origin else None
