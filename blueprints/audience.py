"""Who is asked whether a stream may go on: its sign-in or its pass, and the right behind its topic."""

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
    """Adds the topic that tells of withdrawals, which nobody outside may watch; answers with what a hub needs."""
    registry.add(KIND)
    return Permission(registry.topic(AUDIENCE), still_holds)


@dataclass(frozen=True)
class Guest:
    """The holder of a ticket who came in by a pass."""

    pass_id: int


def still_holds(holder: int | Guest | None, topic: Topic, view: str) -> bool:
    """Whether whoever opened a stream may listen now: a sign-in by its number, a guest, or anybody at all.

    One that has signed out, or whose pass has ended, may not, even where all others may.
    """
    if holder is None:
        return topic.may_be_heard_by(None, view)
    if isinstance(holder, Guest):
        given = GuestPass.numbered(holder.pass_id, utc_now())
        return given is not None and topic.may_be_heard_by(given, view)
    own = SignIn.numbered(holder)
    return own is not None and topic.may_be_heard_by(own.user, view)


def own_ticket(hub: Hub | None, topic: Topic, view: str) -> tuple[Ticket, User | GuestPass | None]:
    """For the stream that this request asks for, and who asks; taken before permission is asked for.

    A pass to this very topic counts only where the sign-in, or nobody in particular, may not listen.
    """
    asked_at = hub.audience_version() if hub else NOT_FOLLOWED
    given, own = guest_pass(), own_sign_in()
    user = own.user if own else None
    if given and given.topic == topic.key and not topic.may_be_heard_by(user, view):
        return Ticket(Guest(given.id), parts_about_guests(given.topic), asked_at), given
    return Ticket(own.id if own else None, parts_about(user.id if user else None), asked_at), user


def ticket_for_anybody(hub: Hub) -> Ticket:
    """For those of whom it makes no difference who they are."""
    return Ticket(None, parts_about(None), hub.audience_version())
