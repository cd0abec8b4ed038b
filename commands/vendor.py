"""Updates the vendored browser files: `python -m commands.vendor`, which needs node and npm.

Copies the versions of package.json from node_modules into static/ and rewrites static/vendor/VERSIONS.json, against
which tests/test_vendor.py compares every file. Running Tablo needs none of this.
"""

import hashlib
import json
import re
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ROOT / "node_modules"
STATIC = ROOT / "static"
VERSIONS = STATIC / "vendor" / "VERSIONS.json"
FIGURES = ("fonts/tablo-figures-600.woff2", "fonts/tablo-figures-800.woff2")
ICONS = """
alarm-clock armchair arrow-down arrow-left arrow-left-right arrow-right bell bell-ring calendar-check
calendar-days calendar-plus calendar-x cast chart-column check check-check chevron-down chevron-left chevron-right
chevron-up chevrons-left chevrons-right circle circle-alert circle-check circle-question-mark circle-x clock cloud-off
copy ellipsis eye file-text flag globe grip-vertical history house info languages layers-2 list lock log-in log-out
mail maximize menu minus monitor moon move pause pencil pencil-line phone play plus printer qr-code redo-2 refresh-cw
repeat-2 rotate-cw search server-crash settings share-2 shield-alert smartphone square-check star stethoscope sun
sun-moon swords timer trash-2 triangle-alert trophy tv undo-2 user user-check user-plus user-x users volume-2 volume-x
wifi wifi-off x
""".split()


@dataclass(frozen=True)
class Origin:
    """One package: its licence, and the function that copies it and returns the paths it wrote under static/."""

    package: str
    licence: str
    copy: Callable[[Path], list[str]]


def copy_htmx(package: Path) -> list[str]:
    """One file, because the stream extension must have registered before htmx looks at the page."""
    parts = [package / "dist/htmx.min.js", package / "dist/ext/hx-sse.min.js"]
    scripts = [re.sub(r"//# sourceMappingURL=\S+\s*$", "", part.read_text()) for part in parts]
    (STATIC / "vendor/htmx.js").write_text(";\n".join(script.strip().rstrip(";") for script in scripts) + ";\n")
    shutil.copy(package / "LICENSE", STATIC / "vendor/LICENSE-htmx.txt")
    return ["vendor/htmx.js", "vendor/LICENSE-htmx.txt"]


def copy_fonts(package: Path) -> list[str]:
    """All four subsets: most Kazakh letters are in cyrillic-ext and the tenge sign is in latin-ext."""
    written = []
    for subset in ("latin", "latin-ext", "cyrillic", "cyrillic-ext"):
        written.append(f"fonts/onest-{subset}.woff2")
        shutil.copy(package / f"files/onest-{subset}-wght-normal.woff2", STATIC / written[-1])
    shutil.copy(package / "LICENSE", STATIC / "fonts/OFL.txt")
    return [*written, "fonts/OFL.txt"]


def copy_icons(package: Path) -> list[str]:
    symbols = "\n".join(_symbol(name, (package / f"icons/{name}.svg").read_text()) for name in sorted(ICONS))
    (STATIC / "img/icons.svg").write_text(f'<svg xmlns="http://www.w3.org/2000/svg">\n{symbols}\n</svg>\n')
    shutil.copy(package / "LICENSE", STATIC / "img/LICENSE-lucide.txt")
    return ["img/icons.svg", "img/LICENSE-lucide.txt"]


def _symbol(name: str, drawing: str) -> str:
    inner = re.sub(r"\s+", " ", drawing[drawing.index(">", drawing.index("<svg")) + 1 : drawing.index("</svg>")])
    return f'<symbol id="i-{name}" viewBox="0 0 24 24">{inner.strip()}</symbol>'


ORIGINS = (
    Origin("htmx.org", "0BSD", copy_htmx),
    Origin("@fontsource-variable/onest", "OFL-1.1", copy_fonts),
    Origin("lucide-static", "ISC", copy_icons),
)


def hashes(paths: list[str] | tuple[str, ...]) -> dict[str, str]:
    """The sha256 of each path under static/."""
    return {path: hashlib.sha256((STATIC / path).read_bytes()).hexdigest() for path in paths}


def refresh() -> list[dict[str, object]]:
    """Copies every origin; returns the content of VERSIONS.json."""
    listed: list[dict[str, object]] = []
    for origin in ORIGINS:
        package = PACKAGES / origin.package
        version = json.loads((package / "package.json").read_text())["version"]
        files = hashes(origin.copy(package))
        listed.append({"name": origin.package, "version": version, "licence": origin.licence, "files": files})
    own = "the project's own"
    listed.append({"name": "Tablo Figures", "version": "1", "licence": own, "files": hashes(FIGURES)})
    return listed


def main() -> None:
    subprocess.run(["npm", "ci", "--ignore-scripts"], cwd=ROOT, check=True)
    VERSIONS.write_text(json.dumps(refresh(), indent=2, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
