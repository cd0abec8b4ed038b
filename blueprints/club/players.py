"""The players of a club: the list and their records."""

from dataclasses import dataclass

from flask import Response, abort, flash, render_template, request, url_for
from flask_babel import gettext as _

from blueprints.club.blueprint import blueprint
from blueprints.club.found import around, club_or_404, own_player_or_404, record_number
from blueprints.club.player_choice import Offers
from blueprints.club.player_forms import NOBODY, OwnedPlayerForm, PlayerForm
from blueprints.club.player_past import lines_of
from blueprints.club.tap import scorer
from blueprints.guards import person, public, signed_in
from blueprints.replies import page, see
from extensions import db
from models.base import utc_now
from models.club import Club, MayNotScore, Player
from models.errors import NotAllowed

PLACES = ("a1", "a2", "b1", "b2")
PER_PAGE = 100


@dataclass(frozen=True)
class Listing:
    """One page of players; next: the address of the following one, or none."""

    typed: str
    players: list[Player]
    next: str | None


@blueprint.get("/clubs/<int:club_id>/players")
@public
def players(club_id: int) -> Response:
    """All players, or those matching `q`; hidden ones only for scorers."""
    club = club_or_404(club_id)
    may_keep = club.may_be_scored_by(person())
    whole, part = "club/players/list.html", "club/players/_list.html"
    return page(whole, part, listing=_listing(club, may_keep), may_keep=may_keep, **around(club))


@blueprint.get("/clubs/<int:club_id>/players/found")
@signed_in
def find_players(club_id: int) -> str:
    """Search results for a place of the form of a new match."""
    club, place = club_or_404(club_id), request.args.get("place", "")
    if place not in PLACES:
        abort(404)
    if not club.may_be_played_by(person()):
        raise MayNotScore
    typed = " ".join(request.args.get(f"{place}_name", "").split())
    return render_template("club/players/_found.html", choice=Offers(club).choice(place, typed))


@blueprint.get("/clubs/<int:club_id>/players/new")
@signed_in
def new_player(club_id: int) -> str:
    return _form_page(_kept(club_or_404(club_id)), PlayerForm())


@blueprint.post("/clubs/<int:club_id>/players/new")
@signed_in
def enrol_player(club_id: int) -> Response | tuple[str, int]:
    club, form = _kept(club_or_404(club_id)), PlayerForm()
    if form.validate():
        with form.conflicts():
            player = Player.enrol(club.id, form.name.data)
            db.session.commit()
            return see(url_for("club.player", player_id=player.id))
    return _form_page(club, form), 422


@blueprint.get("/players/<int:player_id>/details")
@signed_in
def edit_player(player_id: int) -> str:
    player = own_player_or_404(player_id)
    return _form_page(_kept(player.club), _form_of(player), player)


@blueprint.post("/players/<int:player_id>/details")
@signed_in
def revise_player(player_id: int) -> Response | tuple[str, int]:
    """Renames, hides or unhides the player, and lets managers set the account."""
    player = own_player_or_404(player_id)
    club, form = _kept(player.club), _form_of(player)
    if form.validate():
        with form.conflicts():
            player.revise(form.name.data, not form.is_offered.data, scorer(), utc_now())
            if isinstance(form, OwnedPlayerForm):
                player.sign_in_with(form.user_id.data or None)
            db.session.commit()
            flash(_("Сохранено."), "done")
            return see(url_for("club.player", player_id=player_id))
    return _form_page(club, form, player), 422


def _listing(club: Club, may_keep: bool) -> Listing:
    typed = request.args.get("q", "").strip()
    chosen = Player.matching(club.id, typed) if typed or not may_keep else Player.of(club.id)
    found = Player.page(chosen, request.args.get("after", type=record_number), PER_PAGE + 1)
    shown, is_more = found[:PER_PAGE], len(found) > PER_PAGE
    following = url_for("club.players", club_id=club.id, q=typed or None, after=shown[-1].id) if is_more else None
    return Listing(typed, shown, following)


def _kept(club: Club) -> Club:
    """The club, if the user may edit its list of players."""
    if not club.may_be_scored_by(person()):
        raise NotAllowed
    return club


def _form_of(player: Player) -> PlayerForm:
    """The form with the current values; the account only for managers."""
    written = {"name": player.name, "is_offered": not player.is_hidden}
    if not player.club.may_be_managed_by(person()):
        return PlayerForm(**written)
    return OwnedPlayerForm(player.club, **written, user_id=player.user_id or NOBODY)


def _form_page(club: Club, form: PlayerForm, player: Player | None = None) -> str:
    may_manage = club.may_be_managed_by(person())
    past = lines_of(player) if player and may_manage else []
    shown = {"form": form, "player": player, "may_manage": may_manage, "past": past}
    return render_template("club/players/form.html", **shown, **around(club))
