"""Short ways to write a log and to read a state."""

from collections.abc import Iterable, Sequence
from typing import Any

from rules.scoring.engine import State, fold
from rules.scoring.log import Entry, EntryKind, Side
from rules.scoring.ruleset import Ruleset


def rallies(winners: Iterable[str], after: Sequence[Entry] = ()) -> list[Entry]:
    """«AAB» is three rallies, appended to the given log; spaces are ignored."""
    letters = [letter for letter in winners if letter != " "]
    return [*after, *(Entry(len(after) + place, EntryKind.RALLY, Side(won)) for place, won in enumerate(letters, 1))]


def to_score(score_a: int, score_b: int) -> str:
    """Winners that lead from 0-0 to this score, with the sides level as long as possible."""
    level = min(score_a, score_b)
    return "AB" * level + "A" * (score_a - level) + "B" * (score_b - level)


def undo(log: Sequence[Entry], target: int) -> list[Entry]:
    return [*log, Entry(len(log) + 1, EntryKind.UNDO, target=target)]


def amend(log: Sequence[Entry], target: int, winner: Side) -> list[Entry]:
    return [*log, Entry(len(log) + 1, EntryKind.AMEND, winner, target)]


def order(log: Sequence[Entry], side: Side, game: int = 1, *, server: int = 1, receiver: int = 1) -> list[Entry]:
    return [*log, Entry(len(log) + 1, EntryKind.ORDER, side, game=game, server=server, receiver=receiver)]


def say(log: Sequence[Entry], kind: EntryKind, side: Side | None = None, **details: Any) -> list[Entry]:
    """Appends a line of a kind without its own function."""
    return [*log, Entry(len(log) + 1, kind, side, **details)]


def end(log: Sequence[Entry], retired: Side) -> list[Entry]:
    return [*log, Entry(len(log) + 1, EntryKind.END, retired)]


def service(state: State) -> str:
    """Who serves to whom and from which court: "A1>B2 R"; with places only in pairs."""
    side, court = state.service.side, state.service.court.value[0].upper() if state.service.court else ""
    return f"{side}{state.service.server}>{side.other}{state.service.receiver} {court}".rstrip()


def services(law: Ruleset, winners: str, *, pairs: bool = True, first: Side = Side.A) -> list[str]:
    """Who serves to whom before the first of these rallies and after each of them."""
    letters = winners.replace(" ", "")
    return [service(fold(law, rallies(letters[:n]), first, pairs=pairs)) for n in range(len(letters) + 1)]
