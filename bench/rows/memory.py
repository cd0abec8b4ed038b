"""Memory per listener."""

from dataclasses import dataclass

from bench import processes
from bench.crowd import Crowd
from bench.row import Finding, Result, Row, Table
from bench.stage import Stage
from bench.subjects.subject import Subject

WARMING = 100
KILOBYTE = 1024


@dataclass(frozen=True)
class Held:
    """Bytes per listener."""

    own: float
    kernel: float

    def written(self) -> list[str]:
        return [f"{self.own / KILOBYTE:.2f}", f"{self.kernel / KILOBYTE:.1f}"]


def run(stage: Stage) -> Result:
    result = Result([], Table(["", "listeners", "process KB", "kernel KB, both ends"]))
    for subject, listeners in _subjects(stage):
        held = measure(subject, listeners)
        result.table.lines.append([subject.name, f"{listeners:,}", *held.written()])
        if subject in stage.tablos():
            found = held.own / KILOBYTE
            result.findings.append(Finding(f"{subject.name}, process memory per listener", found, 1.0, "KB"))
    return result


def measure(subject: Subject, listeners: int) -> Held:
    """The growth of a process while it holds a large crowd, after it has served a small one."""
    with subject.crowd(min(WARMING, listeners)) as crowd:
        _hear(subject, crowd)
    own, kernel = processes.memory(subject.process), processes.kernel_memory()
    with subject.crowd(listeners) as crowd:
        _hear(subject, crowd)
        grown = processes.memory(subject.process) - own
        return Held(grown / listeners, (processes.kernel_memory() - kernel) / listeners)


def _hear(subject: Subject, crowd: Crowd) -> None:
    crowd.mark()
    subject.publish()
    crowd.expect()


def _subjects(stage: Stage) -> list[tuple[Subject, int]]:
    many, few = [*stage.tablos(), stage.nchan], [stage.flask_generator, stage.channels]
    counted = [(subject, stage.size.held) for subject in many] + [(subject, stage.size.small) for subject in few]
    return [(subject, listeners) for subject, listeners in counted if subject]


ROW = Row(
    "Memory per listener",
    "at most 1 KB of process memory (nchan: about 10)",
    """
    Proportional set size (PSS) of the server's processes with all listeners connected and one change delivered,
    minus its value after a small crowd had connected and left, divided by the number of listeners. Next to it the
    kernel's memory, for the sockets of both ends on this one machine. It is measured first, while the servers are
    fresh: later, listeners would fill memory that was freed before.
    """,
    run,
)
