"""Replaying a match rally by rally, with all corrections applied."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from flask import Response, request

from blueprints.club.blueprint import blueprint
from blueprints.club.found import around, match_or_404, record_number
from blueprints.club.games import game_state, games_state
from blueprints.club.states import moment, score_state
from blueprints.guards import public
from blueprints.replies import page
from live.announcement import State
from models.club import Match
from rules.scoring.calls import calls_after
from rules.scoring.log import Entry, EntryKind, Side, as_it_stands
from rules.scoring.play import Rally
from rules.scoring.wire import side_name

TOLD = (EntryKind.RALLY, EntryKind.AWARD, EntryKind.TIME_OUT, EntryKind.END)


@blueprint.get("/matches/<int:match_id>/replay")
@public
def replay(match_id: int) -> Response:
    """The state after a number of steps, next to the list of all; for scripts, only the state."""
    match = match_or_404(match_id)
    shown = Replay(match)
    asked = request.args.get("step", default=0, type=record_number)
    step = min(asked, len(shown.log))
    values: dict[str, Any] = {"match": match, "step": step, "last": len(shown.log), **shown.after(step)}
    whole, part = "club/replay/page.html", "club/replay/_shown.html"
    return page(whole, part, games_of_steps=shown.games, **values, **around(match.club))


@dataclass(frozen=True)
class Replay:
    """The replay of a match. A step is an entry of the corrected log."""

    match: Match

    @cached_property
    def log(self) -> list[tuple[int, Entry]]:
        return as_it_stands([line.entry for line in self.match.log])

    def after(self, step: int) -> dict[str, State | None]:
        """What the match's page shows after this many steps."""
        book = self.match.scorebook_of([entry for _, entry in self.log[:step]])
        return {
            "score": score_state(self.match, book),
            "games": games_state(self.match, book.state),
            "game": game_state(self.match, book.state.game_number, book.state),
        }

    @property
    def games(self) -> list[list[State]]:
        """The steps to be listed, game by game; others, such as serving orders, are not."""
        rallies = {rally.seq: rally for rally in self.match.state.live}
        at = {line.seq: line.at for line in self.match.log}
        games: list[list[State]] = [[] for _ in range(self.match.state.game_number)]
        number = 1
        for step, (seq, entry) in enumerate(self.log, start=1):
            rally = rallies.get(seq)
            number = rally.game_number if rally else number
            if entry.kind in TOLD:
                games[number - 1].append(self._told(step, entry, rally, at[entry.target or seq]))
        return games

    def _told(self, step: int, entry: Entry, rally: Rally | None, at: datetime) -> State:
        """`at`: seconds since the match began."""
        match = self.match
        return {
            "step": step,
            "kind": entry.kind.value,
            "at": (at - match.started_at).total_seconds(),
            "clock": moment(match, at)["clock"],
            "name": side_name(match.names(entry.side)) if entry.side else "",
            "side": entry.side,
            "server": self._server(rally) if rally else "",
            "calls": calls_after(match.ruleset, rally) if rally else None,
        }

    def _server(self, rally: Rally) -> str:
        side, place = rally.server
        return self.match.names(Side(side))[place - 1]
