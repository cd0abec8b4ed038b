"""The page of the waiting room's screen, and its link, which the owner makes and takes back."""

from flask import Response, abort, render_template, request, url_for
from flask_babel import force_locale, format_date

from blueprints.clinic.blueprint import blueprint
from blueprints.clinic.own import actor
from blueprints.clinic.waiting_room import VIEW, room_state
from blueprints.guards import own_membership, public, requires
from blueprints.replies import see
from extensions import db
from models.accounts import Right
from models.base import utc_now
from models.clinic.screen import Screen
from models.live_topic import topic_version

THEMES = ("light", "dark")


@blueprint.get("/waiting-room/<code>")
@public
def waiting_room(code: str) -> str:
    """The screen itself, in the clinic's language, for whoever has the link; ?theme=dark for a dark hall."""
    screen, now = Screen.with_code(code) or abort(404), utc_now()
    since, local = topic_version(screen.topic), now.astimezone(screen.organization.zone)
    with force_locale(screen.organization.language):
        return render_template(
            "clinic/waiting_room/page.html",
            room=room_state(screen, now),
            stream={"topic": screen.topic, "view": VIEW, "since": since},
            clinic=screen.organization,
            date_words=format_date(local.date(), "EEEE, d MMMM"),
            rendered_clock=f"{local:%H:%M}",
            theme=request.args["theme"] if request.args.get("theme") in THEMES else "light",
        )


@blueprint.get("/screen")
@requires(Right.MANAGE_SCREENS)
def screen_link() -> str:
    """Whether there is a screen, and its link."""
    return render_template("clinic/waiting_room/link.html", screen=Screen.of(own_membership().organization_id))


@blueprint.post("/screen")
@requires(Right.MANAGE_SCREENS)
def open_screen() -> Response:
    """A new link; the one before it shows nothing any more."""
    Screen.open(own_membership().organization, actor(), utc_now())
    db.session.commit()
    return see(url_for("clinic.screen_link"))


@blueprint.post("/screen/removal")
@requires(Right.MANAGE_SCREENS)
def close_screen() -> Response:
    """No link at all."""
    Screen.close(own_membership().organization, actor(), utc_now())
    db.session.commit()
    return see(url_for("clinic.screen_link"))
