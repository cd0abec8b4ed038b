"""Of a crowd that asks for one thing at the same time one goes ahead, and the others follow when the way is free."""

from time import monotonic
from typing import Generic, TypeVar

Question = TypeVar("Question")

PATIENCE_SECONDS = 10.0


class Ahead(Generic[Question]):
    """Who is under way. One who does not arrive within PATIENCE_SECONDS is given up, and the next one goes."""

    def __init__(self) -> None:
        self._set_out: dict[Question, float] = {}

    def sets_out(self, question: Question) -> bool:
        """Whether the one who asks shall go ahead; False when somebody is under way already."""
        now = monotonic()
        if now - self._set_out.get(question, 0.0) < PATIENCE_SECONDS:
            return False
        self._set_out[question] = now
        return True

    def arrived(self, question: Question) -> None:
        """The way is free, or there is none: whoever asks next finds out."""
        self._set_out.pop(question, None)
