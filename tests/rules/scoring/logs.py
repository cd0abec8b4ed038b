"""Short ways to write a log and to read a state."""

from collections.abc import Iterable, Sequence

from rules.scoring.engine import Entry, EntryKind, Side


def rallies(winners: Iterable[str], after: Sequence[Entry] = ()) -> list[Entry]:
    """«AAB» is three rallies, appended to the log given; spaces only part them for the eye."""
    letters = [letter for letter in winners if letter != " "]
    return [*after, *(Entry(len(after) + place, EntryKind.RALLY, Side(won)) for place, won in enumerate(letters, 1))]


def to_score(score_a: int, score_b: int) -> str:
    """Winners that lead from 0-0 to this score, the two sides keeping level as long as they can."""
    level = min(score_a, score_b)
    return "AB" * level + "A" * (score_a - level) + "B" * (score_b - level)


def undo(log: Sequence[Entry], target: int) -> list[Entry]:
    return [*log, Entry(len(log) + 1, EntryKind.UNDO, target=target)]


def amend(log: Sequence[Entry], target: int, winner: Side) -> list[Entry]:
    return [*log, Entry(len(log) + 1, EntryKind.AMEND, winner, target)]


def order(log: Sequence[Entry], server: Side) -> list[Entry]:
    return [*log, Entry(len(log) + 1, EntryKind.ORDER, server)]


def end(log: Sequence[Entry], retired: Side) -> list[Entry]:
    return [*log, Entry(len(log) + 1, EntryKind.END, retired)]
