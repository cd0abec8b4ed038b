"""How fast a crowd connects, and how slow an ordinary page is meanwhile."""

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
    """Seconds until all were connected, 60 if some never were; how many were not; times of the pages meanwhile."""

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
    """200 connections in flight, subjects in turn."""
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
        what = f"{tablo.name} with the snapshot sent, time relative to nchan with only its head"
        result.findings += [Finding(what, found, THREE_QUARTERS), _left_out(tablo.name, opened[tablo.name])]


def _storms(stage: Stage, tablo: Tablo, result: Result) -> None:
    """All at once, while ordinary pages are requested."""
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
    """With one listener connected before."""
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
    A stream of Tablo counts as connected when its first score has arrived, one of nchan when the response's head has;
    one listener is connected before. In the storms none is, and all connect at once while the club's page is requested
    on a new connection every 5 ms; the slowest of these pages counts, as the median of the rounds. A crowd that is not
    complete within a minute counts as a minute, and the number of missing streams is reported.
    """,
    run,
)
