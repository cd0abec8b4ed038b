"""The states of the club's live fragments, as language-neutral JSON values."""

from collections.abc import Iterable
from datetime import date, datetime

from blueprints.club.words import unit
from extensions import db
from live.announcement import State
from models.accounts import GuestPass
from models.club import Club, Match, Scorer, Tournament, written_with
from rules.scoring import engine
from rules.scoring.calls import calls, calls_before
from rules.scoring.engine import Scorebook
from rules.scoring.log import PLAYED, EntryKind, Side
from rules.scoring.ruleset import Ruleset
from rules.scoring.table_tennis import TABLE_TENNIS
from rules.scoring.wire import Facts, GameType, game_end, game_update, side_name

HISTORY = 20
COUNTED = (EntryKind.RALLY, EntryKind.AWARD)


def section_state(club: Club, now: datetime | None = None) -> State:
    """The live section: matches in progress; with `now`, also those that have just ended.

    Only pushes pass `now`: pages that saw a match in progress keep showing it for a moment after its end;
    static/js/club-live.js drops it from those that did not.
    """
    return _section(club, db.session.scalars(Match.live_in(club, now)))


def history_state(club: Club, now: datetime) -> State:
    """The latest finished matches, the newest first."""
    today = club.organization.today(now)
    matches = [result_of(match, today) for match in db.session.scalars(Match.played_in(club).limit(HISTORY))]
    return {"dom_id": f"club-{club.id}-history", "club": club.id, "matches": matches}


def score_state(match: Match, then: Scorebook | None = None) -> State:
    """The score of one match, for every board, and the payload of the first version's events.

    then: a scorebook of this match at another time. `version` is the length of the log; in `sides`, A first, `call`
    is the score as called, `serve` what this side serves, or None. `after`: the calls after A or B wins the next
    rally, unless that is just one more. `ending`: the sides whose next rally may end the stretch, as letters.
    """
    book, law = then or match.scorebook, match.ruleset
    state = book.state
    return {
        "dom_id": f"match-{match.id}-score",
        "match": match.id,
        "club": match.club_id,
        "kind": match.kind.value,
        "version": match.log_length,
        **_terms(match),
        "sides": [_side(match, state, side) for side in Side],
        "after": _after(law, book),
        "games": [list(game) for game in state.games],
        "games_won": list(state.games_won),
        "set_games": state.set_games,
        "game_number": state.game_number,
        **_stretch(state),
        **_word(law, state),
        "has_two_digits": max(map(len, calls(law, state))) > 1,
        **_before_the_next_rally(match, state),
        "is_finished": state.is_finished,
        "undo": _undo(match, state),
        "wire": game_update(law, state, _facts(match), *_wire_names(match)),
    }


def winner_state(match: Match) -> State:
    """The other event of the club's first version; None while nobody has won."""
    state = match.state
    return {"end": game_end(match.ruleset, state, _facts(match), *_wire_names(match)) if state.winner else None}


def head_state(match: Match) -> State:
    """Whether the match is in progress, its table, and when its score last changed."""
    newest = match.state.live[-1].seq if match.state.live else None
    scored_at = next((line.at for line in reversed(match.log) if line.seq == newest), None)
    return {
        "dom_id": f"match-{match.id}-head",
        "tournament": _tournament(match),
        "version": match.log_length,
        "is_finished": match.is_finished,
        "is_abandoned": match.abandoned_at is not None,
        **_terms(match),
        "scored": moment(match, scored_at) if scored_at else None,
        "ended": moment(match, match.ended_at) if match.ended_at else None,
    }


def idle_state(match: Match, now: datetime) -> State:
    """Whether the question if they still play is shown, and since when nobody has tapped."""
    return {
        "dom_id": f"match-{match.id}-idle",
        "match": match.id,
        "club": match.club_id,
        "is_quiet": match.is_quiet(now),
        "is_abandoned": match.abandoned_at is not None,
        "heard": moment(match, match.heard_at)["clock"],
    }


def quiet_state(club: Club, now: datetime) -> State:
    """The club's matches for which that question is shown."""
    return _quiet(club, db.session.scalars(Match.quiet_in(club, now)))


def live_states(club: Club, now: datetime) -> dict[str, State]:
    """Section and idle matches for the club's page, from one query."""
    live = db.session.scalars(Match.live_in(club)).all()
    quiet = sorted((match for match in live if match.is_quiet(now)), key=lambda match: (match.heard_at, match.id))
    return {"live_section": _section(club, live), "quiet": _quiet(club, quiet)}


