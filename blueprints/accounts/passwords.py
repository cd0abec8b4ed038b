"""Choosing a password: through a one-time link, or in place of the present one."""

from flask import Response, current_app, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import login_user
from werkzeug.wrappers import Response as Answer

from blueprints.accounts.blueprint import blueprint
from blueprints.accounts.forms import ChangePasswordForm, PasswordForm
from blueprints.errors import LINK_ENDED, answer
from blueprints.guards import own_sign_in, person, public, signed_in
from extensions import db, limiter
from models.accounts import PasswordLink, SignIn
from models.base import utc_now

LINK = "/password/<code>"


@blueprint.get(LINK)
@public
def choose_password(code: str) -> Response | str:
    link = PasswordLink.with_code(code, utc_now())
    return _link_page(link, PasswordForm()) if link else answer(LINK_ENDED)


@blueprint.post(LINK)
@public
def set_password(code: str) -> Answer | tuple[str, int]:
    """Signs in whoever chose the password, instead of anybody signed in in this browser."""
    form, link = PasswordForm(), PasswordLink.with_code(code, utc_now())
    if link is None:
        return answer(LINK_ENDED)
    if not form.validate_on_submit():
        return _link_page(link, form), 422
    user = PasswordLink.use(code, form.password.data, utc_now())
    own = SignIn.begin(user, utc_now(), instead_of=own_sign_in())
    db.session.commit()
    login_user(own)
    return redirect(url_for("accounts.home"), 303)


@blueprint.get("/password")
@signed_in
def own_password() -> str:
    return _own_page(ChangePasswordForm())


@blueprint.post("/password")
@limiter.limit(lambda: current_app.config["SIGN_IN_LIMIT"])
@signed_in
def change_password() -> Answer | tuple[str, int]:
    form, own = ChangePasswordForm(), own_sign_in()
    if own and form.validate_on_submit():
        if own.change_password(form.current.data, form.password.data, utc_now()):
            PasswordLink.revoke(own.user)
            db.session.commit()
            flash(_("Пароль изменён. В других браузерах вы вышли."), "done")
            return redirect(url_for("accounts.own_password"), 303)
        form.current.errors = [_("Пароль не подходит.")]
    return _own_page(form), 422


def _link_page(link: PasswordLink, form: PasswordForm) -> str:
    greeting = _("Новый пароль") if link.user.has_password else _("Добро пожаловать")
    return render_template("accounts/password.html", form=form, user=link.user, greeting=greeting)


def _own_page(form: ChangePasswordForm) -> str:
    values = {"form": form, "user": person(), "greeting": _("Новый пароль")}
    return render_template("accounts/password.html", **values)
