"""Announces whose permission may have been withdrawn, through the same outbox as changes and so just as reliably.

Every verb that withdraws something calls one of these functions in its transaction. Each process with streams follows
this topic and checks the permission of the listeners concerned again.
"""

from datetime import datetime

from models.live_topic import touch, touch_later

AUDIENCE = "audience"
EVERYBODY = "everybody"


def parts_about(user_id: int | None) -> tuple[str, ...]:
    """The parts that concern this person, or None for the public."""
    return (EVERYBODY,) if user_id is None else (EVERYBODY, _part_of(user_id))


def parts_about_guests(topic: str) -> tuple[str, ...]:
    """The parts that concern guests with a pass to this topic."""
    return (EVERYBODY, _part_of_guests(topic))


def recheck_guests(topic: str, at: datetime) -> None:
    """Guests with a pass to this topic are checked again, now and at the given time."""
    touch(AUDIENCE, _part_of_guests(topic))
    touch_later(AUDIENCE, _part_of_guests(topic), at)


def recheck_person(user_id: int) -> None:
    """This person's permission is checked again, in all browsers."""
    touch(AUDIENCE, _part_of(user_id))


def recheck_everybody() -> None:
    """Everybody's permission is checked again, including the public's."""
    touch(AUDIENCE, EVERYBODY)


def _part_of(user_id: int) -> str:
    return f"person/{user_id}"


def _part_of_guests(topic: str) -> str:
    return f"guests/{topic}"
