"""The public API: matches with their logs as JSON, and the event stream in the format of the club's first version.

Fields may be added within this version, but not renamed or removed. Times are ISO 8601 in UTC; a side is A or B.
"""

from flask import Response, abort, jsonify, request, url_for

from blueprints.club.blueprint import blueprint
from blueprints.club.found import record_number
from blueprints.club.told import told_log, told_match
from blueprints.errors import API
from blueprints.guards import person, public
from blueprints.live import subscribe
from extensions import db
from models.club import Club, Match
from models.live_topic import topic_version
from rules.scoring.match_json import VERSION

MATCHES_AT_ONCE = 50
ANY_ORIGIN = {"Access-Control-Allow-Origin": "*", "Access-Control-Expose-Headers": "ETag"}
PREFLIGHT = {
    **ANY_ORIGIN,
    "Access-Control-Allow-Methods": "GET",
    "Access-Control-Allow-Headers": "If-None-Match, Last-Event-ID",
    "Access-Control-Max-Age": "86400",
}


@blueprint.get("/api/clubs/<int:club_id>/events")
@public
def events(club_id: int) -> Response:
    """`game_update` and `game_end` events; clients without Last-Event-ID first get one per live match."""
    answer = subscribe(f"club/{club_id}", "json")
    if not request.cookies:  # as a browser asks for a page of another origin, which is then told what anybody is
        answer.headers.update(ANY_ORIGIN)
    return answer


@blueprint.after_app_request
def let_any_page_read(answer: Response) -> Response:
    """Preflights and refusals tell nothing of a club, so that pages of any origin may read them."""
    if request.path.startswith(API) and (request.method == "OPTIONS" or answer.status_code >= 400):
        answer.headers.update(PREFLIGHT if request.method == "OPTIONS" else ANY_ORIGIN)
    return answer


@blueprint.get("/api/clubs/<int:club_id>/matches")
@public
def matches(club_id: int) -> Response:
    """The most recently begun first; `older` is the address of the next page, or null."""
    club = db.session.get(Club, club_id)
    if club is None or not club.may_be_seen_by(person()):
        abort(404)
    known = topic_version(club.topic)
    begun = list(db.session.scalars(Match.begun_in(club, before=_before()).limit(MATCHES_AT_ONCE + 1)))
    told, is_more = begun[:MATCHES_AT_ONCE], len(begun) > MATCHES_AT_ONCE
    older = url_for("club.matches", club_id=club.id, before=told[-1].id) if is_more else None
    return _told(club, known, matches=[told_match(each) for each in told], older=older)


@blueprint.get("/api/matches/<int:match_id>")
@public
def match_and_log(match_id: int) -> Response:
    """The match with every entry of its log, from which the rules compute the same score."""
    found = db.session.get(Match, match_id)
    if found is None or not found.club.may_be_seen_by(person()):
        abort(404)
    known = topic_version(found.topic)
    return _told(found.club, known, match=told_match(found), log=told_log(found))


def _before() -> int | None:
    return request.args.get("before", type=record_number)


def _told(club: Club, known: int | str, **content: object) -> Response:
    """304 for clients that have it already; readable by pages of any origin if the club is public."""
    answer = jsonify(version=VERSION, **content)
    answer.set_etag(f"{VERSION}-{known}")
    if club.is_public:
        answer.headers.update(ANY_ORIGIN)
    answer.make_conditional(request)
    return answer
