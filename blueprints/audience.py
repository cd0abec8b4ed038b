"""Who is asked whether a stream may go on: the sign-in it was opened with, and the right behind its topic."""

from zoneinfo import ZoneInfo

from blueprints.guards import own_sign_in
from live.audience import NOT_FOLLOWED, Permission
from live.hub import Hub
from live.listener import Ticket
from live.registry import Registry, Topic, TopicKind
from models.accounts import AUDIENCE, SignIn, parts_about

KIND = TopicKind(
    name=AUDIENCE,
    pattern=AUDIENCE,
    public=False,
    views={},
    may_listen=lambda person, view, ids: False,
    zone=lambda ids: ZoneInfo("UTC"),
    parts=lambda ids: [],
    load=lambda part, ids: None,
)


def permission(registry: Registry) -> Permission:
    """Adds the topic that tells of withdrawals, which nobody outside may watch; answers with what a hub needs."""
    registry.add(KIND)
    return Permission(registry.topic(AUDIENCE), still_holds)


def still_holds(sign_in_id: int | None, topic: Topic, view: str) -> bool:
    """Whether whoever opened a stream may listen now; one that has signed out may not, even where all others may."""
    if sign_in_id is None:
        return topic.may_be_heard_by(None, view)
    own = SignIn.numbered(sign_in_id)
    return own is not None and topic.may_be_heard_by(own.user, view)


def own_ticket(hub: Hub | None) -> Ticket:
    """For the stream that this request asks for; taken before permission is asked for."""
    asked_at = hub.audience_version() if hub else NOT_FOLLOWED
    own = own_sign_in()
    return Ticket(own.id if own else None, parts_about(own.user_id if own else None), asked_at)


def ticket_for_anybody(hub: Hub) -> Ticket:
    """For those of whom it makes no difference who they are."""
    return Ticket(None, parts_about(None), hub.audience_version())
