from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from tests.architecture import catalogs
from tests.architecture.source import ROOT, Module, product_modules, texts

SPEAK = ("blueprints", "models", "commands", "live", "app")


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    return catalogs.extracted(tmp_path_factory.mktemp("catalogs") / "messages.pot")


@pytest.mark.parametrize("language", ["kk", "en"])
def test_a_language_says_everything(source: Catalog, language: str) -> None:
    assert catalogs.catalog_faults(source, _catalog(language)) == []


def test_russian_counts_in_its_own_way(source: Catalog) -> None:
    assert catalogs.catalog_faults(source, _catalog("ru"), plurals_only=True) == []


def test_no_text_stands_outside_the_catalogs() -> None:
    speaking = [module for module in product_modules() if module.name.split(".")[0] in SPEAK]
    files = texts("templates", "*.html") | texts("static", "*.js")
    faults = [fault for module in speaking for fault in catalogs.unmarked_texts(module)]
    assert faults + [fault for path, text in files.items() for fault in catalogs.unmarked_markup(path, text)] == []


def test_a_text_that_is_missing_guessed_or_lost_is_found() -> None:
    source, translated = Catalog(), Catalog(locale="en")
    source.add("Пациент %(name)s сохранён")
    assert "not translated" in catalogs.catalog_faults(source, translated)[0]
    translated.add("Пациент %(name)s сохранён", "%(patient)s is saved", flags=["fuzzy"])
    translated.add("Забытый", "Forgotten")
    faults = " ".join(catalogs.catalog_faults(source, translated))
    assert "guessed" in faults
    assert "placeholders" in faults
    assert "nowhere" in faults


def test_a_text_outside_the_catalogs_is_found() -> None:
    assert catalogs.unmarked_texts(Module("models.errors", 'MESSAGE = "Занято"')) != []
    assert catalogs.unmarked_texts(Module("models.errors", '"""Занято."""\nMESSAGE = _l("Занято")')) == []
    assert catalogs.unmarked_texts(Module("models.errors", "MESSAGE = f'{_(\"Занято\")}'")) != []
    assert catalogs.unmarked_markup("a.html", "<p>Занято</p>") != []
    assert catalogs.unmarked_markup("a.html", '<p>{{ _("Занято") }}</p>{# Занято #}') == []
    assert catalogs.unmarked_markup("a.js", "// Занято\nsay('Занято')") == ["a.js says 'Занято' outside the catalogs"]


def _catalog(language: str) -> Catalog:
    path: Path = ROOT / "translations" / language / "LC_MESSAGES" / "messages.po"
    assert path.is_file(), f"{path.relative_to(ROOT)} is missing: make it with pybabel init, then `make catalogs`"
    return read_po(BytesIO(path.read_bytes()))
