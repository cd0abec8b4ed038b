"""Who may have lost the right to look: told by the same outbox that carries changes, so it cannot be lost either.

Every verb that withdraws something doubts whomever it concerns, in its own transaction. Each process that has streams
follows this topic and asks again whether those in doubt may go on listening.
"""

from datetime import datetime

from models.live_topic import touch, touch_later

AUDIENCE = "audience"
EVERYBODY = "everybody"


def parts_about(user_id: int | None) -> tuple[str, ...]:
    """The parts of the audience that concern this person, or somebody unknown."""
    return (EVERYBODY,) if user_id is None else (EVERYBODY, _part_of(user_id))


def parts_about_guests(topic: str) -> tuple[str, ...]:
    """The parts of the audience that concern those who came in by a pass to this topic."""
    return (EVERYBODY, _part_of_guests(topic))


def doubt_guests(topic: str, at: datetime) -> None:
    """Those who came in by a pass to this topic lose it at that moment."""
    touch(AUDIENCE, _part_of_guests(topic))
    touch_later(AUDIENCE, _part_of_guests(topic), at)


def doubt_person(user_id: int) -> None:
    """This person may have lost something, in some browser or in all."""
    touch(AUDIENCE, _part_of(user_id))


def doubt_everybody() -> None:
    """Anybody may have lost something, known or not."""
    touch(AUDIENCE, EVERYBODY)


def _part_of(user_id: int) -> str:
    return f"person/{user_id}"


def _part_of_guests(topic: str) -> str:
    return f"guests/{topic}"
