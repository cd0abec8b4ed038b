"""Fan-out under load: changes at a fixed rate, without waiting for the last listener of the previous one."""

from time import monotonic, sleep

from bench.crowd import Short
from bench.figures import Spread, middle, milliseconds
from bench.row import Finding, Result, Row, Table
from bench.stage import Stage
from bench.subjects.subject import Subject

CHANGES_A_SECOND = 10
HUNDREDTH = 1 / 100
CHANNELS = "Channels + Daphne"


def run(stage: Stage) -> Result:
    result = Result([], Table(["", "first ms", "p50 ms", "p99 ms", "last ms", "p99 of the slowest change"]))
    peers = [stage.nchan, stage.flask_generator, stage.channels]
    slowest: dict[str, float] = {}
    for subject in [*stage.tablos(), *(peer for peer in peers if peer)]:
        if changes := _unless_a_peer_loses_some(stage, subject):
            slowest[subject.name] = max(change.p99 for change in changes)
            result.table.lines.append([subject.name, *middle(changes).written(), milliseconds(slowest[subject.name])])
        else:
            result.table.lines.append([subject.name, *["lost some"] * 5])
    result.findings += [_finding(tablo.name, slowest) for tablo in stage.tablos()]
    return result


def _unless_a_peer_loses_some(stage: Stage, subject: Subject) -> list[Spread]:
    """Empty for a peer that drops what it cannot send in time, which Channels does by design."""
    try:
        return measure(subject, stage.size.small, stage.size.busy)
    except Short:
        if subject in stage.tablos():
            raise
        return []


def _finding(name: str, slowest: dict[str, float]) -> Finding:
    found = slowest[name] / slowest[CHANNELS] if CHANNELS in slowest else None
    return Finding(f"{name}: p99 of the slowest change, relative to {CHANNELS}", found, HUNDREDTH)


def measure(subject: Subject, listeners: int, changes: int) -> list[Spread]:
    """One spread for each change, in milliseconds from its commit."""
    with subject.crowd(listeners) as crowd:
        subject.settle()
        crowd.mark()
        subject.publish()
        crowd.expect()
        crowd.follow(changes)
        began = monotonic()
        commits = []
        for number in range(changes):
            sleep(max(0.0, began + number / CHANGES_A_SECOND - monotonic()))
            commits.append(subject.publish().committed)
        return [arrivals.since(moment) for arrivals, moment in zip(crowd.followed(), commits, strict=True)]


ROW = Row(
    "A busy hall: ten changes a second for 1,000 listeners",
    "the slowest change at least 100 times faster than with Channels + Daphne",
    """
    Changes are made ten times a second, whether or not everybody has received the previous one. A listener that was too
    slow for a change and got a newer one instead has received it with that one. One run each.
    """,
    run,
)
