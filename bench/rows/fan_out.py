"""How long a change takes to reach every listener."""

from collections.abc import Sequence

from bench.crowd import Crowd
from bench.figures import Spread, middle, ratio_by_round
from bench.row import Bar, Finding, Result, Row, Table
from bench.stage import Stage
from bench.subjects.subject import Subject

LONGER_THAN_CHANNELS = 1 / 100


def run(stage: Stage) -> Result:
    result = Result([], Table(["listeners", "", "first ms", "p50 ms", "p99 ms", "last ms"]))
    for listeners in stage.size.crowds:
        subjects = _subjects(stage, listeners)
        heard = measure(stage, subjects, listeners)
        for subject in subjects:
            spread = middle(change for changes in heard[subject.name] for change in changes)
            result.table.lines.append([f"{listeners:,}", subject.name, *spread.written()])
            result.bars.append(Bar(subject.name, listeners, spread.p99))
        result.findings += _findings(heard, listeners)
    return result


def measure(stage: Stage, subjects: Sequence[Subject], listeners: int) -> dict[str, list[list[Spread]]]:
    """Milliseconds from the commit, by subject and round; each round has its own crowd, and subjects take turns."""
    heard: dict[str, list[list[Spread]]] = {subject.name: [] for subject in subjects}
    for _ in range(stage.size.rounds):
        for subject in subjects:
            heard[subject.name].append(one_round(subject, listeners, stage.size.changes))
    return heard


def one_round(subject: Subject, listeners: int, changes: int) -> list[Spread]:
    """Connects a crowd and makes one change that is not counted, then those that are."""
    with subject.crowd(listeners) as crowd:
        subject.settle()
        return [_one_change(subject, crowd) for _ in range(1 + changes)][1:]


def _one_change(subject: Subject, crowd: Crowd) -> Spread:
    crowd.mark()
    published = subject.publish()
    return crowd.expect().since(published.committed)


def _subjects(stage: Stage, listeners: int) -> list[Subject]:
    peers = [stage.nchan]
    if listeners <= stage.size.small:
        peers += [stage.flask_generator, stage.channels]
    return [*stage.tablos(), *(peer for peer in peers if peer)]


def _findings(heard: dict[str, list[list[Spread]]], listeners: int) -> list[Finding]:
    findings = []
    for name in (name for name in heard if name.startswith("Tablo")):
        for figure in ("p50", "p99"):
            found = _ratio(heard, name, "nchan", figure)
            findings.append(Finding(f"{listeners:,} listeners: {figure} of {name}, relative to nchan", found, 1.0))
        if "Channels + Daphne" in heard:
            found = _ratio(heard, name, "Channels + Daphne", "p99")
            what = f"{listeners:,} listeners: p99 of {name}, relative to Channels + Daphne"
            findings.append(Finding(what, found, LONGER_THAN_CHANNELS))
    return findings


def _ratio(heard: dict[str, list[list[Spread]]], ours: str, theirs: str, figure: str) -> float | None:
    if theirs not in heard:
        return None
    return ratio_by_round(
        *([[getattr(spread, figure) for spread in each] for each in heard[name]] for name in (ours, theirs))
    )


ROW = Row(
    "Fan-out: one change to every listener",
    "median and p99 no higher than nchan's in the same run; at least 100 times below Channels + Daphne",
    """
    A crowd opens its streams and a change is made. Each listener's delivery is timed from the commit (for a tap on
    Tablo, which reports the time of its commit) or from when the peer is handed the message. nchan and the
    Flask generator send the same frame as Tablo, Channels the smaller message of the club's first
    version. The first change of each crowd is not counted.
    """,
    run,
)
