"""On whose behalf a stream is opened (a sign-in, a guest pass or the public), and whether it may still continue."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from blueprints.guards import guest_pass, own_sign_in
from live.audience import NOT_FOLLOWED, Permission
from live.hub import Hub
from live.listener import Ticket
from live.registry import Registry, Topic, TopicKind
from models.accounts import AUDIENCE, GuestPass, SignIn, User, parts_about, parts_about_guests
from models.base import utc_now

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
    """Registers the internal topic of withdrawn rights, and returns what a hub needs to check permission."""
    registry.add(KIND)
    return Permission(registry.topic(AUDIENCE), still_holds)


@dataclass(frozen=True)
class Guest:
    """A ticket holder with a guest pass."""

    pass_id: int


def still_holds(holder: int | Guest | None, topic: Topic, view: str) -> bool:
    """Whether the holder of a stream's ticket may listen now: a sign-in id, a guest, or None for the public.

    An ended sign-in or pass may not, even on a public topic.
    """
    if holder is None:
        return topic.may_listen(None, view)
    if isinstance(holder, Guest):
        given = GuestPass.numbered(holder.pass_id, utc_now())
        return given is not None and topic.may_listen(given, view)
    own = SignIn.numbered(holder)
    return own is not None and topic.may_listen(own.user, view)


def own_ticket(hub: Hub | None, topic: Topic, view: str) -> tuple[Ticket, User | GuestPass | None]:
    """The ticket for the stream this request asks for, and the person; issued before permission is checked.

    A pass to this topic is used only if the sign-in, or the public, may not listen.
    """
    asked_at = hub.audience_version() if hub else NOT_FOLLOWED
    given, own = guest_pass(), own_sign_in()
    user = own.user if own else None
    if given and given.topic == topic.key and not topic.may_listen(user, view):
        return Ticket(Guest(given.id), parts_about_guests(given.topic), asked_at), given
    return Ticket(own.id if own else None, parts_about(user.id if user else None), asked_at), user


def ticket_for_anybody(hub: Hub) -> Ticket:
    """A ticket for a public topic, whoever the listener is."""
    return Ticket(None, parts_about(None), hub.audience_version())
