"""Who may see a club."""

from flask import Response, flash, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import RadioField
from wtforms.fields.choices import SelectChoice

from blueprints.club.blueprint import blueprint
from blueprints.club.found import around, managed_club
from blueprints.club.tap import scorer
from blueprints.forms import Form
from blueprints.guards import signed_in
from blueprints.replies import see
from extensions import db
from models.club import Club

AUDIENCES = [SelectChoice("all", _l("Все, без входа")), SelectChoice("own", _l("Только свои"))]


class SettingsForm(Form):
    audience = RadioField(_l("Кто видит клуб и его партии"), choices=AUDIENCES)


@blueprint.get("/clubs/<int:club_id>/settings")
@signed_in
def settings(club_id: int) -> str:
    club = managed_club(club_id)
    return _page(club, SettingsForm(audience="all" if club.is_public else "own"))


@blueprint.post("/clubs/<int:club_id>/settings")
@signed_in
def change_settings(club_id: int) -> Response | tuple[str, int]:
    club = managed_club(club_id)
    form = SettingsForm()
    if not form.validate_on_submit():
        return _page(club, form), 422
    club.show_to_all(form.audience.data == "all", scorer())
    db.session.commit()
    flash(_("Сохранено."), "done")
    return see(url_for("club.show", club_id=club_id))


def _page(club: Club, form: SettingsForm) -> str:
    return render_template("club/clubs/settings.html", form=form, **around(club))
