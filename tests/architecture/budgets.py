"""How big things may become (research: the anchors' own sizes, measured)."""

import ast
from collections.abc import Iterable
from statistics import median, quantiles

from tests.architecture.source import Function, Module

MODULE = 400
FUNCTION = 30
FUNCTION_MEDIAN = 8
FUNCTION_NINETIETH = 20
VIEW_BODY = 15
ROUTES = frozenset({"route", "get", "post", "put", "patch", "delete"})
FILES = {"html": 45, "js": 80}


def module_faults(module: Module) -> list[str]:
    return [f"{module.name} has {module.lines} lines, {MODULE} is the end"] if module.lines > MODULE else []


def function_faults(module: Module) -> list[str]:
    """Functions over the limit, and views whose body is over theirs."""
    faults = []
    for function in module.functions():
        if length(function) > FUNCTION:
            faults.append(f"{module.name}.{function.name} has {length(function)} lines, {FUNCTION} is the end")
        if _is_view(function) and _body(function) > VIEW_BODY:
            faults.append(f"the view {module.name}.{function.name} has a body of {_body(function)}, over {VIEW_BODY}")
    return faults


def spread_faults(modules: Iterable[Module]) -> list[str]:
    """Whether most functions are short: outliers are allowed, a habit is not."""
    lengths = [length(function) for module in modules for function in module.functions()]
    faults = []
    if median(lengths) >= FUNCTION_MEDIAN:
        faults.append(f"the median function has {median(lengths)} lines, not under {FUNCTION_MEDIAN}")
    if quantiles(lengths, n=10)[-1] >= FUNCTION_NINETIETH:
        faults.append(f"a tenth of the functions has {quantiles(lengths, n=10)[-1]} lines or more")
    return faults


def file_faults(path: str, text: str) -> list[str]:
    """Partials and scripts that are too long; whole pages (no underscore) have no limit."""
    ending = path.rsplit(".", 1)[-1]
    is_page = ending == "html" and not path.rsplit("/", 1)[-1].startswith("_")
    lines = len(text.splitlines())
    return [f"{path} has {lines} lines, over {FILES[ending]}"] if lines > FILES[ending] and not is_page else []


def length(function: Function) -> int:
    """Lines from `def` to the last one; decorators are not counted."""
    return (function.end_lineno or function.lineno) - function.lineno + 1


def _is_view(function: Function) -> bool:
    calls = (decorator.func for decorator in function.decorator_list if isinstance(decorator, ast.Call))
    return any(isinstance(call, ast.Attribute) and call.attr in ROUTES for call in calls)


def _body(function: Function) -> int:
    """Lines of the body without the docstring."""
    says = ast.get_docstring(function) is not None
    statements = function.body[1:] if says else function.body
    return (function.end_lineno or 0) - statements[0].lineno + 1 if statements else 0
