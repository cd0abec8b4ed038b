"""The effect of correcting an old rally, computed before it is written."""

from collections.abc import Sequence
from dataclasses import dataclass

from rules.scoring.engine import State, fold
from rules.scoring.log import Entry, EntryKind, Side
from rules.scoring.play import MatchIsOver
from rules.scoring.ruleset import Ruleset


@dataclass(frozen=True)
class Corrected:
    """The lines that correct the log, and the state after them.

    The first line is the correction; the others void what was played after the end of the match, if that moved back.
    """

    lines: tuple[Entry, ...]
    state: State

    @property
    def surplus(self) -> int:
        """How many lines come after the match's new end."""
        return len(self.lines) - 1


def corrected(
    ruleset: Ruleset, log: Sequence[Entry], correction: Entry, first_server: Side = Side.A, *, pairs: bool = False
) -> Corrected:
    """The log with an amend, undo or insert appended. Raises BadEntry and AgainstTheLaw."""
    lines = [correction]
    while True:
        try:
            state = fold(ruleset, [*log, *lines], first_server, pairs=pairs)
        except MatchIsOver as over:
            lines.append(Entry(lines[-1].seq + 1, EntryKind.UNDO, target=over.seq))
        else:
            return Corrected(tuple(lines), state)
