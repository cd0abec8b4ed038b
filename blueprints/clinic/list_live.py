"""What of the list of patients is live: only that it changed. Each page asks for its own search and page again."""

from collections.abc import Mapping
from typing import Any

from flask import Flask

from extensions import db
from live.announcement import State
from live.registry import HtmlView, TopicKind
from models.accounts import Membership, Organization, Right, User
from models.clinic.card_topic import LIST, list_topic
from models.live_topic import topic_version

TOPIC = r"clinic/(?P<organization>[1-9]\d{0,8})/patients"
VIEW = "desk"
DESK = HtmlView({LIST: "clinic/patients/_news.html"})

Ids = Mapping[str, str]


def register(app: Flask) -> None:
    """Tells the application about the topic of a clinic's list of patients."""
    patients = TopicKind(
        name="patients",
        pattern=TOPIC,
        public=False,
        views={VIEW: DESK},
        may_listen=_may_listen,
        zone=lambda ids: db.session.get_one(Organization, int(ids["organization"])).zone,
        parts=lambda ids: [LIST],
        load=lambda part, ids: news_state(topic_version(list_topic(int(ids["organization"])))),
        next_change=lambda part, ids, now: None,
    )
    app.extensions["registry"].add(patients)


def live_list(organization_id: int) -> dict[str, Any]:
    """What a page with the list needs to hear of changes; to be asked before the list itself."""
    since = topic_version(list_topic(organization_id))
    stream = {"topic": list_topic(organization_id), "view": VIEW, "since": since}
    return {"stream": stream, "news": news_state(since)}


def news_state(version: int) -> State:
    """Nothing but that it changed: who stands in the list depends on what each reader has typed."""
    return {"dom_id": "patients-news", "version": version}


def _may_listen(person: User | None, view: str, ids: Ids) -> bool:
    membership = Membership.in_organization(person, int(ids["organization"]))
    return membership is not None and membership.may(Right.SEE_PATIENTS)
