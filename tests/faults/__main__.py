"""`make faults`: every part killed in turn under the full load, then a rolling restart; prints what came of it.

python -m tests.faults [how often each part is killed]
"""

import sys

from tests.faults.drill import drill
from tests.faults.house import Load, running_house
from tests.faults.report import report

CALM = 10.0
SECONDS_AWAY = {"Redis": 3.0, "PostgreSQL": 3.0, "web-1": 3.0, "live-1": 6.0, "live-2": 6.0, "nginx": 5.0}


def main(rounds: int) -> int:
    """0 when everybody has converged each time, all in order."""
    with running_house(Load()) as house, drill(house) as running:
        before = running.kept()
        running.begin()
        running.rest(CALM)
        for name, seconds in list(SECONDS_AWAY.items()) * rounds:
            running.endure(name, seconds)
            running.rest(CALM)
        returns = running.restart(["live-1", "live-2"])
        running.quiet()
        running.leave()
        sys.stdout.write(report(running, before, running.kept(), returns) + "\n")
        return 1 if running.course().faults else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 1))
