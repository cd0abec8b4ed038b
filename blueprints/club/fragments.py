"""The club's live topics, their parts and views."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import cast
from zoneinfo import ZoneInfo

from flask import Flask

from blueprints.club import games, hall, ladder_states, states, tournament_states
from extensions import db
from live.announcement import State
from live.registry import EventView, HtmlView, Ids, Registry, TopicKind
from models.accounts import GuestPass, User
from models.base import utc_now
from models.club import FAREWELL, IN_HALL, Club, Discipline, Match, Scorer, Standing, Tournament, settle
from models.club.lease import HOLDER
from models.club.watching import next_farewell
from rules.midnight import week_after

CLUB_VIEWS = {
    "section": "club/clubs/_live.html",
    "history": "club/clubs/_history.html",
    "tournaments": "club/tournaments/_newest.html",
    "idle": "club/clubs/_idle.html",
    "ranks": "club/ladder/_ranks.html",
    "score": "club/matches/_score.html",
}
HALL_VIEWS = {
    "hall": "club/hall/_tables.html",
    "score": "club/hall/_court.html",
    "history": "club/hall/_results.html",
}
OVERLAY_VIEWS = {"hall": "club/overlay/_tables.html", "score": "club/overlay/_lower.html"}
MATCH_VIEWS = {
    "head": "club/matches/_head.html",
    "score": "club/matches/_score.html",
    "games": "club/matches/_games.html",
    "course": "club/matches/_course.html",
    "game": "club/matches/_game.html",
}
SCORER_VIEWS = {
    "score": "club/scorer/_board.html",
    "holder": "club/scorer/_holder.html",
    "idle": "club/scorer/_idle.html",
}
TOURNAMENT_VIEWS = {
    "play": "club/tournaments/_play.html",
    "results": "club/tournaments/_results.html",
    "now": "club/tournaments/_now.html",
}
TOURNAMENT_HALL_VIEWS = {
    "play": "club/tournaments/hall/_play.html",
    "results": "club/tournaments/hall/_results.html",
    "now": "club/tournaments/_now.html",
}
CLUB_PARTS: dict[str, Callable[[Club, datetime], State]] = {
    "section": states.section_state,
    "hall": hall.hall_state,
    "history": states.history_state,
    "tournaments": tournament_states.tournaments_state,
    "idle": states.quiet_state,
    "ranks": ladder_states.ranks_state,
}
STAYS = {"section": FAREWELL, "hall": IN_HALL}
PARTS_OF_ONE_MATCH = {"score": states.score_state, "winner": states.winner_state}
MATCH_PARTS: dict[str, Callable[[Match, datetime], State]] = {
    "head": lambda match, now: states.head_state(match),
    "score": lambda match, now: states.score_state(match),
    "games": lambda match, now: games.games_state(match),
    "course": lambda match, now: games.course_state(match),
    HOLDER: states.holder_state,
    "idle": states.idle_state,
}


def messages(kind: str, state: State) -> Sequence[tuple[str, State]]:
    """The events of the club's first version: every score is a game_update, every end one game_end.

    The end is a separate part, so that a score corrected after the end does not repeat it.
    """
    if kind == "score":
        return [("game_update", state["wire"])]
    return [("game_end", state["end"])] if kind == "winner" and state["end"] else []


def register(app: Flask) -> None:
    """Adds the club's topics to the application's registry."""
    registry: Registry = app.extensions["registry"]
    registry.add(CLUB)
    registry.add(MATCH)
    registry.add(TOURNAMENT)


def _club(ids: Ids) -> Club:
    return cast(Club, db.session.get(Club, int(ids["club"])))


def _match(ids: Ids) -> Match:
    return cast(Match, db.session.get(Match, int(ids["match"])))


def _may_listen_to_club(person: User | None, view: str, ids: Ids) -> bool:
    club = db.session.get(Club, int(ids["club"]))
    return club is not None and club.may_be_seen_by(person)


def _may_listen_to_match(listener: Scorer | None, view: str, ids: Ids) -> bool:
    """The scorer's view requires permission to tap, even if the match is public."""
    match = db.session.get(Match, int(ids["match"]))
    if match is None or view == "scorer":
        return match is not None and match.may_be_tapped_by(listener)
    return match.club.may_be_seen_by(None if isinstance(listener, GuestPass) else listener)


def _club_parts(ids: Ids) -> list[str]:
    """The section and the hall come first, because the scores are nested in them."""
    club = _club(ids)
    scores = [f"score/{match.id}" for match in db.session.scalars(Match.live_in(club))]
    ladders = [f"ladder/{discipline.code}" for discipline in Standing.disciplines(club)]
    return ["section", "hall", *scores, "history", "tournaments", "idle", "ranks", *ladders]


