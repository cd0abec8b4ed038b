"""Whether each language says everything Tablo says."""

import ast
import re
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.frontend import CommandLineInterface
from babel.messages.pofile import read_po

from tests.architecture.source import ROOT, Module

KEYWORDS = ("_l", "lazy_gettext", "lazy_ngettext:1,2")
# The functions that mark a text for translation, and `text`, which marks SQL.
MARKERS = frozenset({"_", "_l", "gettext", "ngettext", "lazy_gettext", "lazy_ngettext", "text"})
PLACEHOLDER = re.compile(r"%\((\w+)\)")
CYRILLIC = re.compile(r"[А-Яа-яЁёӘәҒғҚқҢңӨөҰұҮүҺһІі]+")
# A language is always offered under its own name.
ENDONYMS = frozenset({"Русский", "Қазақша"})


def extracted(into: Path) -> Catalog:
    """All texts in the source that are marked for translation."""
    options = [option for keyword in KEYWORDS for option in ("--keyword", keyword)]
    mapping = str(ROOT / "babel.cfg")
    arguments = ["--no-location", "--mapping-file", mapping, *options, "--output-file", str(into), str(ROOT)]
    CommandLineInterface().run(["pybabel", "--quiet", "extract", *arguments])  # type: ignore[no-untyped-call]
    return read_po(BytesIO(into.read_bytes()))


def catalog_faults(source: Catalog, translated: Catalog, *, plurals_only: bool = False) -> list[str]:
    """Missing translations of a language; `plurals_only` for the source language, which needs only plural forms."""
    wanted = [message for message in source if message.id and (message.pluralizable or not plurals_only)]
    faults = [fault for message in wanted for fault in _message_faults(message, translated)]
    known = {_first(message) for message in source}
    return faults + [
        f"{message.id!r} is said nowhere any more" for message in translated if _first(message) not in known
    ]


def _message_faults(message: Message, catalog: Catalog) -> list[str]:
    found = catalog.get(message.id, message.context)
    string = found.string if found else None
    said = [string] if isinstance(string, str) else list(string or ())
    if found is None or not all(said) or not said:
        return [f"{message.id!r} is not translated"]
    wanted = set(PLACEHOLDER.findall(" ".join(message.id) if message.pluralizable else str(message.id)))
    faults = [f"{message.id!r} is only guessed (fuzzy)"] if found.fuzzy else []
    return faults + [f"{text!r} has not the placeholders of {message.id!r}" for text in said if not _fits(text, wanted)]


def _fits(text: str, wanted: set[str]) -> bool:
    return set(PLACEHOLDER.findall(text)) == wanted


def _first(message: Message) -> str:
    return str(message.id[0] if message.pluralizable else message.id)


def unmarked_texts(module: Module) -> list[str]:
    """Unmarked Russian texts in Python code, docstrings excluded. Marks inside an f-string are not collected."""
    marked = {id(part) for call in ast.walk(module.tree) if _marks(call) for part in ast.walk(call)}
    joined = (node for node in ast.walk(module.tree) if isinstance(node, ast.JoinedStr))
    marked -= {id(part) for each in joined for part in ast.walk(each)}
    marked |= {id(node.value) for node in ast.walk(module.tree) if isinstance(node, ast.Expr)}
    texts = (node for node in ast.walk(module.tree) if isinstance(node, ast.Constant) and isinstance(node.value, str))
    return [
        f"{module.name}:{node.lineno} says {node.value!r} outside the catalogs"
        for node in texts
        if id(node) not in marked and node.value not in ENDONYMS and CYRILLIC.search(str(node.value))
    ]


def _marks(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in MARKERS


def unmarked_markup(path: str, text: str) -> list[str]:
    """Unmarked Russian texts in a template or a script."""
    said = re.sub(r"{%-?\s*trans.*?endtrans\s*-?%}|{{.*?}}|{%.*?%}|{#.*?#}", "", text, flags=re.DOTALL)
    said = (
        re.sub(r"/\*.*?\*/|^\s*//[^\n]*$", "", said, flags=re.DOTALL | re.MULTILINE) if path.endswith(".js") else said
    )
    return [f"{path} says {word!r} outside the catalogs" for word in CYRILLIC.findall(said) if word not in ENDONYMS]
