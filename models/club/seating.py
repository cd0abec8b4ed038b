"""Assignment of matches to tables; two matches in progress never share one."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlalchemy.orm import Mapped, mapped_column, selectinload

from extensions import db
from models.accounts import User
from models.club.club import Club
from models.club.court import Court
from models.club.plan import Fault
from models.club.refusals import BadPlan
from models.errors import flush
from models.live_topic import touch

ONE_AT_A_TABLE = "uq_club_match_club_id_held_table"
FIELDS = {ONE_AT_A_TABLE: "table"}
EVENING = timedelta(hours=12)


class Seated:
    """The table of a match. `held_table` is the table's number while the match is in progress there.

    A club without a list of tables may use any numbers. `table_name` is what the table was called, for the history;
    empty for a table that is not on a list.
    """

    table_number: Mapped[int | None]
    table_name: Mapped[str] = mapped_column(default="")
    held_table: Mapped[int | None]

    if TYPE_CHECKING:
        id: Mapped[int]
        club_id: Mapped[int]
        club: Mapped[Club]
        players: Mapped[Any]

        @property
        def goes_on(self) -> bool: ...
        def _require_going_on(self, actor: User) -> None: ...
        def _touch(self, *parts: str) -> None: ...
        def _touch_club(self, *parts: str) -> None: ...

    @property
    def table(self) -> int | None:
        """The table where it is or was played; None for a match resumed after others began at its table."""
        return self.held_table if self.goes_on else self.table_number

    @property
    def table_called(self) -> str:
        return self.table_name if self.table else ""

    @classmethod
    def at_tables(cls, club: Club) -> "dict[int, Any]":
        """The matches in progress at tables of the club, by table number."""
        found = select(cls).where(cls.club_id == club.id, cls.held_table.is_not(None))
        playing = db.session.scalars(found.options(selectinload(cls.players)))
        return {match.held_table: match for match in playing if match.held_table}

    @classmethod
    def fault_of_table(cls, club: Club, number: int | None) -> dict[str, Fault]:
        """Why no match can start at that table now, by form field. A table found free stays locked until the commit."""
        if number is None:
            return {}
        if any(court.is_open for court in club.courts) and not club.has_open_court(number):
            return {"table": Fault.NO_TABLE}
        return {"table": Fault.TAKEN} if cls._is_taken(club, number) else {}

    @classmethod
    def _is_taken(cls, club: Club, number: int) -> bool:
        db.session.execute(select(Court.id).filter_by(club_id=club.id, number=number).with_for_update())
        playing = select(cls.id).where(cls.club_id == club.id, cls.held_table == number)
        return db.session.scalar(playing) is not None

    def move_to(self, number: int | None, actor: User, now: datetime) -> None:
        """Moves the match to another table, or to none, and flushes. The match must be locked.

        Raises MayNotScore, MatchEnded, BadPlan, and Conflict("table") if another transaction took the table
        meanwhile.
        """
        self._require_going_on(actor)
        if number == self.held_table:
            return
        if faults := self.fault_of_table(self.club, number):
            raise BadPlan(faults)
        self.sit_down(number)
        flush(FIELDS)
        self._touch("head")
        self._touch_club("section", "hall", "idle")
        self.touch_tables(now)

    def sit_down(self, number: int | None) -> None:
        """Assigns a free table."""
        self.table_number = self.held_table = number
        self.table_name = self.club.name_of_court(number)

    def call_table(self, name: str) -> None:
        """Changes the name of the match's table."""
        self.table_name = name
        self._touch("head")
        self._touch_club("section", "idle")

    def take_table_back(self) -> None:
        """Restores the table of a resumed match, unless others have begun there meanwhile."""
        number = self.table_number
        self.held_table = None if number is None or self._is_taken(self.club, number) else number

    def touch_tables(self, now: datetime) -> None:
        """Touches the tournaments of this evening, which show free tables."""
        tournaments = db.session.scalars(self.club.tournaments.select().limit(3))
        for tournament in tournaments:
            if tournament.opened_at > now - EVENING:
                touch(tournament.topic, "play")
