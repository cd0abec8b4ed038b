"""The README is correct."""

import re
from pathlib import Path

from seeds.people import ACCOUNTS
from tests.support.parts import ROOT

README = (ROOT / "README.md").read_text()
HELPERS = "one_of|whole_number|counting_number|carrier|push_key"
ASKING = rf"""(?:environ(?:ment)?\.get\(|environment\[|_(?:{HELPERS})\(\s*environment,\s*)"""
READ = re.compile(ASKING + r"""["']([A-Z_]+)["']""")


def read_variables(path: Path) -> set[str]:
    return set(READ.findall(path.read_text()))


def test_every_setting_is_in_the_table_and_nothing_else() -> None:
    told = set(re.findall(r"`([A-Z][A-Z_]+)`", README.split("## Settings")[1]))
    read = read_variables(ROOT / "config.py") | read_variables(ROOT / "gunicorn.conf.py")
    assert told == read


def test_every_demo_account_is_named() -> None:
    assert set(re.findall(r"`(\w+@tablo\.example)`", README)) == set(ACCOUNTS)


def test_every_picture_and_page_it_links_to_is_there() -> None:
    links = re.findall(r"\]\((?!https?:)([^)#]+)\)", README)
    assert [link for link in links if not (ROOT / link).exists()] == []
