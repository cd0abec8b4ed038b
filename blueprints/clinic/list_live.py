"""The live topic of the patient list: it only says that the list changed; each page then repeats its own search."""

from typing import Any

from flask import Flask

from blueprints.clinic.topic_ids import next_midnight, zone_of
from live.announcement import State
from live.registry import HtmlView, Ids, TopicKind
from models.accounts import Membership, Right, User
from models.clinic.card_topic import LIST, list_topic
from models.live_topic import topic_version

TOPIC = r"clinic/(?P<organization>[1-9]\d{0,8})/patients"
VIEW = "desk"
DESK = HtmlView({LIST: "clinic/patients/_news.html"})


def register(app: Flask) -> None:
    """Registers the topic of a clinic's patient list."""
    patients = TopicKind(
        name="patients",
        pattern=TOPIC,
        public=False,
        views={VIEW: DESK},
        may_listen=_may_listen,
        zone=zone_of,
        parts=lambda ids: [LIST],
        load=lambda part, ids: news_state(topic_version(list_topic(int(ids["organization"])))),
        next_change=next_midnight,
    )
    app.extensions["registry"].add(patients)


def live_list(organization_id: int) -> dict[str, Any]:
    """What a page needs to listen to the list; to be called before the list is read."""
    since = topic_version(list_topic(organization_id))
    stream = {"topic": list_topic(organization_id), "view": VIEW, "since": since}
    return {"stream": stream, "news": news_state(since)}


def news_state(version: int) -> State:
    """Only a version: the content depends on each reader's search."""
    return {"dom_id": "patients-news", "version": version}


def _may_listen(person: User | None, view: str, ids: Ids) -> bool:
    return Membership.grants(person, int(ids["organization"]), Right.SEE_OWN)
