"""The time of a tap, from its request to the last screen."""

from collections.abc import Sequence
from statistics import median

from bench.figures import milliseconds, ratio_by_round
from bench.row import Finding, Result, Row, Table
from bench.stage import Stage
from bench.subjects.bare import Bare
from bench.subjects.subject import Subject

TWICE = 2.0


def run(stage: Stage) -> Result:
    result = Result([], Table(["", "commit ms", "response ms", "last screen ms", "bare view ms"]))
    for tablo, bare in zip(stage.tablos(), stage.bare_views(), strict=True):
        rounds = [(*_one_round(stage, tablo), _bare_round(stage, bare)) for _ in range(stage.size.rounds)]
        commits, answers, screens, bare_answers = ([taken[place] for taken in rounds] for place in range(4))
        result.table.lines.append([tablo.name, *map(_middle, (commits, answers, screens, bare_answers))])
        what = f"{tablo.name}: request to the last of {stage.size.small:,} screens, relative to the bare view"
        result.findings.append(Finding(what, ratio_by_round(screens, bare_answers), TWICE))
    if stage.nchan:
        told = [_one_round(stage, stage.nchan)[-1] for _ in range(stage.size.rounds)]
        result.table.lines.append([f"{stage.nchan.name}, which only forwards", "", "", _middle(told), ""])
    return result


def _one_round(stage: Stage, subject: Subject) -> tuple[list[float], list[float], list[float]]:
    """Milliseconds from the request to the commit, to the response, to the last screen."""
    commits, answers, screens = [], [], []
    with subject.crowd(stage.size.small) as crowd:
        subject.settle()
        for _ in range(1 + stage.size.changes):
            crowd.mark()
            published = subject.publish()
            commits.append((published.committed - published.requested) / 1e6)
            answers.append(published.answer_milliseconds)
            screens.append(crowd.expect().since(published.requested).last)
    return commits[1:], answers[1:], screens[1:]


def _bare_round(stage: Stage, bare: Bare) -> list[float]:
    """Milliseconds to the response."""
    return [bare.publish().answer_milliseconds for _ in range(1 + stage.size.changes)][1:]


def _middle(rounds: Sequence[list[float]]) -> str:
    return milliseconds(median(median(each) for each in rounds))


ROW = Row(
    "A tap, from request to the last of 1,000 screens",
    "at most twice a bare Flask view that inserts one row and responds",
    """
    The scorer's request, signed in and with its CSRF token, on a new connection, until the last screen has the new
    score; the bare view (bench/peers/bare.py) on a new connection until its response, under the same server and on
    the same database. nchan commits nothing and only forwards: while fan-out alone takes longer than two bare
    views, the goal is a direction, and the tap's own work is the time to its commit.
    """,
    run,
)
