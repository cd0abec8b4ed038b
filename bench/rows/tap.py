"""From the finger to the last screen."""

from collections.abc import Sequence
from statistics import median

from bench.figures import milliseconds, ratio_by_round
from bench.row import Finding, Result, Row, Table
from bench.stage import Stage
from bench.subjects.bare import Bare
from bench.subjects.tablo import Tablo

TWICE = 2.0


def run(stage: Stage) -> Result:
    result = Result([], Table(["", "answer ms", "last screen ms", "bare view ms"]))
    for tablo, bare in zip(stage.tablos(), stage.bare_views(), strict=True):
        rounds = [_one_round(stage, tablo, bare) for _ in range(stage.size.rounds)]
        answers, screens, bare_answers = ([taken[place] for taken in rounds] for place in range(3))
        shown = [milliseconds(median(median(each) for each in figures)) for figures in (answers, screens, bare_answers)]
        result.table.lines.append([tablo.name, *shown])
        what = f"{tablo.name}: request to the last of {stage.size.small:,} screens, to the bare view's answer"
        result.findings.append(Finding(what, ratio_by_round(screens, bare_answers), TWICE))
    return result


def _one_round(stage: Stage, tablo: Tablo, bare: Bare) -> Sequence[list[float]]:
    """Milliseconds: to the answers of the taps, to the last screens, to the answers of the bare view."""
    answers, screens = [], []
    with tablo.crowd(stage.size.small) as crowd:
        tablo.settle()
        for _ in range(1 + stage.size.changes):
            crowd.mark()
            published = tablo.publish()
            answers.append(published.answer_milliseconds)
            screens.append(crowd.expect().since(published.requested).last)
    bare_answers = [bare.publish().answer_milliseconds for _ in range(1 + stage.size.changes)]
    return answers[1:], screens[1:], bare_answers[1:]


ROW = Row(
    "A tap, from request to the last of 1,000 screens",
    "at most twice a bare Flask view that inserts one row and answers",
    """
    The scorer's request, signed in and with its token, on a new connection, until the last of the screens has
    the new score; the bare view (bench/peers/bare.py) on a new connection until its answer, under the same
    server and on the same database.
    """,
    run,
)
