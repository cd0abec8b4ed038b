"""A real Chromium: the installed one, else one from an npm package, unpacked once into .cache."""

import contextlib
import json
import os
import shutil
import subprocess
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

import brotli

from tests.support.parts import ROOT, MissingPart, installed_program, wanted_source

PACKAGE = ROOT / "node_modules" / "@sparticuz" / "chromium"
NAMES = ("chromium", "chromium-headless-shell", "chromium-browser", "google-chrome")

FONTS = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir>{folder}/fonts</dir><cachedir>{folder}/font-cache</cachedir></fontconfig>
"""


@dataclass(frozen=True)
class Chromium:
    """A program to launch and its additional environment variables."""

    program: Path
    environment: dict[str, str] = field(default_factory=dict)


def find_chromium() -> Chromium:
    """The browser of the tests; raises MissingPart if there is none."""
    wanted = wanted_source("TABLO_TEST_CHROMIUM", ("installed", "npm"))
    installed = None if wanted == "npm" else installed_program(*NAMES)
    if installed is not None:
        return Chromium(installed)
    if wanted != "installed" and (PACKAGE / "bin").is_dir():
        folder = _unpacked()
        return Chromium(folder / "chromium", _environment(folder))
    raise MissingPart("No Chromium: `make test` brings one (npm ci), or install chromium-headless-shell")


def _unpacked() -> Path:
    """The folder with the unpacked browser; of two concurrent test processes the first to finish wins."""
    version = json.loads((PACKAGE / "package.json").read_text())["version"]
    folder = ROOT / ".cache" / f"chromium-{version}"
    if folder.is_dir():
        return folder
    folder.parent.mkdir(exist_ok=True)
    unfinished = Path(tempfile.mkdtemp(prefix="chromium-", dir=folder.parent))
    unfinished.chmod(0o755)
    try:
        _unpack(unfinished)
        (unfinished / "fonts.conf").write_text(FONTS.format(folder=folder))
        with contextlib.suppress(OSError):
            unfinished.rename(folder)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
    return folder


def _unpack(folder: Path) -> None:
    program = folder / "chromium"
    program.write_bytes(_decompressed("chromium.br"))
    program.chmod(0o755)
    for archive, into in (("swiftshader", "."), ("al2023", "libraries"), ("fonts", ".")):
        (folder / into).mkdir(exist_ok=True)
        subprocess.run(["tar", "-x", "-C", folder / into], input=_decompressed(f"{archive}.tar.br"), check=True)


def _decompressed(name: str) -> bytes:
    data: bytes = brotli.decompress((PACKAGE / "bin" / name).read_bytes())
    return data


def _environment(folder: Path) -> dict[str, str]:
    """The package's own libraries and fonts, if the machine has none."""
    needed: dict[str, str] = {}
    listed = subprocess.run(["ldd", folder / "chromium"], capture_output=True, text=True, check=False).stdout
    if "not found" in listed:
        needed["LD_LIBRARY_PATH"] = os.pathsep.join((str(folder / "libraries" / "lib"), str(folder)))
    if not Path("/etc/fonts/fonts.conf").exists():
        needed["FONTCONFIG_FILE"] = str(folder / "fonts.conf")
    return needed