def _club_part(part: str, ids: Ids) -> State | None:
    club = _club(ids)
    if part in CLUB_PARTS:
        return CLUB_PARTS[part](club, utc_now())
    kind, _, which = part.partition("/")
    if kind == "ladder":
        return ladder_states.ladder_state(club, Discipline.coded(which), utc_now())
    match = db.session.get(Match, int(which))
    return PARTS_OF_ONE_MATCH[kind](match) if match and match.club_id == club.id else None


def _next_change(part: str, ids: Ids, now: datetime) -> datetime | None:
    """When the part next changes by itself.

    Ended matches disappear, idle ones are asked about, at midnight "today" becomes "yesterday", and with each week the
    ratings of those who do not play become less certain.
    """
    club = _club(ids)
    if part == "ranks" or part.startswith("ladder/"):
        return week_after(now, club.organization.zone)
    if part == "idle":
        return Match.next_question(club, now)
    if part in STAYS:
        return next_farewell(club, now, STAYS[part])
    return club.organization.midnight_after(now) if part == "history" and _is_recent(club, now) else None


def _is_recent(club: Club, now: datetime) -> bool:
    """Whether the history may contain "today" or "yesterday"."""
    newest = db.session.scalar(Match.played_in(club).limit(1))
    return newest is not None and newest.ended_at is not None and newest.ended_at > now - timedelta(days=2)


def _match_part(part: str, ids: Ids) -> State | None:
    kind, _, number = part.partition("/")
    if kind == "game":
        return games.game_state(_match(ids), int(number))
    return MATCH_PARTS[kind](_match(ids), utc_now())


def _next_change_of_match(part: str, ids: Ids, now: datetime) -> datetime | None:
    """Renewed leases end later, and activity postpones the question whether they still play."""
    match = _match(ids)
    moments = {HOLDER: match.lease_ends_at, "idle": match.asks_at if match.goes_on else None}
    moment = moments.get(part)
    return moment if moment and moment > now else None


def _tournament(ids: Ids) -> Tournament:
    return cast(Tournament, db.session.get(Tournament, int(ids["tournament"])))


def _may_listen_to_tournament(person: User | None, view: str, ids: Ids) -> bool:
    tournament = db.session.get(Tournament, int(ids["tournament"]))
    return tournament is not None and tournament.club.may_be_seen_by(person)


def _tournament_parts(ids: Ids) -> list[str]:
    """The list of matches comes first, because the scores are nested in it."""
    return ["play", "results", *(f"now/{match.id}" for _, match in _tournament(ids).contest().running)]


def _tournament_part(part: str, ids: Ids) -> State | None:
    tournament = _tournament(ids)
    kind, _, number = part.partition("/")
    if kind == "now":
        match = db.session.get(Match, int(number))
        return tournament_states.now_state(match) if match and match.tournament_id == tournament.id else None
    show = tournament_states.play_state if kind == "play" else tournament_states.results_state
    return show(tournament, tournament.contest())


def _zone_of_tournament(ids: Ids) -> ZoneInfo:
    return _tournament(ids).club.organization.zone


def _zone_of_club(ids: Ids) -> ZoneInfo:
    return _club(ids).organization.zone


def _zone_of_match(ids: Ids) -> ZoneInfo:
    return _match(ids).club.organization.zone


CLUB = TopicKind(
    name="club",
    pattern=r"club/(?P<club>[1-9]\d{0,8})",
    public=True,
    views={
        "page": HtmlView(CLUB_VIEWS),
        "tv": HtmlView(HALL_VIEWS),
        "overlay": HtmlView(OVERLAY_VIEWS),
        "ladder": HtmlView({"ladder": "club/ladder/_ladder.html"}),
        "json": EventView(messages),
    },
    watched_from={"page"},
    may_listen=_may_listen_to_club,
    zone=_zone_of_club,
    prepare=lambda ids: settle(_club(ids)),
    parts=_club_parts,
    load=_club_part,
    next_change=_next_change,
)
MATCH = TopicKind(
    name="match",
    pattern=r"match/(?P<match>[1-9]\d{0,8})",
    public=True,
    views={
        "page": HtmlView(MATCH_VIEWS),
        "overlay": HtmlView(OVERLAY_VIEWS),
        "widget": HtmlView({part: MATCH_VIEWS[part] for part in ("head", "score")}),
        "scorer": HtmlView(SCORER_VIEWS),
    },
    watched_from={"page", "widget"},
    may_listen=_may_listen_to_match,
    zone=_zone_of_match,
    parts=lambda ids: list(MATCH_PARTS),
    load=_match_part,
    next_change=_next_change_of_match,
)
TOURNAMENT = TopicKind(
    name="tournament",
    pattern=r"tournament/(?P<tournament>[1-9]\d{0,8})",
    public=True,
    views={"page": HtmlView(TOURNAMENT_VIEWS), "tv": HtmlView(TOURNAMENT_HALL_VIEWS)},
    may_listen=_may_listen_to_tournament,
    zone=_zone_of_tournament,
    parts=_tournament_parts,
    load=_tournament_part,
)
