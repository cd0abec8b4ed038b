"""Which of their organizations a person works in now."""

from flask import abort, redirect, request, session, url_for
from werkzeug.wrappers import Response as Answer

from blueprints.guards import person, signed_in
from blueprints.organizations.blueprint import blueprint
from models.accounts import Membership


@blueprint.post("/organization")
@signed_in
def choose() -> Answer:
    """Another organization's number is a 404, as everything of theirs is."""
    chosen = Membership.in_organization(person(), request.form.get("organization", 0, int))
    if chosen is None:
        abort(404)
    session["organization"] = chosen.organization_id
    return redirect(url_for("accounts.home"), 303)
