"""The results of a full run: stored as JSON, rendered as a page."""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from textwrap import wrap
from typing import Any

from bench.chart import drawn
from bench.figures import times
from bench.row import Bar, Finding, Result, Table
from tests.support.parts import ROOT

STORED = ROOT / "bench" / "results.json"
PAGE = ROOT / "docs" / "performance.md"
CHART = ROOT / "docs" / "images" / "performance.svg"
FRACTION = 0.1
LINE = 125

HEAD = """# Performance

`make bench` measures Tablo and its peers on the same machine, in the same minutes, in turn; `make bench FULL=1`
writes this page. Absolute figures depend on the machine; the ratios are what counts. Tablo is the real application
under its real `gunicorn.conf.py` with one worker, with the demo club, and every change is a real tap: a signed-in
scorer's request with its CSRF token, one transaction, one commit. Every delivery to every listener is counted,
and a run in which one is missing, duplicated or out of order fails and writes nothing.

![p99 of a change's delivery, from the commit to each of the listeners](images/performance.svg)
"""


class ElsewhereTaken(Exception):
    """The stored figures are from another machine or other versions."""


@dataclass
class Measured:
    """One row with its result and the day it was measured."""

    title: str
    goal: str
    method: str
    result: Result
    taken: str


@dataclass
class Report:
    """One run. machine and versions are printed as they are; missing gives the reason for each absent peer."""

    size: str
    rounds: int
    changes: int
    machine: dict[str, str]
    versions: dict[str, str]
    missing: dict[str, str]
    rows: list[Measured]

    def to_json(self) -> str:
        return json.dumps(asdict(self), indent=1, ensure_ascii=False) + "\n"

    @classmethod
    def from_json(cls, text: str) -> "Report":
        fields = json.loads(text)
        return cls(**fields | {"rows": [_measured(row) for row in fields["rows"]]})

    def with_rows_of(self, newer: "Report") -> "Report":
        """The same report with its rows replaced by those of a newer run. Raises ElsewhereTaken."""
        if (newer.size, newer.machine, newer.versions) != (self.size, self.machine, self.versions):
            raise ElsewhereTaken("the rows of one page come from one machine; measure all of them")
        again = {row.title: row for row in newer.rows}
        return replace(self, rows=[again.get(row.title, row) for row in self.rows])


def _measured(fields: dict[str, Any]) -> Measured:
    found = fields["result"]
    bars, findings = [Bar(**bar) for bar in found["bars"]], [Finding(**finding) for finding in found["findings"]]
    return Measured(**fields | {"result": Result(findings, Table(**found["table"]), bars)})


def rendered(report: Report) -> str:
    """The page."""
    return "\n".join([HEAD, *_circumstances(report), *(line for row in report.rows for line in section(row))]) + "\n"


def _circumstances(report: Report) -> Iterator[str]:
    yield from _paragraph(
        f"Measured in {report.size} mode: {report.rounds} rounds in turn with {report.changes} changes in each. "
        "Figures are medians of all, ratios medians of the rounds' ratios. All on one machine, load client included:"
    )
    yield ""
    yield from (f"- {what}: {which}" for what, which in (report.machine | report.versions).items())
    yield from (f"- **{peer} was not measured**: {why}" for peer, why in report.missing.items())
    yield ""


def section(row: Measured) -> Iterator[str]:
    """One row: the goal, how it was measured, the figures, and whether the goal is met."""
    yield from (f"## {row.title}", "", *_paragraph(f"Goal: {row.goal.strip()}."), "")
    yield from (*_paragraph(f"{row.method.strip()} Measured on {row.taken}."), "")
    yield from table(row.result.table.head, row.result.table.lines)
    yield ""
    yield from table(["comparison", "result", "goal", ""], [_verdict(finding) for finding in row.result.findings])
    yield ""


def _paragraph(text: str) -> list[str]:
    return wrap(" ".join(text.split()), LINE)


def table(head: Any, lines: Any) -> Iterator[str]:
    """Markdown; all columns but the first are right-aligned."""
    yield from (f"| {' | '.join(cells)} |" for cells in (head, [":--", *["--:" for _ in head[1:]]], *lines))


def _verdict(finding: Finding) -> list[str]:
    words = {True: "met", False: "**not met**", None: "not measured"}
    found = "" if finding.value is None else _written(finding.value, finding)
    return [finding.what, found, f"at most {_written(finding.limit, finding)}", words[finding.is_met]]


def _written(value: float, finding: Finding) -> str:
    if 0 < finding.limit < FRACTION:
        return f"1/{1 / value:,.0f}"
    shown = f"{value:,.0f}" if finding.unit == "streams" else times(value)
    return f"{shown} {finding.unit}"


def chart_of(report: Report) -> list[Bar]:
    """The bars of the chart."""
    return [bar for row in report.rows for bar in row.result.bars]


def stored() -> Report:
    """The report that the page shows now."""
    return Report.from_json(STORED.read_text())


def save(report: Report) -> None:
    """Writes the figures, the page and the chart."""
    for path, text in ((STORED, report.to_json()), (PAGE, rendered(report)), (CHART, drawn(chart_of(report)))):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
