"""A practitioner's own list of today: booked, waiting and present patients."""

from datetime import date

from flask import Response, render_template, url_for

from blueprints.clinic.blueprint import blueprint
from blueprints.clinic.week_fragments import LIST, own_week, week_state, who_state
from blueprints.guards import own_membership, requires
from blueprints.replies import see
from models.accounts import Membership, Right
from models.accounts.rights import rights_of
from models.base import utc_now
from models.errors import NotAllowed
from models.live_topic import topic_version


@blueprint.get("/schedule/own")
@requires(Right.SEE_OWN)
def own_day() -> str | Response:
    """Live; members who are not practitioners are redirected to the day's board."""
    own, now = own_membership(), utc_now()
    today = own.organization.today(now)
    week = own_week(own, now)
    if week is None:
        return _everybodys_day(own, today)
    since = topic_version(week.topic)
    return render_template(
        "clinic/own/page.html",
        practitioner=week.practitioner,
        today=today,
        always_sees_all=Right.SEE_SCHEDULE in rights_of(own.role, practitioners_see_own=True),
        stream={"topic": week.topic, "view": LIST, "since": since},
        who=who_state(week.practitioner),
        state=week_state(week, now, since),
    )


def _everybodys_day(own: Membership, today: date) -> Response:
    if not own.may(Right.SEE_SCHEDULE):
        raise NotAllowed
    return see(url_for("clinic.day", chosen=today.isoformat()))
