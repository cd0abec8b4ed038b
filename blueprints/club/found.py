"""Loading the clubs, matches and players that addresses refer to, with permission checks."""

from time import sleep
from typing import Any, TypeVar

from flask import abort, g, url_for

from blueprints.club.sections import sections_of_club
from blueprints.errors import SignedOut
from blueprints.guards import membership, person
from extensions import db
from models.accounts import GuestPass
from models.base import utc_now
from models.club import Club, Match, MayNotScore, Player, Tournament, settle
from models.errors import NotAllowed

LONGEST_NUMBER = 9
PAUSE = 0.01
OfClub = TypeVar("OfClub", Tournament, Player)


def club_or_404(club_id: int) -> Club:
    """404 for an unknown or private club; SignedOut for anonymous visitors, who might be members."""
    club = db.session.get(Club, club_id)
    if club is None:
        abort(404)
    _show_only_to_its_people(club)
    return club


def managed_club(club_id: int) -> Club:
    """A club managed by the user, else as club_or_404; raises NotAllowed."""
    club, actor = club_or_404(club_id), person()
    if actor is None or not club.may_be_managed_by(actor):
        raise NotAllowed
    return club


def match_or_404(match_id: int, guest: GuestPass | None = None) -> Match:
    """A match of a visible club, or one to which the guest has a pass; else as club_or_404."""
    return _shown(db.session.get(Match, match_id), guest)


def held_match_or_404(match_id: int, guest: GuestPass | None = None) -> Match:
    """As match_or_404; the match is locked until the commit."""
    return _shown(Match.held(match_id), guest)


def scored(match: Match) -> Match:
    """The match, if the signed-in person may score it; raises MayNotScore."""
    if not match.may_be_scored_by(person()):
        raise MayNotScore
    return match


def tournament_or_404(tournament_id: int) -> Tournament:
    """A tournament of a visible club, else as club_or_404."""
    return _of_a_club(db.session.get(Tournament, tournament_id))


def own_tournament(tournament_id: int) -> Tournament:
    """A tournament that the user may run, else as tournament_or_404; raises MayNotScore."""
    found = tournament_or_404(tournament_id)
    if not found.club.may_be_scored_by(person()):
        raise MayNotScore
    return found


def player_or_404(player_id: int) -> Player:
    """A player of a visible club, else as club_or_404; including players merged into another."""
    return _of_a_club(db.session.get(Player, player_id))


def own_player_or_404(player_id: int) -> Player:
    """A player who can be edited, i.e. not merged into another."""
    found = player_or_404(player_id)
    if found.merged_into_id:
        abort(404)
    return found


def settled(club: Club) -> Club:
    """The club, after ended matches have been counted into its players' figures."""
    while settle(club):
        db.session.commit()
        # After an import there are many batches, and streams and taps must not wait for all of them.
        sleep(PAUSE)
    return club


def record_number(typed: str) -> int:
    """The id in a query string, if a database column can hold it; raises ValueError."""
    if not typed.isascii() or not typed.isdigit() or len(typed) > LONGEST_NUMBER:
        raise ValueError(typed)
    return int(typed)


def around(club: Club) -> dict[str, Any]:
    """The template context of every page of a club: its name in the bar and its local time, for strangers too.

    Users who belong elsewhere, or nowhere, see this club's navigation instead of that of their own organization.
    """
    own = membership()
    clock = f"{utc_now().astimezone(club.organization.zone):%H:%M}"
    home = url_for("club.show", club_id=club.id)
    values = {"club": club, "organization": club.organization, "rendered_clock": clock, "home_url": home}
    if own is None or own.organization_id != club.organization_id:
        values |= {"sections": sections_of_club(club), "search_url": None}
    return values


def _of_a_club(found: OfClub | None) -> OfClub:
    if found is None:
        abort(404)
    _show_only_to_its_people(found.club)
    return found


def _shown(match: Match | None, guest: GuestPass | None) -> Match:
    if match is None:
        abort(404)
    if guest is None or not match.may_be_tapped_by(guest):
        _show_only_to_its_people(match.club)
    g.club_language = match.club.organization.language
    return match


def _show_only_to_its_people(club: Club) -> None:
    if not club.may_be_seen_by(person()):
        if person() is None:
            raise SignedOut
        abort(404)
    g.club_language = club.organization.language
