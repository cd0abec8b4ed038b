"""Live topics that only say that something changed: each page then repeats its own request.

On such a page one element asks for itself (`hx-trigger="news"`), with the address that shows the same again.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Flask

from blueprints.clinic.topic_ids import next_midnight, zone_of
from live.announcement import State
from live.registry import HtmlView, Ids, TopicKind
from models.accounts import Membership, Right, User
from models.clinic.card_topic import LIST, list_topic
from models.clinic.day_topic import MONTHS, months_topic
from models.live_topic import topic_version
from rules.booking import next_on_grid

VIEW = "desk"
PARTIAL = "clinic/_news.html"


@dataclass(frozen=True)
class News:
    """What such pages may show. part: its topic's only one."""

    name: str
    part: str
    topic: Callable[[int], str]
    right: Right
    next_change: Callable[[str, Ids, datetime], datetime]

    def register(self, app: Flask) -> None:
        kind = TopicKind(
            name=self.name,
            pattern=rf"clinic/(?P<organization>[1-9]\d{{0,8}})/{self.name}",
            public=False,
            views={VIEW: HtmlView({self.part: PARTIAL})},
            may_listen=self._may_listen,
            zone=zone_of,
            parts=lambda ids: [self.part],
            load=lambda part, ids: self._state(topic_version(self.topic(int(ids["organization"])))),
            next_change=self.next_change,
        )
        app.extensions["registry"].add(kind)

    def live(self, organization_id: int) -> dict[str, Any]:
        """What a page needs to listen; to be called before what it shows is read."""
        topic = self.topic(organization_id)
        since = topic_version(topic)
        return {"stream": {"topic": topic, "view": VIEW, "since": since}, "news": self._state(since)}

    def _state(self, version: int) -> State:
        """Only a version: the content depends on what each reader asked for."""
        return {"dom_id": f"{self.name}-news", "version": version}

    def _may_listen(self, person: User | None, view: str, ids: Ids) -> bool:
        return Membership.grants(person, int(ids["organization"]), self.right)


def _next_step(part: str, ids: Ids, now: datetime) -> datetime:
    """When less free time remains, though nobody is booked."""
    return next_on_grid(now)


LIST_NEWS = News("patients", LIST, list_topic, Right.SEE_OWN, next_midnight)
MONTH_NEWS = News("months", MONTHS, months_topic, Right.SEE_SCHEDULE, _next_step)


def register(app: Flask) -> None:
    """Registers the topics of a clinic's patients and of its months."""
    LIST_NEWS.register(app)
    MONTH_NEWS.register(app)
