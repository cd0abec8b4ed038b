"""How fast a crowd connects, and what becomes of an ordinary page meanwhile."""

from statistics import median
from typing import Any

from bench.crowd import Crowd, Probe
from bench.figures import Spread, middle, milliseconds, ratio_by_round
from bench.row import Finding, Result, Row, Table
from bench.stage import Stage
from bench.subjects.subject import Subject
from bench.subjects.tablo import Tablo

PAGE = "/clubs/1"
THREE_QUARTERS = 4 / 3
SLOWEST_PAGE = 100.0
IN_FLIGHT = 200


def run(stage: Stage) -> Result:
    result = Result([], Table(["", "streams a second", "seconds for all", "page p50 ms", "page worst ms"]))
    _rates(stage, result)
    for tablo in stage.tablos():
        _storm(stage, tablo, result)
    return result


def _rates(stage: Stage, result: Result) -> None:
    """Two hundred in flight, in turn."""
    seconds: dict[str, list[list[float]]] = {}
    for _ in range(stage.size.rounds):
        for tablo in stage.tablos():
            missed = tablo.stream_with_snapshot
            seconds.setdefault(tablo.name, []).append([_connect(stage, tablo, stream=missed, ready="message")])
        if stage.nchan:
            seconds.setdefault("nchan", []).append([_connect(stage, stage.nchan, ready="head")])
    for name, each in seconds.items():
        middle_one = median(round_[0] for round_ in each)
        rate = f"{stage.size.storm / middle_one:,.0f}"
        result.table.lines.append([f"{name}, {IN_FLIGHT} in flight", rate, f"{middle_one:.2f}", "", ""])
    for tablo in stage.tablos():
        found = ratio_by_round(seconds[tablo.name], seconds["nchan"]) if stage.nchan else None
        what = f"{tablo.name} with the snapshot sent, its time to nchan's head only"
        result.findings.append(Finding(what, found, THREE_QUARTERS))


def _connect(stage: Stage, subject: Subject, **how: Any) -> float:
    """Seconds until all are connected; one listens already."""
    with Crowd(subject.stream, 1), subject.crowd(stage.size.storm, in_flight=IN_FLIGHT, **how) as crowd:
        return crowd.seconds


def _storm(stage: Stage, tablo: Tablo, result: Result) -> None:
    """All at once, while somebody opens ordinary pages."""
    storms = [_one_storm(stage, tablo) for _ in range(stage.size.rounds)]
    seconds, pages = median(taken for taken, _ in storms), middle(page for _, page in storms)
    name = f"{tablo.name}, all {stage.size.storm:,} at once"
    figures = [
        f"{stage.size.storm / seconds:,.0f}",
        f"{seconds:.2f}",
        milliseconds(pages.p50),
        milliseconds(pages.last),
    ]
    result.table.lines.append([name, *figures])
    result.findings.append(Finding(f"{name}: the slowest ordinary page", pages.last, SLOWEST_PAGE, "ms"))


def _one_storm(stage: Stage, tablo: Tablo) -> tuple[float, Spread]:
    storm, missed = stage.size.storm, tablo.stream_with_snapshot
    with Probe(tablo.port, PAGE) as probe, tablo.crowd(storm, stream=missed, in_flight=storm, ready="message") as crowd:
        return crowd.seconds, probe.stop()


ROW = Row(
    "Connecting",
    """
    with the snapshot sent, at least three quarters of the rate at which nchan sends only its head; a storm of
    10,000 is over in about a second, and ordinary pages stay under 100 ms meanwhile
    """,
    """
    A stream of Tablo counts as connected when its first score has come, one of nchan when the head of the answer has;
    one listens already. In the storms nobody does, and all connect at once while somebody else opens the club's page on
    a new connection every 5 ms; the slowest of these pages counts, in the median of the rounds.
    """,
    run,
)
