"""Processor time of a change by the number of listeners."""

from collections.abc import Sequence
from statistics import linear_regression, median

from bench import processes
from bench.crowd import Crowd
from bench.row import Finding, Result, Row, Table
from bench.stage import Stage
from bench.subjects.subject import Subject

MOST = 10_000


def run(stage: Stage) -> Result:
    sizes = [1, *(listeners for listeners in stage.size.crowds if listeners <= MOST)]
    subjects = [*stage.tablos(), *([stage.nchan] if stage.nchan else [])]
    spent: dict[tuple[str, int], list[float]] = {}
    for _ in range(stage.size.rounds):
        for listeners in sizes:
            for subject in subjects:
                spent.setdefault((subject.name, listeners), []).append(measure(subject, listeners, stage.size.changes))
    result = Result([], Table(["", *(f"{listeners:,}" for listeners in sizes), "µs per delivery"]))
    for subject in subjects:
        result.table.lines.append(_line(subject.name, sizes, spent))
    for tablo in stage.tablos():
        result.findings.append(_finding(tablo.name, sizes, spent, is_measured=stage.nchan is not None))
    return result


def measure(subject: Subject, listeners: int, changes: int) -> float:
    """Milliseconds of processor time per change, of all of the server's processes and threads."""
    with subject.crowd(listeners) as crowd:
        subject.settle()
        _hear(subject, crowd)
        before = processes.processor_milliseconds(subject.process)
        for _ in range(changes):
            _hear(subject, crowd)
        return (processes.processor_milliseconds(subject.process) - before) / changes


def _hear(subject: Subject, crowd: Crowd) -> None:
    crowd.mark()
    subject.publish()
    crowd.expect()


def _line(name: str, sizes: Sequence[int], spent: dict[tuple[str, int], list[float]]) -> list[str]:
    figures = [f"{median(spent[name, listeners]):.1f}" for listeners in sizes]
    return [name, *figures, f"{_microseconds_a_delivery(name, sizes, spent):.1f}"]


def _microseconds_a_delivery(name: str, sizes: Sequence[int], spent: dict[tuple[str, int], list[float]]) -> float:
    return linear_regression(sizes, [median(spent[name, listeners]) for listeners in sizes]).slope * 1000


def _finding(
    name: str, sizes: Sequence[int], spent: dict[tuple[str, int], list[float]], *, is_measured: bool
) -> Finding:
    ours = _microseconds_a_delivery(name, sizes, spent)
    found = ours / _microseconds_a_delivery("nchan", sizes, spent) if is_measured else None
    return Finding(f"{name}: processor time per delivery, relative to nchan", found, 1.0)


ROW = Row(
    "Processor time of a change by the number of listeners",
    """
    a change costs each process one render per language, however many listeners; each delivery no more than
    nchan's
    """,
    """
    Milliseconds of processor time per change, of the server's processes with all threads, the tap itself included
    (nchan only publishes), by the number of listeners. The last column is the slope of a linear fit.
    """,
    run,
)
