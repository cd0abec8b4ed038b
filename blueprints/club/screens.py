"""Where to watch a club: the hall's screen, the overlay with its options, widgets, the API."""

from flask import Response, make_response, render_template
from flask_babel import gettext as _

from blueprints.club.blueprint import blueprint
from blueprints.club.found import around, club_or_404
from blueprints.club.overlay_form import OverlayForm
from blueprints.club.table_choice import tables_ever
from blueprints.guards import public


@blueprint.get("/clubs/<int:club_id>/screens")
@public
def screens(club_id: int) -> Response:
    """The addresses to be copied, the overlay's with its options; 422 if these are invalid."""
    club, form = club_or_404(club_id), OverlayForm()
    form.table.offer(tables_ever(club, _("Любой: где играют дольше всех")))
    status = 200 if form.validate() else 422
    return make_response(render_template("club/screens/page.html", form=form, **around(club)), status)
