"""Signing in and out."""

import hmac
import re

from flask import current_app, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from flask_login import login_user, logout_user
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as Answer

from blueprints.accounts.blueprint import blueprint
from blueprints.accounts.forms import SignInForm
from blueprints.errors import NO_ORGANIZATION, answer
from blueprints.guards import own_membership, own_sign_in, person, public, signed_in
from blueprints.navigation import sections_of
from extensions import db, limiter
from models.accounts import Language, SignIn, User
from models.base import utc_now

# Wrong passwords for one account, from all addresses and unknown browsers together.
GUESSES = "20 per minute"
KNOWN, KNOWN_AT_MOST = "known", 10
# Browsers treat a backslash as a slash and drop tabs and line breaks, so "/<tab>/elsewhere" is another host.
OWN_PATH = re.compile(r"/(?![/\\])[^\x00-\x1f\x7f\\]*")


@blueprint.get("/")
@signed_in
def home() -> Answer:
    """Redirects to the first section of the member's navigation."""
    sections = sections_of(own_membership())
    return redirect(sections[0].url, 303) if sections else answer(NO_ORGANIZATION)


@blueprint.get("/sign-in")
@public
def sign_in() -> str:
    return _sign_in_page(SignInForm())


def _account() -> str:
    """The typed account for counting: neither Redis nor a cookie holds an e-mail."""
    try:
        email = request.form.get("email", "").strip().lower()
    except HTTPException:
        email = ""  # the view refuses the body; the limiter would take the error for an absence of its Redis
    key = current_app.config["SECRET_KEY"].encode()
    return hmac.new(key, f"sign-in {email}".encode(), "sha256").hexdigest()


def _is_known_here() -> bool:
    """Whether this account was signed in to in this browser, so that strangers cannot keep its owner out."""
    return _account() in session.get(KNOWN, ())


@blueprint.post("/sign-in")
@limiter.limit(lambda: current_app.config["SIGN_IN_LIMIT"])
@limiter.limit(
    GUESSES,
    key_func=_account,
    exempt_when=_is_known_here,
    deduct_when=lambda answer: answer.status_code == 422,
)
@public
def enter() -> Answer | tuple[str, int]:
    form = SignInForm()
    user = User.who_signs_in(form.email.data or "", form.password.data or "") if form.validate_on_submit() else None
    if user is None:
        if not form.errors:
            form.form_errors.append(_("Почта или пароль не подходят."))
        return _sign_in_page(form), 422
    own = SignIn.begin(user, utc_now(), instead_of=own_sign_in())
    db.session.commit()
    login_user(own, remember=form.remember.data)
    session[KNOWN] = [*dict.fromkeys([*session.get(KNOWN, ()), _account()])][-KNOWN_AT_MOST:]
    return redirect(_safe_next(request.args.get("next")), 303)


@blueprint.post("/sign-out")
@public
def sign_out() -> Answer:
    """The CSRF token outlives the sign-in, so that a form left open can still be submitted after signing in again."""
    if own := own_sign_in():
        own.end(utc_now())
        db.session.commit()
    logout_user()
    session.pop("organization", None)
    return redirect(url_for("accounts.sign_in"), 303)


@blueprint.post("/language")
@public
def language() -> Answer:
    chosen = request.form.get("language", "")
    if chosen in set(Language):
        session["language"] = chosen
        if known := person():
            known.language = Language(chosen)
            db.session.commit()
    return redirect(_openable(_safe_next(request.form.get("next"))), 303)


def _sign_in_page(form: SignInForm) -> str:
    return render_template("accounts/sign_in.html", form=form, demo=current_app.extensions["demo"]())


def _safe_next(wanted: str | None) -> str:
    """Only a path on this host; a URL that is, or that a browser would resolve to, another host is ignored."""
    return wanted if wanted and OWN_PATH.fullmatch(wanted) else url_for("accounts.home")


def _openable(address: str) -> str:
    """The address, unless forms are only posted to it: then that of the form, or of what it belongs to."""
    path, routes = address.partition("?")[0], current_app.url_map.bind("")
    if not routes.test(path, "POST") or routes.test(path, "GET"):
        return address
    nearby = (f"{path}/new", path.rpartition("/")[0])
    return next((each for each in nearby if routes.test(each, "GET")), url_for("accounts.home"))
