"""Who may look at a club."""

from flask import Response, render_template, url_for
from flask_babel import lazy_gettext as _l
from wtforms import RadioField
from wtforms.fields.choices import SelectChoice

from blueprints.club.blueprint import blueprint
from blueprints.club.found import around, club_or_404
from blueprints.forms import Form
from blueprints.guards import person, signed_in
from blueprints.replies import see
from extensions import db
from models.accounts import User
from models.club import Club
from models.errors import NotAllowed

AUDIENCES = [SelectChoice("all", _l("Все, без входа")), SelectChoice("own", _l("Только свои"))]


class SettingsForm(Form):
    audience = RadioField(_l("Кто видит клуб и его партии"), choices=AUDIENCES)


@blueprint.get("/clubs/<int:club_id>/settings")
@signed_in
def settings(club_id: int) -> str:
    club, _ = _managed(club_id)
    return _page(club, SettingsForm(audience="all" if club.is_public else "own"))


@blueprint.post("/clubs/<int:club_id>/settings")
@signed_in
def change_settings(club_id: int) -> Response | tuple[str, int]:
    club, actor = _managed(club_id)
    form = SettingsForm()
    if not form.validate_on_submit():
        return _page(club, form), 422
    club.show_to_all(form.audience.data == "all", actor)
    db.session.commit()
    return see(url_for("club.show", club_id=club_id))


def _managed(club_id: int) -> tuple[Club, User]:
    club, actor = club_or_404(club_id), person()
    if actor is None or not club.may_be_managed_by(actor):
        raise NotAllowed
    return club, actor


def _page(club: Club, form: SettingsForm) -> str:
    return render_template("club/clubs/settings.html", form=form, **around(club))
