"""The code base obeys the architecture rules; test_the_rules_bite.py tests the rules themselves."""

import pytest

from tests.architecture import arrows, budgets, markup
from tests.architecture.source import Module, modules_of_bench, modules_of_tests, product_modules, texts

PRODUCT = product_modules()
TESTS = modules_of_tests()
BENCH = modules_of_bench()


@pytest.mark.parametrize("module", PRODUCT, ids=lambda module: module.name)
def test_imports_follow_the_arrows(module: Module) -> None:
    assert arrows.import_faults(module) == []


@pytest.mark.parametrize("module", PRODUCT + TESTS + BENCH, ids=lambda module: module.name)
def test_no_import_hides_in_a_function(module: Module) -> None:
    assert arrows.hidden_imports(module) == []


def test_names_say_what_they_are() -> None:
    assert [fault for module in PRODUCT + TESTS + BENCH for fault in arrows.name_faults(module)] == []


def test_modules_end_in_time() -> None:
    assert [fault for module in PRODUCT + TESTS + BENCH for fault in budgets.module_faults(module)] == []


def test_functions_end_in_time() -> None:
    assert [fault for module in PRODUCT + TESTS + BENCH for fault in budgets.function_faults(module)] == []


def test_most_functions_are_short() -> None:
    assert budgets.spread_faults(PRODUCT) == []
    assert budgets.spread_faults(BENCH) == []


def test_partials_and_scripts_are_short() -> None:
    files = texts("templates", "*.html") | texts("static", "*.js")
    assert [fault for path, text in files.items() for fault in budgets.file_faults(path, text)] == []


def test_templates_keep_to_the_policy() -> None:
    files = texts("templates", "*.html")
    assert [fault for path, text in files.items() for fault in markup.template_faults(path, text)] == []
