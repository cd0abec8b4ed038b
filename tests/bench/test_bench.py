"""The bench runs, and its page in docs/ matches its stored results. Speed is never asserted."""

from copy import deepcopy

import pytest

from bench.__main__ import measured
from bench.chart import drawn
from bench.report import CHART, PAGE, ElsewhereTaken, Report, chart_of, rendered, stored
from bench.rows import ROWS
from bench.sizes import TINY


def test_every_row_runs_with_a_few_listeners() -> None:
    report = measured(TINY, ROWS)
    assert [row.title for row in report.rows] == [row.title for row in ROWS]
    assert all(row.result.table.lines and row.result.findings for row in report.rows)
    assert Report.from_json(report.to_json()) == report


def test_the_page_says_what_was_stored() -> None:
    assert PAGE.read_text() == rendered(stored())


def test_the_chart_shows_what_was_stored() -> None:
    assert CHART.read_text() == drawn(chart_of(stored()))


def test_the_page_has_every_row() -> None:
    page = PAGE.read_text()
    assert [row.title for row in ROWS if f"## {row.title}" not in page] == []


def test_a_row_measured_again_takes_the_place_of_its_own_and_no_other() -> None:
    page, again = stored(), deepcopy(stored())
    again.rows = [again.rows[1]]
    again.rows[0].taken = "2027-01-31"
    assert [row.taken == "2027-01-31" for row in page.with_rows_of(again).rows[:3]] == [False, True, False]
    again.machine["processor"] = "another, 64 cores"
    with pytest.raises(ElsewhereTaken):
        page.with_rows_of(again)
