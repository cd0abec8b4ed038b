"""A cache for answers that a crowd asks for within the same second."""

from collections.abc import Callable
from math import inf
from threading import Thread
from time import monotonic
from typing import Generic, TypeVar

Question = TypeVar("Question")
Answer = TypeVar("Answer")

KEPT_SECONDS = 1.0
FRESH_SECONDS = 0.5
ANSWERS_KEPT = 1_000


class AnswerCache(Generic[Question, Answer]):
    """Returns answers at most KEPT_SECONDS old, never blocks, and refreshes them while they are in demand."""

    def __init__(self, ask: Callable[[Question], Answer]) -> None:
        """ask may block and raise; it is called in a thread of its own."""
        self._ask = ask
        self._answers: dict[Question, tuple[Answer, float]] = {}
        self._refreshing: set[Question] = set()

    def get(self, question: Question, unknown: Answer) -> Answer:
        """The answer, or `unknown` if there is none yet."""
        answer, given_at = self._answers.get(question, (unknown, -inf))
        age = monotonic() - given_at
        if age > FRESH_SECONDS and question not in self._refreshing:
            self._refreshing.add(question)
            Thread(target=self._refresh, args=(question,), daemon=True).start()
        return answer if age < KEPT_SECONDS else unknown

    def forget(self, question: Question) -> None:
        """Discards the answer; the next `get` asks again."""
        self._answers.pop(question, None)

    def _refresh(self, question: Question) -> None:
        asked_at = monotonic()
        try:
            answer = self._ask(question)
            if len(self._answers) >= ANSWERS_KEPT:
                self._answers.clear()
            self._answers[question] = answer, asked_at
        finally:
            self._refreshing.discard(question)
