"""What of the club is live: two kinds of topics, their parts and their views."""

from collections.abc import Mapping, Sequence
from typing import cast
from zoneinfo import ZoneInfo

from flask import Flask

from blueprints.club import states
from extensions import db
from live.announcement import State
from live.registry import EventView, HtmlView, Registry, TopicKind, kind_of_part
from models.accounts import User
from models.club import Club, Match

Ids = Mapping[str, str]

CLUB_VIEWS = {
    "section": "club/clubs/_live.html",
    "history": "club/clubs/_history.html",
    "score": "club/matches/_score.html",
}
MATCH_VIEWS = {
    "head": "club/matches/_head.html",
    "score": "club/matches/_score.html",
    "course": "club/matches/_course.html",
}
MATCH_PARTS = {"head": states.head_state, "score": states.score_state, "course": states.course_state}


def messages(kind: str, state: State) -> Sequence[tuple[str, State]]:
    """The named events of the club's first version: every score is a game_update, a final one a game_end too."""
    if kind != "score":
        return []
    wire = state["wire"]
    end = [("game_end", wire["end"])] if wire["end"] else []
    return [("game_update", wire["update"]), *end]


def register(app: Flask) -> None:
    """Adds the club's topics to the application's registry."""
    registry: Registry = app.extensions["registry"]
    registry.add(CLUB)
    registry.add(MATCH)


def _club(ids: Ids) -> Club:
    return cast(Club, db.session.get(Club, int(ids["club"])))


def _match(ids: Ids) -> Match:
    return cast(Match, db.session.get(Match, int(ids["match"])))


def _may_listen_to_club(person: User | None, view: str, ids: Ids) -> bool:
    club = db.session.get(Club, int(ids["club"]))
    return club is not None and club.may_be_seen_by(person)


def _may_listen_to_match(person: User | None, view: str, ids: Ids) -> bool:
    match = db.session.get(Match, int(ids["match"]))
    return match is not None and match.club.may_be_seen_by(person)


def _club_parts(ids: Ids) -> list[str]:
    """The section comes first: the scores stand in it."""
    live = db.session.scalars(Match.live_in(_club(ids)))
    return ["section", *(f"score/{match.id}" for match in live), "history"]


def _club_part(part: str, ids: Ids) -> State | None:
    club = _club(ids)
    if part == "section":
        return states.section_state(club)
    if part == "history":
        return states.history_state(club)
    match = db.session.get(Match, int(part.partition("/")[2]))
    return states.score_state(match) if match and match.club_id == club.id else None


def _match_part(part: str, ids: Ids) -> State | None:
    return MATCH_PARTS[kind_of_part(part)](_match(ids))


def _zone_of_club(ids: Ids) -> ZoneInfo:
    return _club(ids).organization.zone


def _zone_of_match(ids: Ids) -> ZoneInfo:
    return _match(ids).club.organization.zone


CLUB = TopicKind(
    name="club",
    pattern=r"club/(?P<club>\d{1,9})",
    public=True,
    views={"page": HtmlView(CLUB_VIEWS), "json": EventView(messages)},
    may_listen=_may_listen_to_club,
    zone=_zone_of_club,
    parts=_club_parts,
    load=_club_part,
)
MATCH = TopicKind(
    name="match",
    pattern=r"match/(?P<match>\d{1,9})",
    public=True,
    views={"page": HtmlView(MATCH_VIEWS), "scorer": HtmlView({"score": "club/scorer/_board.html"})},
    may_listen=_may_listen_to_match,
    zone=_zone_of_match,
    parts=lambda ids: list(MATCH_PARTS),
    load=_match_part,
)
