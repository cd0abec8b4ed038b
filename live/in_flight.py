"""Request coalescing: of many who ask for the same thing at once, one goes ahead while the others wait."""

from time import monotonic
from typing import Generic, TypeVar

Question = TypeVar("Question")

PATIENCE_SECONDS = 10.0


class InFlight(Generic[Question]):
    """The questions somebody is answering now. After PATIENCE_SECONDS without `end` another may try."""

    def __init__(self) -> None:
        self._begun_at: dict[Question, float] = {}

    def begin(self, question: Question) -> bool:
        """Whether this caller should go ahead; False if another is already doing so."""
        now = monotonic()
        if now - self._begun_at.get(question, -PATIENCE_SECONDS) < PATIENCE_SECONDS:
            return False
        self._begun_at[question] = now
        return True

    def end(self, question: Question) -> None:
        """The one who went ahead is done, successfully or not."""
        self._begun_at.pop(question, None)
