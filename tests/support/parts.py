"""Finds real servers: the installed one, else one from a registry package, else a clear failure."""

import importlib.util
import os
import shutil
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


class MissingPart(RuntimeError):
    """A program that the tests need is missing; the message says what to install."""


def wanted_source(variable: str, choices: tuple[str, ...]) -> str:
    """The source that the developer requires by TABLO_TEST_…; empty means the first available."""
    wanted = os.environ.get(variable, "")
    if wanted not in ("", *choices):
        raise MissingPart(f"{variable} must be empty or one of {', '.join(choices)}; it is {wanted!r}")
    return wanted


def installed_program(*names: str) -> Path | None:
    """The first of these programs that is on the PATH."""
    found = (shutil.which(name) for name in names)
    return next((Path(program).resolve() for program in found if program), None)


def package_folder(package: str) -> Path | None:
    """The folder of an installed package, without importing it: some of these have side effects on import."""
    spec = importlib.util.find_spec(package)
    return Path(spec.origin).parent if spec and spec.origin else None
