"""Every route has exactly one of these decorators, which decides who may call it (tests/architecture enforces it)."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from flask import session
from flask_login import current_user

from blueprints.errors import NoOrganization, PassEnded, SignedOut
from models.accounts import GuestPass, Membership, Right, SignIn, User
from models.base import utc_now
from models.errors import NotAllowed

Arguments = ParamSpec("Arguments")
Answer = TypeVar("Answer")
View = Callable[Arguments, Answer]
PASS = "pass"


def public(view: View[Arguments, Answer]) -> View[Arguments, Answer]:
    """Anybody, signed in or not; the view itself decides what they may see."""
    return _marked(view, "public")


def signed_in(view: View[Arguments, Answer]) -> View[Arguments, Answer]:
    """Anybody with an account, even without an organization."""

    @wraps(view)
    def guarded(*args: Arguments.args, **kwargs: Arguments.kwargs) -> Answer:
        _require_person()
        return view(*args, **kwargs)

    return _marked(guarded, "signed in")


def signed_in_or_guest(view: View[Arguments, Answer]) -> View[Arguments, Answer]:
    """Anybody with an account or a valid guest pass."""

    @wraps(view)
    def guarded(*args: Arguments.args, **kwargs: Arguments.kwargs) -> Answer:
        if not current_user.is_authenticated and guest_pass() is None:
            raise PassEnded if PASS in session else SignedOut
        return view(*args, **kwargs)

    return _marked(guarded, "signed in or guest")


def requires(right: Right) -> Callable[[View[Arguments, Answer]], View[Arguments, Answer]]:
    """Members of the current organization whose role holds the right."""

    def guard(view: View[Arguments, Answer]) -> View[Arguments, Answer]:
        @wraps(view)
        def guarded(*args: Arguments.args, **kwargs: Arguments.kwargs) -> Answer:
            if not own_membership().may(right):
                raise NotAllowed
            return view(*args, **kwargs)

        return _marked(guarded, right.value)

    return guard


def places() -> list[Membership]:
    """All memberships of the signed-in person, oldest first."""
    known = person()
    return known.memberships if known else []


def membership() -> Membership | None:
    """The person's membership in the organization they have chosen, else their first one; None without any."""
    chosen = [place for place in places() if place.organization_id == session.get("organization")]
    return next(iter(chosen or places()), None)


def own_membership() -> Membership:
    """Like membership(), for routes that need one: raises SignedOut or NoOrganization."""
    _require_person()
    own = membership()
    if own is None:
        raise NoOrganization
    return own


def own_sign_in() -> SignIn | None:
    """The sign-in that this browser's cookie names, as the record itself and not Flask-Login's proxy."""
    return current_user._get_current_object() if current_user.is_authenticated else None


def person() -> User | None:
    """The signed-in user."""
    own = own_sign_in()
    return own.user if own else None


def guest_pass() -> GuestPass | None:
    """This browser's guest pass, while it is valid."""
    token = session.get(PASS)
    return GuestPass.with_token(token, utc_now()) if token else None


def _require_person() -> None:
    if not current_user.is_authenticated:
        raise SignedOut


def _marked(view: View[Arguments, Answer], guard: str) -> View[Arguments, Answer]:
    view.guard = guard  # type: ignore[attr-defined]
    return view
