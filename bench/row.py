"""One line of DESIGN's table of goals: what was found, and whether it is what was wanted."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from bench.stage import Stage


@dataclass(frozen=True)
class Finding:
    """One comparison. `value` is met when it is at most `limit`; None where it could not be measured."""

    what: str
    value: float | None
    limit: float
    unit: str = "times"

    @property
    def is_met(self) -> bool | None:
        return None if self.value is None else self.value <= self.limit


@dataclass(frozen=True)
class Bar:
    """One figure of the chart: whose, at how many listeners, milliseconds to 99 of 100."""

    who: str
    listeners: int
    milliseconds: float


@dataclass
class Table:
    """Cells as they are shown, the first column naming the line."""

    head: Sequence[str]
    lines: list[Sequence[str]] = field(default_factory=list)


@dataclass
class Result:
    """What one row found."""

    findings: list[Finding]
    table: Table
    bars: list[Bar] = field(default_factory=list)


@dataclass(frozen=True)
class Row:
    """One measurement: its title, the goal as DESIGN has it, how it is done, and the function that does it."""

    title: str
    goal: str
    method: str
    run: Callable[[Stage], Result]
