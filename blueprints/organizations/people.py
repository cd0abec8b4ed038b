"""The people of an organization: their roles, their places and their accounts."""

from collections.abc import Callable

from flask import Response, abort, render_template, url_for
from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectField
from wtforms.fields.choices import SelectChoice

from blueprints.forms import Form
from blueprints.guards import own_membership, requires
from blueprints.organizations.blueprint import blueprint
from blueprints.replies import see
from extensions import db
from models.accounts import BelongsElsewhere, LastOwner, Membership, Right, Role
from models.base import utc_now

MEMBER = "/people/<int:number>"

ROLES = {
    Role.OWNER: _l("владелец"),
    Role.ADMINISTRATOR: _l("администратор"),
    Role.RECEPTIONIST: _l("регистратор"),
    Role.PRACTITIONER: _l("врач"),
    Role.SCORER: _l("судья на счёте"),
    Role.MEMBER: _l("член клуба"),
}
REASONS = {
    LastOwner: _l("Это единственный владелец. Сначала сделайте владельцем кого-нибудь ещё."),
    BelongsElsewhere: _l(
        "Этот человек работает и в другой организации. Закрыть ему вход нельзя, но можно убрать его из вашей."
    ),
}

Answer = Response | tuple[str, int]


class RoleForm(Form):
    role = SelectField(choices=[SelectChoice(role.value, name) for role, name in ROLES.items()])


class EntryForm(Form):
    entry = RadioField(choices=[SelectChoice("open"), SelectChoice("closed")])


@blueprint.get("/people")
@requires(Right.MANAGE_PEOPLE)
def people() -> str:
    return _page()


@blueprint.post(f"{MEMBER}/role")
@requires(Right.MANAGE_PEOPLE)
def give_role(number: int) -> Answer:
    form, member = RoleForm(), _member(number)
    if not form.validate_on_submit():
        return _page(form.role.errors[0]), 422
    return _changed(lambda: member.give_role(Role(form.role.data), own_membership()))


@blueprint.post(f"{MEMBER}/removal")
@requires(Right.MANAGE_PEOPLE)
def remove(number: int) -> Answer:
    member = _member(number)
    return _changed(lambda: member.remove(own_membership()))


@blueprint.post(f"{MEMBER}/entry")
@requires(Right.MANAGE_PEOPLE)
def open_or_close_entry(number: int) -> Answer:
    """Whether the person may sign in at all."""
    form, member = EntryForm(), _member(number)
    if not form.validate_on_submit():
        return _page(form.entry.errors[0]), 422
    if form.entry.data == "open":
        return _changed(lambda: member.enable_account(own_membership()))
    return _changed(lambda: member.disable_account(own_membership(), utc_now()))


def _member(number: int) -> Membership:
    member = db.session.get(Membership, number)
    if member is None or member.organization_id != own_membership().organization_id:
        abort(404)
    return member


def _changed(change: Callable[[], None]) -> Answer:
    try:
        change()
        db.session.commit()
    except (LastOwner, BelongsElsewhere) as refusal:
        db.session.rollback()
        return _page(str(REASONS[type(refusal)])), 422
    return see(url_for("organizations.people"))


def _page(refusal: str = "") -> str:
    own = own_membership()
    members = db.session.scalars(Membership.of_organization(own.organization_id)).all()
    return render_template("organizations/people.html", members=members, own=own, roles=ROLES, refusal=refusal)
