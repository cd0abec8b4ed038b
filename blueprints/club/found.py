"""Clubs, matches and players as an address names them, for those who may see them."""

from typing import Any, TypeVar

from flask import abort, url_for

from blueprints.club.sections import sections_of_club
from blueprints.errors import SignedOut
from blueprints.guards import membership, person
from extensions import db
from models.accounts import GuestPass
from models.base import utc_now
from models.club import Club, Match, MayNotScore, Player, Tournament, settle
from models.errors import NotAllowed

LONGEST_NUMBER = 9
OfClub = TypeVar("OfClub", Tournament, Player)


def club_or_404(club_id: int) -> Club:
    """404 for no such club or a private one; who is not signed in may yet turn out to be a member: SignedOut."""
    club = db.session.get(Club, club_id)
    if club is None:
        abort(404)
    _show_only_to_its_people(club)
    return club


def managed_club(club_id: int) -> Club:
    """A club for whoever manages it, else as club_or_404; raises NotAllowed."""
    club, actor = club_or_404(club_id), person()
    if actor is None or not club.may_be_managed_by(actor):
        raise NotAllowed
    return club


def match_or_404(match_id: int, guest: GuestPass | None = None) -> Match:
    """A match of a club that may be seen, or to which the guest has a pass; else as club_or_404."""
    return _shown(db.session.get(Match, match_id), guest)


def held_match_or_404(match_id: int, guest: GuestPass | None = None) -> Match:
    """As match_or_404; nobody else changes the match until the commit."""
    return _shown(Match.held(match_id), guest)


def tournament_or_404(tournament_id: int) -> Tournament:
    """A tournament of a club that may be seen, else as club_or_404."""
    return _of_a_club(db.session.get(Tournament, tournament_id))


def own_tournament(tournament_id: int) -> Tournament:
    """A tournament for whoever may run it, else as tournament_or_404; raises MayNotScore."""
    found = tournament_or_404(tournament_id)
    if not found.club.may_be_scored_by(person()):
        raise MayNotScore
    return found


def player_or_404(player_id: int) -> Player:
    """A player of a club that may be seen, else as club_or_404; also one who turned out to be another."""
    return _of_a_club(db.session.get(Player, player_id))


def own_player_or_404(player_id: int) -> Player:
    """One of whom something may be written; of who turned out to be another nothing is."""
    found = player_or_404(player_id)
    if found.merged_into_id:
        abort(404)
    return found


def settled(club: Club) -> Club:
    """The club once what has ended is counted into its players' figures."""
    while settle(club):
        db.session.commit()
    return club


def record_number(typed: str) -> int:
    """A number from a query string that a database column can hold; raises ValueError."""
    if not typed.isascii() or not typed.isdigit() or len(typed) > LONGEST_NUMBER:
        raise ValueError(typed)
    return int(typed)


def around(club: Club) -> dict[str, Any]:
    """What every page of a club is drawn with: its name in the bar and its wall clock, also for strangers.

    Who works elsewhere, or nowhere, finds the club's own sections above it and not those of their workplace.
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
    return match


def _show_only_to_its_people(club: Club) -> None:
    if not club.may_be_seen_by(person()):
        if person() is None:
            raise SignedOut
        abort(404)
