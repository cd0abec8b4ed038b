"""`python -m bench`: measures, prints, and with --full writes docs/performance.md, its chart and bench/results.json.

With --full --only ROW the other rows stay as they are.
"""

import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from time import monotonic

import click

from bench.crowd import Short
from bench.machine import hardware, versions
from bench.report import PAGE, ElsewhereTaken, Measured, Report, save, section, stored
from bench.row import Row
from bench.rows import ROWS
from bench.sizes import FULL, SHORT, Size
from bench.stage import Stage
from tests.support.parts import ROOT, MissingPart


@click.command()
@click.option("--full", is_flag=True, help="every size and round; rewrites the page in docs/")
@click.option("--only", default="", help="only rows whose title contains this")
def main(full: bool, only: str) -> None:
    """Measures Tablo and its peers."""
    rows = [row for row in ROWS if only.lower() in row.title.lower()]
    try:
        report = measured(FULL if full else SHORT, rows)
        page = stored().with_rows_of(report) if full and only else report
    except (Short, MissingPart, ElsewhereTaken) as error:
        sys.exit(f"The run failed and writes nothing: {error}")
    for peer, why in report.missing.items():
        click.echo(f"{peer} was not measured: {why}")
    if full:
        save(page)
        click.echo(f"Written: {PAGE.relative_to(ROOT)}")


def measured(size: Size, rows: Sequence[Row]) -> Report:
    """Runs the rows one after the other and prints each result as soon as it is known."""
    machine = hardware()
    with Stage(size) as stage:
        done = [_told(row, stage) for row in rows]
        return Report(size.name, size.rounds, size.changes, machine, versions(stage), stage.missing, done)


def _told(row: Row, stage: Stage) -> Measured:
    began = monotonic()
    today = datetime.now(UTC).date().isoformat()
    found = Measured(row.title, row.goal, row.method, row.run(stage), today)
    click.echo("\n".join(section(found)))
    click.echo(f"({monotonic() - began:.0f} s)\n")
    return found


if __name__ == "__main__":
    main()
