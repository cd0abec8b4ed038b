"""What others did while the user was away from the desk, until it is marked as read."""

from flask import Response, render_template, request, url_for

from blueprints.clinic.appointment_fields import record_number
from blueprints.clinic.blueprint import blueprint
from blueprints.clinic.history_words import HistoryWords
from blueprints.guards import own_membership, requires
from blueprints.replies import see
from extensions import db
from models.accounts import Right
from models.base import utc_now
from models.clinic.news import MOST_COUNTED, News

SHOWN = 100


@blueprint.get("/news")
@requires(Right.BOOK)
def news() -> str:
    """Everything since the user last marked the news as read, the newest first."""
    own, now = own_membership(), utc_now()
    unread = News(own.organization_id, own.user, now)
    events = unread.newest(SHOWN + 1)
    return render_template(
        "clinic/news/page.html",
        events=events[:SHOWN],
        are_more=len(events) > SHOWN,
        since=unread.since,
        words=HistoryWords(own.organization, now),
    )


@blueprint.get("/news/count")
@requires(Right.BOOK)
def news_count() -> str:
    """The link to the news with their number, for the day's heading."""
    own = own_membership()
    count = News(own.organization_id, own.user, utc_now()).count()
    return render_template("clinic/news/_link.html", count=count, most=MOST_COUNTED)


@blueprint.post("/news/look")
@requires(Right.BOOK)
def read_news() -> Response:
    """Marks everything up to the event `last` as read; newer events stay unread."""
    own, now = own_membership(), utc_now()
    News(own.organization_id, own.user, now).read(record_number(request.form.get("last")) or 0)
    db.session.commit()
    return see(url_for("clinic.day", chosen=own.organization.today(now).isoformat()))
