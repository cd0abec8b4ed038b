"""A row of the bench and its result: the findings, and whether each meets its goal."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from bench.stage import Stage


@dataclass(frozen=True)
class Finding:
    """One comparison. The goal is met if `value` is at most `limit`; None if it could not be measured."""

    what: str
    value: float | None
    limit: float
    unit: str = "times"

    @property
    def is_met(self) -> bool | None:
        return None if self.value is None else self.value <= self.limit


@dataclass(frozen=True)
class Bar:
    """One figure of the chart: the p99 of a delivery in milliseconds."""

    who: str
    listeners: int
    milliseconds: float


@dataclass
class Table:
    """Cells as they are printed; the first column names the line."""

    head: Sequence[str]
    lines: list[Sequence[str]] = field(default_factory=list)


@dataclass
class Result:
    """The result of one row."""

    findings: list[Finding]
    table: Table
    bars: list[Bar] = field(default_factory=list)


@dataclass(frozen=True)
class Row:
    """One measurement: its title, the goal as it was set, the method in words, and the function that measures."""

    title: str
    goal: str
    method: str
    run: Callable[[Stage], Result]