def holder_state(match: Match, now: datetime) -> State:
    """Who is keeping the score. `key` identifies them among all scorers, None for nobody; guests have no name."""
    is_kept = match.is_leased(now) and not match.is_finished
    person = match.holder if is_kept else None
    guest = f"pass-{match.holder_pass_id}" if is_kept and match.holder_pass_id else None
    return {
        "dom_id": f"match-{match.id}-holder",
        "key": f"person-{person.id}" if person else guest,
        "name": person.name if person else None,
    }


def key_of(scorer: Scorer) -> str:
    """The key by which a phone recognizes itself as the one keeping the score."""
    return f"pass-{scorer.id}" if isinstance(scorer, GuestPass) else f"person-{scorer.id}"


def umpire_state(match: Match) -> State:
    """The umpire's options now, besides rallies. `order` is None where the rules leave no choice.

    amended: who would win the newest point instead; None also for an award, which cannot be given to the other
    side.
    """
    state, law = match.state, match.ruleset
    points, handicap = sum(state.points), sum(law.handicap)
    is_soon = law.expedite_before is not None and points - handicap < law.expedite_before
    return {
        "version": match.log_length,
        "sport": law.sport,
        "game_number": state.game_number,
        "sides": [_of_umpire(match, state, place) for place in (0, 1)],
        "has_points": bool(state.live),
        "amended": _amended(match, state),
        "seconds": law.time_outs.seconds,
        "takes_time_outs": law.time_outs.each > 0,
        "may_expedite": is_soon and not state.is_expedite,
        "order": _order(match, state, law),
    }


def _section(club: Club, matches: Iterable[Match]) -> State:
    return {"dom_id": f"club-{club.id}-live", "matches": [score_state(match) for match in matches]}


def _quiet(club: Club, matches: Iterable[Match]) -> State:
    quiet = [
        {
            "match": match.id,
            "sport": match.ruleset.sport,
            **where(match),
            "names": [side_name(match.names(side)) for side in Side],
            "heard": moment(match, match.heard_at)["clock"],
        }
        for match in matches
    ]
    return {"dom_id": f"club-{club.id}-idle", "matches": quiet}


def _amended(match: Match, state: engine.State) -> str | None:
    played = {line.seq for line in match.log if line.kind in PLAYED}
    newest = state.live[-1] if state.live else None
    return side_name(match.names(newest.side.other)) if newest and newest.seq in played else None


def _of_umpire(match: Match, state: engine.State, place: int) -> State:
    side = list(Side)[place]
    name = side_name(match.names(side))
    return {"side": side.value, "name": name, "names": match.names(side), "time_outs_left": state.time_outs_left[place]}


def _order(match: Match, state: engine.State, law: Ruleset) -> State | None:
    """Who serves first in this game by the rules, or that it may be chosen; and which pairs choose their order."""
    is_chosen = state.game_number == 1 or (law.toss_before_last and state.game_number == law.best_of)
    first = state.service.order[0][0] if state.service.order else state.service.first
    pairs = [side.value for side in Side if match.is_doubles]
    if law.sport == TABLE_TENNIS.code and not is_chosen:
        pairs = [side for side in pairs if side == first]
    return {"is_chosen": is_chosen, "first": first, "pairs": pairs} if is_chosen or pairs else None


def _side(match: Match, state: engine.State, side: Side) -> State:
    place = list(Side).index(side)
    return {
        "side": side.value,
        "names": match.names(side),
        "points": state.points[place],
        "call": calls(match.ruleset, state)[place],
        "serve": _serve(state, place) if state.server is side else None,
        "server": state.service.server if state.server is side else None,
        "receiver": state.service.receiver if state.server is side.other else None,
        "has_won": state.winner is side,
    }


def _serve(state: engine.State, place: int) -> State:
    """Which serve of how many; from which court and by which member of a team, where prescribed."""
    service = state.service
    rotation = service.rotation[place] if service.rotation else None
    return {"number": service.number, "of": service.in_turn, "court": service.court, "rotation": rotation}


def _terms(match: Match) -> State:
    """The format of the match, its table and its tournament, if any."""
    law = match.ruleset
    played = {"sport": law.sport, "format": law.format, "best_of": law.best_of, "is_deciding": law.is_deciding}
    played["target"] = law.count_of(len(match.games) + 1).target
    return {**where(match), "tournament_id": match.tournament_id, "is_pair": match.is_doubles, **played}


