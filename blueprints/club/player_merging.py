"""Merging two records of one player, and undoing it."""

from flask import Response, abort, flash, render_template, url_for
from flask_babel import gettext as _

from blueprints.club.blueprint import blueprint
from blueprints.club.found import around, own_player_or_404
from blueprints.club.player_forms import MergeForm
from blueprints.club.tap import scorer
from blueprints.guards import person, signed_in
from blueprints.replies import see
from extensions import db
from models.base import utc_now
from models.club import Player, PlayerDeed, merge_players, part_players
from models.errors import Conflict, NotAllowed


@blueprint.get("/players/<int:player_id>/merging")
@signed_in
def choose_same_player(player_id: int) -> str:
    player = _managed_player(player_id)
    return _merge_page(player, _merge_form(player))


@blueprint.post("/players/<int:player_id>/merging")
@signed_in
def merge_player(player_id: int) -> Response | tuple[str, int]:
    """The chosen record is merged into this player."""
    player = _managed_player(player_id)
    form = _merge_form(player)
    if form.validate():
        with form.conflicts():
            merge_players(player, db.session.get_one(Player, form.other.data), scorer(), utc_now())
            db.session.commit()
            flash(_("Теперь это один игрок."), "done")
            return see(url_for("club.edit_player", player_id=player_id))
    return _merge_page(player, form), 422


@blueprint.post("/players/<int:player_id>/partings/<int:number>")
@signed_in
def part_player(player_id: int, number: int) -> Response:
    """Undoes the merge with this number."""
    player = _managed_player(player_id)
    deed = db.session.get(PlayerDeed, number)
    if deed is None or deed.player_id != player.id:
        abort(404)
    try:
        part_players(deed, scorer(), utc_now())
        db.session.commit()
        flash(_("Снова два игрока."), "done")
    except Conflict:
        db.session.rollback()
        flash(_("Это имя теперь у другого игрока. Сначала переименуйте его."), "conflict")
    return see(url_for("club.edit_player", player_id=player_id))


def _managed_player(player_id: int) -> Player:
    player = own_player_or_404(player_id)
    if not player.club.may_be_managed_by(person()):
        raise NotAllowed
    return player


def _merge_form(player: Player) -> MergeForm:
    form = MergeForm()
    others = db.session.scalars(Player.of(player.club_id).where(Player.id != player.id))
    form.other.choices = [(other.id, other.name) for other in others]
    return form


def _merge_page(player: Player, form: MergeForm) -> str:
    return render_template("club/players/merge.html", form=form, player=player, **around(player.club))
