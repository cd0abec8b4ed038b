"""A practitioner's own list of today: who comes, who waits, who is inside."""

from flask import Response, render_template, url_for

from blueprints.clinic.blueprint import blueprint
from blueprints.clinic.date_words import headline
from blueprints.clinic.hours_rights import practitioners_of
from blueprints.clinic.week_fragments import LIST, week_state
from blueprints.guards import own_membership, requires
from blueprints.replies import see
from models.accounts import Right
from models.base import utc_now
from models.clinic.day_topic import monday_of
from models.clinic.week import Week
from models.live_topic import topic_version


@blueprint.get("/schedule/own")
@requires(Right.SEE_SCHEDULE)
def own_day() -> str | Response:
    """Live; whoever is no practitioner here sees everybody's day."""
    own, now = own_membership(), utc_now()
    today = own.organization.today(now)
    doctor = next((each for each in practitioners_of(own) if each.user_id == own.user_id), None)
    if doctor is None:
        return see(url_for("clinic.day", chosen=today.isoformat()))
    week = Week(own.organization, doctor, monday_of(today))
    since = topic_version(week.topic)
    return render_template(
        "clinic/own/page.html",
        practitioner=doctor,
        today=today,
        title=headline(today),
        stream={"topic": week.topic, "view": LIST, "since": since},
        state=week_state(week, now, since),
    )
