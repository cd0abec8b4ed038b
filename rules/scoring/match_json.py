"""Reads a match from the API's JSON. Nothing in it is trusted: the rules recompute everything from its log."""

import json
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from rules.names import invisible
from rules.scoring.engine import State, fold
from rules.scoring.log import AIMED, BadEntry, Entry, EntryKind, Side
from rules.scoring.play import AgainstTheLaw, MatchIsOver
from rules.scoring.ruleset import Ruleset
from rules.scoring.sports import LAWS

VERSION = 1
MOST_LINES = 2000
MOST_NUMBER = 99
LONGEST_NAME = 200
EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
DETAILS = {each.name: each.default for each in fields(Entry) if each.name not in ("seq", "kind", "side", "target")}
PLACES = ("server", "receiver")


class Wrong(StrEnum):
    """Why a text cannot be imported as a match."""

    FORM = "no JSON of a match"
    VERSION = "told in another version"
    LAW = "no law by this code, or no such handicap"
    SIDES = "not one or two names on either side, all different"
    FACTS = "no such table, server or moment"
    LINE = "a line that says nothing"
    TOO_LONG = "more lines than any match has"
    LOG = "a log that no match can have"
    SCORE = "another score than the log makes"


class NotReadable(ValueError):
    """The reason, and the line of the log if there is one."""

    def __init__(self, wrong: Wrong, line: int | None = None) -> None:
        super().__init__(wrong.value)
        self.wrong, self.line = wrong, line


@dataclass(frozen=True)
class ParsedLine:
    entry: Entry
    at: datetime


@dataclass(frozen=True)
class ParsedMatch:
    """A valid match with the state computed from its lines. `sides`: the names on A and on B."""

    ruleset: Ruleset
    first_server: Side
    sides: tuple[tuple[str, ...], tuple[str, ...]]
    table: int | None
    table_name: str
    started_at: datetime
    lines: tuple[ParsedLine, ...]
    state: State


def details(entry: Entry) -> dict[str, int | bool]:
    """The fields of a line besides kind, side and target that differ from their defaults."""
    return {name: getattr(entry, name) for name, usual in DETAILS.items() if getattr(entry, name) != usual}


def line_to_json(entry: Entry, at: datetime) -> dict[str, Any]:
    """One line of a log as JSON."""
    said = {"seq": entry.seq, "kind": entry.kind.value, "side": entry.side, "target": entry.target}
    return {**said, "at": at.isoformat(), **details(entry)}


def parse_match(text: bytes) -> ParsedMatch:
    """Parses the JSON of `/api/matches/<id>`. Raises NotReadable."""
    told = _json(text)
    if told.get("version") != VERSION:
        raise NotReadable(Wrong.VERSION)
    return parse_told(told.get("match"), told.get("log"))


def parse_told(match: Any, log: Any) -> ParsedMatch:
    """The match with these facts and this log, both as decoded JSON. Raises NotReadable."""
    if not isinstance(match, dict) or not isinstance(log, list):
        raise NotReadable(Wrong.FORM)
    if len(log) > MOST_LINES:
        raise NotReadable(Wrong.TOO_LONG)
    ruleset, sides, (first, where, started_at) = _law(match), _sides(match), _facts(match)
    lines = _lines(log, started_at)
    state = _state(ruleset, first, lines, pairs=len(sides[0]) > 1)
    _compare(match, state)
    return ParsedMatch(ruleset, first, sides, *where, started_at, lines, state)


def _json(text: bytes) -> dict[str, Any]:
    try:
        told = json.loads(text)
    except (ValueError, RecursionError):
        raise NotReadable(Wrong.FORM) from None
    if not isinstance(told, dict):
        raise NotReadable(Wrong.FORM)
    return told


def _law(match: dict[str, Any]) -> Ruleset:
    code, handicap = match.get("ruleset"), match.get("handicap", [0, 0])
    law = LAWS.get(code) if isinstance(code, str) else None
    if law is None or not isinstance(handicap, list) or len(handicap) != 2 or not all(map(_is_number, handicap)):
        raise NotReadable(Wrong.LAW)
    try:
        return law.with_handicap((handicap[0], handicap[1]))
    except ValueError:
        raise NotReadable(Wrong.LAW) from None


