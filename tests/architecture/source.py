"""The project's files as the house rules see them."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("blueprints", "commands", "live", "models", "rules", "seeds")
MODULES = ("app", "config", "extensions", "logs")
OURS = frozenset((*PACKAGES, *MODULES))

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Module:
    """One Python file: its dotted name and its text."""

    name: str
    text: str
    is_package: bool = False

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text)

    @property
    def lines(self) -> int:
        return len(self.text.splitlines())

    def functions(self) -> list[Function]:
        return [node for node in ast.walk(self.tree) if isinstance(node, Function)]

    def imports(self) -> list[str]:
        """Dotted names of all imports at any depth; `from a import b` gives a.b, because b may be a module."""
        found: list[str] = []
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                found += [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                origin = ".".join(part for part in (self._relative_to(node.level), node.module) if part)
                found += [f"{origin}.{alias.name}" for alias in node.names]
        return found

    def _relative_to(self, level: int) -> str:
        parts = self.name.split(".")
        kept = len(parts) - level + (1 if self.is_package else 0)
        return ".".join(parts[:kept]) if level else ""


def product_modules() -> list[Module]:
    """All modules that run in production, without tests and migrations."""
    return [module for name in (*PACKAGES, *MODULES) for module in _modules(ROOT / name)]


def modules_of_tests() -> list[Module]:
    return list(_modules(ROOT / "tests"))


def modules_of_bench() -> list[Module]:
    return list(_modules(ROOT / "bench"))


def _modules(place: Path) -> Iterator[Module]:
    single = place.with_suffix(".py")
    for path in [single] if single.is_file() else sorted(place.rglob("*.py")):
        parts = path.relative_to(ROOT).with_suffix("").parts
        is_package = parts[-1] == "__init__"
        yield Module(".".join(parts[:-1] if is_package else parts), path.read_text(), is_package)


def texts(folder: str, pattern: str) -> dict[str, str]:
    """Path and text of every file under a folder that matches the pattern, without vendored files."""
    found = (path for path in sorted((ROOT / folder).rglob(pattern)) if "vendor" not in path.parts)
    return {str(path.relative_to(ROOT)): path.read_text() for path in found}
