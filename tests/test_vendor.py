"""Vendored files match the list: name, version, licence and hash."""

import json
from typing import Any

from commands.vendor import ICONS, ROOT, STATIC, VERSIONS, hashes

LISTED: list[dict[str, Any]] = json.loads(VERSIONS.read_text())


def listed_files() -> dict[str, str]:
    return {path: expected for entry in LISTED for path, expected in entry["files"].items()}


def test_every_listed_file_has_the_hash_of_the_list() -> None:
    expected = listed_files()
    assert hashes(list(expected)) == expected


def test_no_foreign_file_is_missing_from_the_list() -> None:
    shipped = {path for folder in ("vendor", "fonts") for path in (STATIC / folder).iterdir()}
    assert {path.relative_to(STATIC).as_posix() for path in shipped} == {
        "vendor/VERSIONS.json",
        *(path for path in listed_files() if not path.startswith("img/")),
    }


def test_every_package_states_its_licence_and_the_version_that_package_json_asks_for() -> None:
    wanted = json.loads((ROOT / "package.json").read_text())["devDependencies"]
    packages = [entry for entry in LISTED if entry["name"] in wanted]
    assert {entry["name"] for entry in packages} == {"htmx.org", "@fontsource-variable/onest", "lucide-static"}
    assert all(entry["version"] == wanted[entry["name"]] for entry in packages)
    assert all(entry["licence"] for entry in LISTED)


def test_the_lock_file_names_no_host() -> None:
    locked = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    assert [name for name, package in locked.items() if "resolved" in package] == []


def test_every_icon_is_in_the_sprite() -> None:
    sprite = (STATIC / "img/icons.svg").read_text()
    assert [name for name in ICONS if f'id="i-{name}"' not in sprite] == []


def test_templates_draw_only_icons_that_are_in_the_sprite() -> None:
    drawn = {name for path in (ROOT / "templates").rglob("*.html") for name in icons_named_in(path.read_text())}
    assert drawn - set(ICONS) == set()


def icons_named_in(template: str) -> list[str]:
    return [call.split('"')[0] for call in template.split('icon("')[1:]]