def _sides(match: dict[str, Any]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    told = match.get("sides")
    named = [told.get(side.value) for side in Side] if isinstance(told, dict) else []
    names = [name for side in named if isinstance(side, list) for name in side]
    are_names = all(map(_is_name, names))
    if not are_names or len(set(names)) < len(names) or [len(side or "") for side in named] not in ([1, 1], [2, 2]):
        raise NotReadable(Wrong.SIDES)
    half = len(names) // 2
    return tuple(names[:half]), tuple(names[half:])


def _is_name(told: Any) -> bool:
    return isinstance(told, str) and 0 < len(told.strip()) <= LONGEST_NAME and not invisible(told)


def _facts(match: dict[str, Any]) -> tuple[Side, tuple[int | None, str], datetime]:
    first, started_at = match.get("first_server"), _moment(match.get("started_at"))
    if first not in list(Side) or started_at is None:
        raise NotReadable(Wrong.FACTS)
    return Side(first), _where(match), started_at


def _where(match: dict[str, Any]) -> tuple[int | None, str]:
    """A table's number and its name there; both are optional."""
    table, name = match.get("table"), match.get("table_name", "")
    is_table = table is None or (_is_number(table) and 1 <= table <= MOST_NUMBER)
    if not is_table or not (name == "" or _is_name(name)):
        raise NotReadable(Wrong.FACTS)
    return table, name if table else ""


def _lines(log: list[Any], started_at: datetime) -> tuple[ParsedLine, ...]:
    """No line may be older than the start of the match or the line before it."""
    lines, latest = list[ParsedLine](), started_at
    for number, told in enumerate(log, start=1):
        lines.append(_line(number, told))
        if lines[-1].at < latest:
            raise NotReadable(Wrong.LINE, number)
        latest = lines[-1].at
    return tuple(lines)


def _line(number: int, line: Any) -> ParsedLine:
    """Lines are numbered from 1 without a gap."""
    wrong = NotReadable(Wrong.LINE, number)
    if not isinstance(line, dict) or line.get("seq") != number or line.get("kind") not in list(EntryKind):
        raise wrong
    kind, side, target, at = EntryKind(line["kind"]), line.get("side"), line.get("target"), _moment(line.get("at"))
    if side not in (None, *Side) or at is None or not _may_be_aimed(kind, target, number):
        raise wrong
    said = {name: line[name] for name in DETAILS if name in line}
    if not all(_may_be_said(name, value) for name, value in said.items()):
        raise wrong
    return ParsedLine(Entry(number, kind, Side(side) if side else None, target, **said), at)


def _may_be_aimed(kind: EntryKind, target: Any, number: int) -> bool:
    """A target must be an earlier line, and only for kinds that have one."""
    return _is_number(target) and 1 <= target < number if kind in AIMED else target is None


def _may_be_said(name: str, value: Any) -> bool:
    if isinstance(DETAILS[name], bool):
        return isinstance(value, bool)
    return _is_number(value) and 1 <= value <= (2 if name in PLACES else MOST_NUMBER)


def _state(ruleset: Ruleset, first: Side, lines: tuple[ParsedLine, ...], *, pairs: bool) -> State:
    try:
        return fold(ruleset, [line.entry for line in lines], first, pairs=pairs)
    except (BadEntry, MatchIsOver, AgainstTheLaw):
        raise NotReadable(Wrong.LOG) from None


def _compare(match: dict[str, Any], state: State) -> None:
    """Everything else in the JSON is optional and must agree with the log."""
    made = {"points": list(state.points), "games": [list(game) for game in state.games], "winner": state.winner}
    if any(name in match and match[name] != value for name, value in made.items()):
        raise NotReadable(Wrong.SCORE)


def _moment(told: Any) -> datetime | None:
    """A time with its time zone, within the years that every time zone can convert."""
    try:
        moment = datetime.fromisoformat(told)
    except (TypeError, ValueError):
        return None
    return moment if moment.tzinfo and moment >= EARLIEST else None


def _is_number(told: Any) -> bool:
    return isinstance(told, int) and not isinstance(told, bool)
