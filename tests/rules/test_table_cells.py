import pytest
from hypothesis import given
from hypothesis.strategies import text

from rules.table_cells import plain_cell, safe_cell


@pytest.mark.parametrize("typed", ["=1+1", "+7", "-2", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "  =1"])
def test_what_begins_like_a_formula_is_only_a_text(typed: str) -> None:
    assert safe_cell(typed) == f"'{typed}"


@pytest.mark.parametrize("typed", ["", "Ким", "Ким-Ли", "a=b", "77771234567", "'=1"])
def test_other_texts_stay_as_they_are(typed: str) -> None:
    assert safe_cell(typed) == typed


@given(text())
def test_a_safe_cell_is_plain_again(cell: str) -> None:
    assert plain_cell(safe_cell(cell)) == cell or cell.startswith("'")
