"""Whether a tap takes as long in a club with years of matches as in a new one."""

from statistics import median

from bench.crowd import Crowd
from bench.figures import milliseconds, ratio_by_round
from bench.row import Finding, Result, Row, Table
from bench.stage import Stage
from bench.subjects.tablo import Tablo

AS_MUCH = 1.2
SCREENS = 100


def run(stage: Stage) -> Result:
    old = f"after {stage.size.games:,} games"
    result = Result([], Table(["request to last screen, ms", "new club", old, f"{stage.size.rallies:,} rallies long"]))
    for young, aged in zip(stage.tablos(), stage.aged_tablos(), strict=True):
        rounds = [[_one_round(stage, tablo) for tablo in (young, aged)] for _ in range(stage.size.rounds)]
        taps = [[each[place] for each in rounds] for place in (0, 1)]
        shown = [milliseconds(median(median(each) for each in figures)) for figures in taps]
        long_log = milliseconds(median(_with_a_long_log(stage, young)))
        result.table.lines.append([young.name, *shown, long_log])
        found = ratio_by_round(taps[1], taps[0])
        result.findings.append(Finding(f"{young.name}: a tap {old}, relative to a new club", found, AS_MUCH))
    return result


def _one_round(stage: Stage, tablo: Tablo) -> list[float]:
    """Milliseconds from the request to the last of at most 100 screens, for each tap."""
    with tablo.crowd(min(SCREENS, stage.size.small)) as crowd:
        tablo.settle()
        return [_one_tap(tablo, crowd) for _ in range(1 + 2 * stage.size.changes)][1:]


def _one_tap(tablo: Tablo, crowd: Crowd) -> float:
    crowd.mark()
    published = tablo.publish()
    return crowd.expect().since(published.requested).last


def _with_a_long_log(stage: Stage, tablo: Tablo) -> list[float]:
    """The same in a match longer than any real one."""
    while tablo.scorer.taps < stage.size.rallies:
        tablo.publish()
    with tablo.crowd(min(SCREENS, stage.size.small)) as crowd:
        return [_one_tap(tablo, crowd) for _ in range(1 + stage.size.changes)][1:]


ROW = Row(
    "Growth",
    "a tap costs the same after 10 games and after 100,000",
    """
    Two servers on two databases, in turn: the demo club, and the same club with many more finished
    matches, each with its players and its whole log. From the request to the last of 100 screens. The last
    column, without a goal, is the new club during one unrealistically long match.
    """,
    run,
)