def where(match: Match) -> State:
    """The table's number, as used in addresses and by programs, and its name; "" if it is not on the list."""
    return {"table": match.table, "table_name": match.table_called}


def _after(law: Ruleset, book: Scorebook) -> State | None:
    """What a phone shows for a tap before the server has answered."""
    if law.counts_every_rally or book.state.is_finished:
        return None
    return {side.value: list(calls(law, book.after_rally(side))) for side in Side}


def _stretch(state: engine.State) -> State:
    return {"stretch": state.stretch, "ending": "AB" if state.decides else state.game_point or ""}


def _word(law: Ruleset, state: engine.State) -> State:
    """The most important announcement besides the score (such as match point), and its side, if any."""
    if state.is_finished:
        return {"word": None, "word_of": None}
    chance = state.set_point if law.sets else state.game_point
    said = {
        "time_out": state.newest and state.newest.kind is EntryKind.TIME_OUT,
        "decides": state.decides,
        "match_point": state.match_point,
        "set_point" if unit(law.sport) == "set" else "game_point": chance,
        "deuce": state.at_deuce,
        "advantage": state.set_games and not state.is_tie_break and min(state.points) > 2,
        "tie_break": state.is_tie_break,
        "expedite": state.is_expedite,
    }
    word, of = next(((word, of) for word, of in said.items() if of), (None, None))
    return {"word": word, "word_of": of if isinstance(of, Side) else None}


def _before_the_next_rally(match: Match, state: engine.State) -> State:
    """What the scorer must check; a pair may choose its order until the first rally of the game."""
    has_just_begun = not state.live or state.live[-1].game_number != state.game_number
    asks_order = match.is_doubles and not state.is_finished and has_just_begun
    ends = {"ends_swapped": state.ends_swapped, "ends_change_due": state.ends_change_due}
    return {**ends, "interval": state.interval, "asks_order": asks_order}


def _undo(match: Match, state: engine.State) -> State | None:
    """What undo would take back: kind, side and its name, and for a rally the resulting score of its game."""
    newest = state.newest
    if newest is None:
        return None
    points = list(calls_before(match.ruleset, state.live[-1])) if newest.kind in COUNTED else None
    deed = written_with(match.log, newest.seq)[0]
    side = newest.side if deed.seq == newest.seq else deed.side
    name = side_name(match.names(side)) if side else ""
    return {"kind": deed.kind, "side": side, "name": name, "points": points}


def _facts(match: Match) -> Facts:
    ended_at = match.ended_at.isoformat() if match.ended_at else None
    is_undo = bool(match.log) and match.log[-1].kind is EntryKind.UNDO
    is_abandoned = match.abandoned_at is not None
    return Facts(
        match.id,
        match.log_length,
        match.table,
        match.table_called,
        ended_at,
        is_abandoned=is_abandoned,
        is_undo=is_undo,
    )


def _wire_names(match: Match) -> tuple[GameType, str, str]:
    return "double" if match.is_doubles else "single", side_name(match.names(Side.A)), side_name(match.names(Side.B))


def result_of(match: Match, today: date) -> State:
    """A finished match as a list row. `days_ago` counts calendar days: 0 for today, 1 for yesterday."""
    ended = moment(match, match.ended_at or match.started_at)
    return {
        "match": match.id,
        "kind": match.kind.value,
        "ended": ended,
        "days_ago": (today - date.fromisoformat(ended["day"])).days,
        "is_pair": match.is_doubles,
        "sport": match.ruleset.sport,
        "games": match.games,
        "is_cut_short": match.is_cut_short,
        "sides": [
            {"name": ", ".join(match.names(side)), "has_won": match.winner is side, "place": place}
            for place, side in enumerate(Side)
        ],
    }


def _tournament(match: Match) -> State | None:
    found = db.session.get(Tournament, match.tournament_id) if match.tournament_id else None
    return {"id": found.id, "name": found.name} if found else None


def moment(match: Match, instant: datetime) -> State:
    """An instant as day and time in the club's time zone."""
    local = instant.astimezone(match.club.organization.zone)
    return {"day": local.date().isoformat(), "clock": f"{local:%H:%M}", "at": local.isoformat(timespec="seconds")}
