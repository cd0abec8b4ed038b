"""Following a club or a player from its page: push messages about their matches to this browser, without an account."""

from typing import Any

from flask import Response, abort, current_app, make_response, render_template, request, url_for
from flask_babel import get_locale
from flask_babel import gettext as _

from blueprints.club.blueprint import blueprint
from blueprints.club.found import club_or_404, player_or_404
from blueprints.guards import own_sign_in, public
from blueprints.htmx import keep_what_is_there
from blueprints.replies import toast
from extensions import db, limiter
from live.announcement import State
from models.accounts import Language
from models.base import utc_now
from models.club import Club, Follower, FollowersFull, Player
from models.errors import Conflict
from rules.subscription import BadSubscription, Subscription, read_subscription

LIMIT = "60 per minute"


@blueprint.post("/clubs/<int:club_id>/followers")
@blueprint.post("/players/<int:player_id>/followers")
@limiter.limit(LIMIT)
@public
def follow(club_id: int | None = None, player_id: int | None = None) -> Response | str:
    followed = _followed(club_id, player_id)
    try:
        own = Follower.register(_subscription(), Language(str(get_locale())), own_sign_in())
        own.follow(followed, utc_now())
    except (BadSubscription, Conflict):
        return _refused(422, _("Браузер не дал адреса для уведомлений. Обновите страницу и попробуйте снова."))
    except FollowersFull:
        return _refused(409, _("Следить больше нельзя: слишком много подписок."))
    db.session.commit()
    return _button(followed, is_following=True)


@blueprint.post("/clubs/<int:club_id>/followers/removal")
@blueprint.post("/players/<int:player_id>/followers/removal")
@public
def unfollow(club_id: int | None = None, player_id: int | None = None) -> str:
    followed, own = _followed(club_id, player_id), Follower.at(_endpoint())
    if own:
        own.leave(followed)
        db.session.commit()
    return _button(followed, is_following=False)


@blueprint.post("/clubs/<int:club_id>/followers/own")
@blueprint.post("/players/<int:player_id>/followers/own")
@public
def own_follow(club_id: int | None = None, player_id: int | None = None) -> str:
    """Whether this browser follows already; a POST, because its endpoint must not appear in addresses and logs."""
    followed, own = _followed(club_id, player_id), Follower.at(_endpoint())
    signed_in = own_sign_in()
    if own and signed_in and own.sign_in_id != signed_in.id:
        own.sign_in = signed_in
        db.session.commit()
    return _button(followed, is_following=own is not None and own.follows_topic(followed.topic))


def follow_state(followed: Club | Player, *, is_following: bool = False, is_asked: bool = False) -> State | None:
    """The button's state; None if push is not configured. is_asked: the browser has sent its endpoint."""
    if not (key := current_app.config["PUSH_PUBLIC_KEY"]):
        return None
    here: dict[str, Any] = {"club_id" if isinstance(followed, Club) else "player_id": followed.id}
    return {
        "key": key,
        "is_following": is_following,
        "is_asked": is_asked,
        "url": url_for("club.unfollow" if is_following else "club.follow", **here),
        "own": url_for("club.own_follow", **here),
    }


def _button(followed: Club | Player, *, is_following: bool) -> str:
    state = follow_state(followed, is_following=is_following, is_asked=True)
    return render_template("club/_follow.html", follow=state)


def _followed(club_id: int | None, player_id: int | None) -> Club | Player:
    """The club or player of the address, if visible to the user; 404 if push is not configured."""
    if not current_app.config["PUSH_PUBLIC_KEY"]:
        abort(404)
    return player_or_404(player_id) if player_id is not None else club_or_404(club_id or 0)


def _subscription() -> Subscription:
    said = (request.form.get(name, "") for name in ("endpoint", "public_key", "secret"))
    return read_subscription(*said, anywhere=current_app.config["PUSH_ANYWHERE"])


def _endpoint() -> str:
    return request.form.get("endpoint", "")


def _refused(status: int, text: str) -> Response:
    db.session.rollback()
    return keep_what_is_there(make_response(str(toast("input", _("Подписаться не удалось"), text)), status))
