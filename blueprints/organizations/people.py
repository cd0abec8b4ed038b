"""The members of an organization: their roles, memberships and accounts."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from flask import Response, abort, render_template, session, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import ValidationError

from blueprints.forms import Form
from blueprints.guards import own_membership, requires
from blueprints.organizations.blueprint import blueprint
from blueprints.replies import see
from blueprints.text_rules import at_most, named, printable, single_spaced
from extensions import db
from models.accounts import BelongsElsewhere, LastOwner, Membership, Right, Role
from models.base import utc_now
from rules.mail_address import is_mail_address

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
        "Этот человек работает и в другой организации. Закрыть ему вход или дать новый пароль нельзя, но можно убрать"
        " его из вашей."
    ),
}

Answer = Response | tuple[str, int]


class RoleForm(Form):
    role = SelectField(_l("Роль"), choices=[SelectChoice(role.value, name) for role, name in ROLES.items()])


class InvitationForm(RoleForm):
    name = StringField(
        _l("Имя и фамилия"), [named(_l("Введите имя и фамилию.")), at_most(100), printable], filters=[single_spaced]
    )
    email = StringField(_l("Электронная почта"), [printable])

    def __init__(self, own: Membership) -> None:
        super().__init__(role=(Role.RECEPTIONIST if own.organization.has_clinic else Role.SCORER).value)
        self.role.choices = [SelectChoice(role.value, ROLES[role]) for role in own.roles_to_give()]

    def validate_email(self, field: StringField) -> None:
        if not is_mail_address(field.data or ""):
            raise ValidationError(_("Введите почту, например имя@почта.kz."))

    @contextmanager
    def conflicts(self) -> Iterator[None]:
        """Also explains that the person belongs elsewhere."""
        try:
            with super().conflicts():
                yield
        except BelongsElsewhere:
            db.session.rollback()
            self.email.errors = [_("С этой почтой уже входят в другую организацию. Укажите другую почту.")]

    def explain(self, field: str) -> None:
        self.email.errors = [_("Этот человек уже есть в списке.")]


class EntryForm(Form):
    entry = RadioField(choices=[SelectChoice("open"), SelectChoice("closed")])


@blueprint.get("/people")
@requires(Right.MANAGE_PEOPLE)
def people() -> str:
    return _page()


@blueprint.post("/people")
@requires(Right.MANAGE_PEOPLE)
def invite() -> Answer:
    """Adds a person; the next page shows the link by which they choose a password."""
    own = own_membership()
    form = InvitationForm(own)
    if form.validate_on_submit():
        with form.conflicts():
            member = own.invite(form.email.data, form.name.data, Role(form.role.data), utc_now())
            _show_link(member, member.open_password_link(own, utc_now()))
            db.session.commit()
            return see(url_for("organizations.people"))
    return _page(invitation=form), 422


@blueprint.post(f"{MEMBER}/password-link")
@requires(Right.MANAGE_PEOPLE)
def open_password_link(number: int) -> Answer:
    member = _member(number)
    return _changed(lambda: _show_link(member, member.open_password_link(own_membership(), utc_now())))


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
    """Enables or disables the member's account."""
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


def _show_link(member: Membership, code: str) -> None:
    """Keeps the code for the page after the redirect: the database cannot show it again."""
    session["password_link"] = [member.id, url_for("accounts.choose_password", code=code, _external=True)]


def _page(refusal: str = "", invitation: InvitationForm | None = None) -> str:
    own = own_membership()
    return render_template(
        "organizations/people.html",
        members=db.session.scalars(Membership.of_organization(own.organization_id)).all(),
        own=own,
        roles=ROLES,
        refusal=refusal,
        form=invitation or InvitationForm(own),
        link=session.pop("password_link", None),
    )
