"""The finished matches of a club: filtered by player, sport, table and day, and exported."""

import csv
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from flask import Response, request, stream_with_context, url_for
from flask.json import dumps
from flask_babel import gettext as _

from blueprints.club.blueprint import blueprint
from blueprints.club.found import around, club_or_404, record_number
from blueprints.club.states import result_of
from blueprints.club.table_choice import tables_ever
from blueprints.club.told import told_log, told_match
from blueprints.club.words import sport_name
from blueprints.guards import person, public, signed_in
from blueprints.replies import page
from extensions import db
from models.base import utc_now
from models.club import Club, HistoryQuestion, Match, Player
from models.errors import NotAllowed
from rules.scoring.log import Side
from rules.scoring.match_json import VERSION
from rules.scoring.sports import SPORTS
from rules.table_cells import safe_cell

Said = TypeVar("Said")
PER_PAGE, AT_ONCE, LOGS_AT_ONCE = 50, 200, 20
MIMETYPES = {"csv": "text/csv", "json": "application/json"}
# What spreadsheets of this country expect: they split at semicolons, and read UTF-8 only after its mark.
SEPARATOR, MARK = ";", "\ufeff"
YEARS = range(1900, 2201)


@dataclass(frozen=True)
class Asked:
    """The filter in the address; invalid values are ignored."""

    player: Player | None
    sport: str | None
    table: int | None
    since: date | None
    until: date | None

    @classmethod
    def read(cls, club: Club) -> "Asked":
        sport, number = request.args.get("sport"), request.args.get("player", type=record_number)
        player = db.session.scalar(Player.numbered(club.id, [number])) if number else None
        table = request.args.get("table", type=record_number) or None
        return cls(player, sport if sport in SPORTS else None, table, _day("since"), _day("until"))

    def question(self, club: Club) -> HistoryQuestion:
        """The days are in the club's time zone; the last one is included."""
        zone = club.organization.zone
        since = datetime.combine(self.since, time(), zone) if self.since else None
        until = datetime.combine(self.until + timedelta(days=1), time(), zone) if self.until else None
        player = self.player.id if self.player else None
        return HistoryQuestion(club.id, player, sport=self.sport, table=self.table, since=since, until=until)

    @property
    def told(self) -> dict[str, Any]:
        """The query parameters of this filter."""
        days = {name: day and day.isoformat() for name, day in (("since", self.since), ("until", self.until))}
        return {"player": self.player and self.player.id, "sport": self.sport, "table": self.table, **days}

    @property
    def is_narrow(self) -> bool:
        return any(self.told.values())


@blueprint.get("/clubs/<int:club_id>/history")
@public
def history(club_id: int) -> Response:
    """The latest ended first; `before` is the id of the last match on the previous page."""
    club = club_or_404(club_id)
    asked, today = Asked.read(club), club.organization.today(utc_now())
    found = asked.question(club).page(request.args.get("before", type=record_number), PER_PAGE + 1)
    shown, is_more = found[:PER_PAGE], len(found) > PER_PAGE
    values: dict[str, Any] = {"asked": asked, "matches": [result_of(match, today) for match in shown], "sports": SPORTS}
    values["older"] = url_for("club.history", club_id=club.id, before=shown[-1].id, **asked.told) if is_more else None
    values["tables"] = tables_ever(club, _("Любой стол"))
    values["may_take_away"] = _may_take_away(club)
    return page("club/history/page.html", "club/history/_found.html", **values, **around(club))


@blueprint.get("/clubs/<int:club_id>/history.<any(csv, json):form>")
@signed_in
def export_history(club_id: int, form: str) -> Response:
    """Everything that `history` finds for the same filter; for managers only, since it may be large."""
    club = club_or_404(club_id)
    if not _may_take_away(club):
        raise NotAllowed
    name = f"matches-{club.organization.today(utc_now()).isoformat()}.{form}"
    question, zone = Asked.read(club).question(club), club.organization.zone
    written = _table(question, zone) if form == "csv" else _document(question)
    answer = Response(stream_with_context(written), mimetype=MIMETYPES[form])
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _may_take_away(club: Club) -> bool:
    return club.may_be_scored_by(person()) or club.may_be_managed_by(person())


class _Line:
    """A file object for csv.writer whose write() returns the line."""

    def write(self, line: str) -> str:
        return line


def _table(question: HistoryQuestion, zone: ZoneInfo) -> Iterator[str]:
    table = csv.writer(_Line(), delimiter=SEPARATOR)
    sides = (_("Игрок"), _("Соперник"))
    yield MARK
    yield table.writerow([_("День"), _("Начало"), _("Спорт"), _("Стол или корт"), *sides, _("Счёт"), _("Победа")])
    for cells in _each(question, lambda match: _cells(match, zone)):
        yield table.writerow([safe_cell(cell) for cell in cells])


def _document(question: HistoryQuestion) -> Iterator[str]:
    """Each match as the API tells it, with its log: a file that a club can import (rules/scoring/history_json.py)."""
    yield f'{{"version": {VERSION}, "matches": ['
    for number, told in enumerate(_each(question, _with_log, with_logs=True)):
        yield (",\n" if number else "\n") + dumps(told)
    yield "\n]}"


def _with_log(match: Match) -> dict[str, object]:
    return {**told_match(match), "log": told_log(match)}


def _each(question: HistoryQuestion, said: Callable[[Match], Said], with_logs: bool = False) -> Iterator[Said]:
    """Formats all matches in batches; slow readers do not hold a database connection."""
    last, at_once = None, LOGS_AT_ONCE if with_logs else AT_ONCE
    while found := question.page(last, at_once, with_logs=with_logs):
        last, lines = found[-1].id, [said(match) for match in found]
        db.session.rollback()
        yield from lines


def _cells(match: Match, zone: ZoneInfo) -> tuple[str, ...]:
    begun = match.started_at.astimezone(zone)
    names = [", ".join(match.names(side)) for side in Side]
    games = " ".join(f"{a}:{b}" for a, b in match.games)
    winner = names[list(Side).index(match.winner)] if match.winner else ""
    at_table = match.table_called or str(match.table or "")
    return (f"{begun:%Y-%m-%d}", f"{begun:%H:%M}", sport_name(match.sport), at_table, *names, games, winner)


def _day(name: str) -> date | None:
    try:
        day = date.fromisoformat(request.args.get(name, ""))
    except ValueError:
        return None
    return day if day.year in YEARS else None
