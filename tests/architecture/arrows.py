"""Which part of the house may import which."""

import ast
import sys
from collections.abc import Iterator

from tests.architecture.source import OURS, Function, Module

BELOW: dict[str, frozenset[str]] = {
    "app": OURS - {"app"},
    "blueprints": frozenset({"blueprints", "live", "models", "rules", "config", "extensions"}),
    "commands": frozenset({"commands", "seeds", "live", "models", "rules", "config", "extensions"}),
    "seeds": frozenset({"seeds", "live", "models", "rules", "config", "extensions"}),
    "live": frozenset({"live", "rules", "config", "extensions"}),
    "models": frozenset({"models", "rules", "config", "extensions"}),
    "rules": frozenset({"rules"}),
    "extensions": frozenset({"config"}),
    "config": frozenset(),
    "logs": frozenset(),
}
RULES_MAY = frozenset({"phonenumbers"})
DOMAINS = ("clinic", "club")
MEET_BOTH = frozenset({"app", "seeds", "commands"})
# Modules that build the states of live parts, outside any request and for readers of every language.
STATES = ("_live", "fragments", "states", "board", "board_moves", "rail", "waiting_room", "hall", "games")
OF_A_LANGUAGE = ("flask_babel", "blueprints.clinic.date_words")


def import_faults(module: Module) -> list[str]:
    """Each import of this module that violates the import direction, as a sentence."""
    return [f"{module.name} imports {name}: {reason}" for name in module.imports() for reason in _reasons(module, name)]


def _reasons(module: Module, imported: str) -> Iterator[str]:
    here, there = module.name.split("."), imported.split(".")
    if there[0] == "app":
        yield "nobody imports app"
    elif there[0] in OURS and there[0] not in BELOW[here[0]]:
        yield f"{here[0]} may not know {there[0]}"
    if here[0] == "rules" and there[0] not in sys.stdlib_module_names | RULES_MAY | {"rules"}:
        yield "rules need only the standard library"
    if here[0] == "blueprints" and here[-1].endswith(STATES) and imported.startswith(OF_A_LANGUAGE):
        yield "a state knows no language"
    if _crosses_blueprints(here, there):
        yield "blueprints do not import each other"
    if here[0] not in MEET_BOTH and _domain(here) and _domain(there) not in (None, _domain(here)):
        yield "clinic and club never meet"


def _crosses_blueprints(here: list[str], there: list[str]) -> bool:
    """Modules directly in blueprints/ are shared; each folder there is a blueprint."""
    return here[0] == there[0] == "blueprints" and _folder(there) is not None and _folder(there) != _folder(here)


def _folder(name: list[str]) -> str | None:
    folders = ("accounts", "organizations", *DOMAINS)
    return name[1] if len(name) > 1 and name[1] in folders else None


def _domain(name: list[str]) -> str | None:
    return next((part for part in name if part in DOMAINS and name[0] in OURS), None)


def hidden_imports(module: Module) -> list[str]:
    """Imports inside functions, where cycles hide."""
    return [
        f"{module.name}:{inner.lineno} imports inside {function.name}"
        for function in module.functions()
        for inner in ast_imports(function)
    ]


def ast_imports(function: Function) -> list[ast.stmt]:
    return [node for node in ast.walk(function) if isinstance(node, ast.Import | ast.ImportFrom)]


def name_faults(module: Module) -> list[str]:
    """Meaningless names, and top-level names that shadow a library."""
    parts = module.name.split(".")
    faults = [f"{module.name}: name the subject, not utils" for part in parts if part in ("utils", "util", "helpers")]
    shadows = len(parts) == 1 and parts[0] in sys.stdlib_module_names
    return [*faults, f"{module.name} hides the library of that name"] if shadows else faults
