"""The scorer of the demo club, who taps over HTTP as the phone does."""

import re
from time import monotonic_ns

from bench.person import Person
from bench.publishing import COMMITTED, Answer, Published

EMAIL = "scorer@tablo.example"
PLAYER = re.compile(r'name="a1" value="([1-9]\d*)"')
NEW_MATCH = "/clubs/1/matches/new"


class Scorer(Person):
    """Signs in. `tap` alternates the sides, so that a match never ends by itself."""

    def __init__(self, port: int) -> None:
        super().__init__(port, EMAIL)
        self._token = self._token_of(NEW_MATCH)
        self._match = 0
        self.taps = 0

    def start_match(self) -> None:
        """Begins another match, with an empty log."""
        first, second = PLAYER.findall(self.get(NEW_MATCH).text)[:2]
        plan = {"kind": "singles", "a1": first, "b1": second, "best_of": "1", "first_server": "A"}
        begun = self._post("/clubs/1/matches", plan, 303)
        self._match, self.taps = int(re.findall(r"\d+", begun.header("Location"))[-1]), 0

    def end_match(self) -> None:
        """Wins for the first side what is missing to eleven points and a lead of two."""
        while self._rally("A", 200, 409).status == 200:
            pass

    def tap(self) -> Published:
        """One point for the side whose turn it is."""
        requested = monotonic_ns()
        answer = self._rally("AB"[self.taps % 2], 200)
        return Published(requested, int(answer.header(COMMITTED)), monotonic_ns())

    def _rally(self, side: str, *allowed: int) -> Answer:
        tap = {"side": side, "tap_id": f"bench-{self.taps}", "base_seq": str(self.taps)}
        self.taps += 1
        return self._post(f"/matches/{self._match}/rallies", tap, *allowed)
