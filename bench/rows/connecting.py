"""How fast a crowd connects, and what becomes of an ordinary page meanwhile."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import median
from typing import Any

from bench.crowd import Crowd, NotOpened, Probe
from bench.figures import Spread, middle, milliseconds, ratio_by_round
from bench.row import Finding, Result, Row, Table
from bench.stage import Stage
from bench.subjects.subject import Subject
from bench.subjects.tablo import Tablo

PAGE = "/clubs/1"
THREE_QUARTERS = 4 / 3
SLOWEST_PAGE = 100.0
IN_FLIGHT = 200
MINUTE = 60.0


@dataclass(frozen=True)
class Opened:
    """Seconds until all had come, a minute if they never did; who did not; the pages meanwhile."""

    seconds: float
    missing: int = 0
    pages: Spread | None = None


def run(stage: Stage) -> Result:
    result = Result([], Table(["", "streams a second", "seconds for all", "page p50 ms", "page worst ms"]))
    _rates(stage, result)
    for tablo in stage.tablos():
        _storms(stage, tablo, result)
    return result


def _rates(stage: Stage, result: Result) -> None:
    """Two hundred in flight, in turn."""
    opened: dict[str, list[Opened]] = {}
    for _ in range(stage.size.rounds):
        for tablo in stage.tablos():
            again = {"stream": tablo.stream_with_snapshot, "ready": "message"}
            opened.setdefault(tablo.name, []).append(_beside_one(stage, tablo, **again))
        if stage.nchan:
            opened.setdefault("nchan", []).append(_beside_one(stage, stage.nchan, ready="head"))
    for name, rounds in opened.items():
        result.table.lines.append(_line(stage, f"{name}, {IN_FLIGHT} in flight", rounds))
    for tablo in stage.tablos():
        ours = [[each.seconds] for each in opened[tablo.name]]
        found = ratio_by_round(ours, [[each.seconds] for each in opened["nchan"]]) if stage.nchan else None
        what = f"{tablo.name} with the snapshot sent, its time to nchan's head only"
        result.findings += [Finding(what, found, THREE_QUARTERS), _left_out(tablo.name, opened[tablo.name])]


def _storms(stage: Stage, tablo: Tablo, result: Result) -> None:
    """All at once, while somebody opens ordinary pages."""
    rounds = [_one_storm(stage, tablo) for _ in range(stage.size.rounds)]
    name = f"{tablo.name}, all {stage.size.storm:,} at once"
    result.table.lines.append(_line(stage, name, rounds))
    worst = middle(each.pages for each in rounds if each.pages).last
    result.findings += [
        Finding(f"{name}: the slowest ordinary page", worst, SLOWEST_PAGE, "ms"),
        _left_out(name, rounds),
    ]


def _left_out(name: str, rounds: Sequence[Opened]) -> Finding:
    worst = max(each.missing for each in rounds)
    return Finding(f"{name}: streams not opened within a minute, in the worst round", worst, 0, "streams")


def _line(stage: Stage, name: str, rounds: Sequence[Opened]) -> list[str]:
    seconds = median(each.seconds for each in rounds)
    pages = middle(each.pages for each in rounds if each.pages) if rounds[0].pages else None
    shown = [milliseconds(pages.p50), milliseconds(pages.last)] if pages else ["", ""]
    return [name, f"{stage.size.storm / seconds:,.0f}", f"{seconds:.2f}", *shown]


def _beside_one(stage: Stage, subject: Subject, **how: Any) -> Opened:
    """One listens already."""
    with Crowd(subject.stream, 1):
        return _opened(subject, stage.size.storm, in_flight=IN_FLIGHT, **how)


def _one_storm(stage: Stage, tablo: Tablo) -> Opened:
    storm = stage.size.storm
    with Probe(tablo.port, PAGE) as probe:
        opened = _opened(tablo, storm, stream=tablo.stream_with_snapshot, in_flight=storm, ready="message")
        return replace(opened, pages=probe.stop())


def _opened(subject: Subject, listeners: int, **how: Any) -> Opened:
    try:
        with subject.crowd(listeners, **how) as crowd:
            return Opened(crowd.seconds)
    except NotOpened as error:
        subject.rest()
        return Opened(MINUTE, error.missing)


ROW = Row(
    "Connecting",
    """
    with the snapshot sent, at least three quarters of the rate at which nchan sends only its head; a storm of
    10,000 is over in about a second, and ordinary pages stay under 100 ms meanwhile
    """,
    """
    A stream of Tablo counts as connected when its first score has come, one of nchan when the head of the answer has;
    one listens already. In the storms nobody does, and all connect at once while somebody else opens the club's page on
    a new connection every 5 ms; the slowest of these pages counts, in the median of the rounds. A crowd of which
    somebody has not come within a minute counts a minute, and those who are missing are told.
    """,
    run,
)
