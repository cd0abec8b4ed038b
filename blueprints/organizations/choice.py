"""Choosing which of their organizations a person works in."""

from flask import abort, redirect, request, session, url_for
from werkzeug.wrappers import Response as Answer

from blueprints.guards import places, signed_in
from blueprints.organizations.blueprint import blueprint


@blueprint.post("/organization")
@signed_in
def choose() -> Answer:
    """An organization the person does not belong to is a 404."""
    own = {str(place.organization_id) for place in places()}
    chosen = request.form.get("organization")
    if chosen not in own:
        abort(404)
    session["organization"] = int(chosen)
    return redirect(url_for("accounts.home"), 303)
