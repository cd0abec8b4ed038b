"""Which of their organizations a person works in now."""

from typing import cast

from flask import abort, redirect, request, session, url_for
from werkzeug.wrappers import Response as Answer

from blueprints.guards import person, signed_in
from blueprints.organizations.blueprint import blueprint
from models.accounts import Membership, User


@blueprint.post("/organization")
@signed_in
def choose() -> Answer:
    """Another organization's number is a 404, as everything of theirs is."""
    own = {str(place.organization_id) for place in Membership.all_of(cast(User, person()))}
    chosen = request.form.get("organization")
    if chosen not in own:
        abort(404)
    session["organization"] = int(chosen)
    return redirect(url_for("accounts.home"), 303)
