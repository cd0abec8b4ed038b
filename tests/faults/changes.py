"""Who changes what the audience sees: names corrected through the models, and real taps through the whole site.

Both retry the same change until it succeeds, as people do; a tap has an idempotency key, so that it counts once.
"""

import random
import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from http.client import HTTPConnection, HTTPException
from itertools import cycle
from multiprocessing.connection import Connection
from time import monotonic, sleep
from typing import TypeVar
from urllib.parse import urlencode

from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from app import create_app
from config import Settings
from extensions import db
from models.accounts import User
from models.base import utc_now
from models.club import Club, Match, MatchPlan
from models.live_topic import touch
from tests.faults.figures import Made
from tests.faults.said import Order
from tests.support.people import PASSWORD

Answer = TypeVar("Answer")
AGAIN = 0.1
BEST_OF = 7
TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


@dataclass
class Work:
    """One writer's record: when each change was first sent, how many are done, the number of retries."""

    made: Made = field(default_factory=dict)
    done: int = 0
    repeated: int = 0


class Writer(ABC):
    """Makes a number of changes a second, each to the next of its clubs; it catches up when late."""

    def __init__(self, rate: float) -> None:
        self._rate = rate
        self._done = Work()
        self._is_paused = True

    def work(self, pipe: Connection) -> None:
        """Makes changes until a call arrives."""
        next_change = monotonic()
        while not pipe.poll(None if self._is_paused else max(0.0, next_change - monotonic())):
            next_change = max(next_change + 1 / self._rate, monotonic() - 1)
            self.change()

    @abstractmethod
    def change(self) -> None:
        """Makes one change."""

    def go_on(self) -> None:
        self._is_paused = False

    def pause(self) -> None:
        self._is_paused = True

    def _until_done(self, change: Callable[[], Answer]) -> Answer:
        while True:
            try:
                return change()
            except DBAPIError:
                db.session.rollback()
                self._done.repeated += 1
                sleep(AGAIN)

    def so_far(self) -> Work:
        return self._done


class Corrector(Writer):
    """Changes the name of a match's first player and touches the club's page: the cheapest change of a score."""

    def __init__(self, settings: Settings, club_ids: Sequence[int], rate: float) -> None:
        super().__init__(rate)
        self._application = create_app(settings)
        self._club_ids = club_ids
        self._matches: Iterator[Match] = iter(())
        self._number = 1

    def work(self, pipe: Connection) -> None:
        with self._application.app_context():
            db.session().expire_on_commit = False
            self._matches = cycle(self._until_done(self._found))
            super().work(pipe)

    def change(self) -> None:
        self._number += 1
        match = next(self._matches)
        self._until_done(partial(self._correct, match, (self._number, 0)))
        self._done.done += 1

    def _found(self) -> list[Match]:
        return [newest_match(db.session.get_one(Club, club_id)) for club_id in self._club_ids]

    def _correct(self, match: Match, order: Order) -> None:
        match.players[0].name = f"Иван {order[0]}"
        touch(match.club.topic, f"score/{match.id}")
        self._done.made.setdefault((match.club.topic, order), monotonic())
        db.session.commit()


class Scorer(Writer):
    """Taps through nginx and the web service; when a match is over she starts the next."""

    def __init__(self, settings: Settings, club_ids: Sequence[int], rate: float, port: int, email: str) -> None:
        super().__init__(rate)
        self._application = create_app(settings)
        self._email = email
        self._clubs: Iterator[int] = cycle(club_ids)
        self._matches = {club_id: (1, self._goes_on(club_id), 0) for club_id in club_ids}
        self._connection = HTTPConnection("127.0.0.1", port, timeout=5)
        self._cookie = self._token = ""
        self._enter()

    def change(self) -> None:
        """Makes one tap; if the match is over, begins the club's next one."""
        club_id = next(self._clubs)
        number, match_id, length = self._matches[club_id]
        tap = {"side": random.choice("AB"), "base_seq": str(length), "tap_id": f"tap-{match_id}-{length}"}
        self._done.made[f"club/{club_id}", (number, length + 1)] = monotonic()
        status, _ = self._insist(f"/matches/{match_id}/rallies", tap)
        if status == 409:
            self._matches[club_id] = number + 1, self._start(club_id, number + 1), 0
        elif status == 303:
            self._matches[club_id] = number, match_id, length + 1
        else:
            raise AssertionError(f"a tap was answered with {status}")
        self._done.done += 1

    def _goes_on(self, club_id: int) -> int:
        with self._application.app_context():
            return newest_match(db.session.get_one(Club, club_id)).id

    def _start(self, club_id: int, number: int) -> int:
        with self._application.app_context():
            return self._until_done(partial(self._try_to_start, club_id, number))

    def _try_to_start(self, club_id: int, number: int) -> int:
        club = db.session.get_one(Club, club_id)
        newest, ivan, petr = newest_match(club), *club.players
        if newest.players[0].name == f"Иван {number}":
            return newest.id  # started, but the response was lost
        assert newest.is_finished, "a tap that was answered has been forgotten"
        ivan.name = f"Иван {number}"
        actor = db.session.scalars(select(User).filter_by(email=self._email)).one()
        match = Match.start(club, MatchPlan((ivan,), (petr,), BEST_OF), actor, utc_now())
        self._done.made.setdefault((club.topic, (number, 0)), monotonic())
        db.session.commit()
        return match.id

    def _enter(self) -> None:
        self._token = self._token_of("/sign-in")
        status, _ = self._insist("/sign-in", {"email": self._email, "password": PASSWORD})
        assert status == 303, status
        self._token = self._token_of(f"/matches/{next(iter(self._matches.values()))[1]}/score")

    def _token_of(self, path: str) -> str:
        found = TOKEN.search(self._insist(path)[1])
        assert found, f"{path} has no form"
        return found[1]

    def _insist(self, path: str, fields: dict[str, str] | None = None) -> tuple[int, str]:
        """Retries until there is a final response."""
        while True:
            try:
                status, text = self._send(path, fields)
            except (OSError, HTTPException):
                status, text = 0, ""
                self._connection.close()
            if 0 < status < 500:
                return status, text
            self._done.repeated += 1
            sleep(AGAIN)

    def _send(self, path: str, fields: dict[str, str] | None) -> tuple[int, str]:
        body = urlencode(fields | {"csrf_token": self._token}) if fields else None
        headers = {"Cookie": self._cookie, "Content-Type": "application/x-www-form-urlencoded"}
        self._connection.request("POST" if fields else "GET", path, body, headers)
        answer = self._connection.getresponse()
        text = answer.read().decode()
        if cookie := answer.getheader("Set-Cookie"):
            self._cookie = cookie.partition(";")[0]
        return answer.status, text


def newest_match(club: Club) -> Match:
    """The match that the club's listeners follow."""
    return db.session.scalars(select(Match).filter_by(club_id=club.id).order_by(Match.id.desc()).limit(1)).one()
