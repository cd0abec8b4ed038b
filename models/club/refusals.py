"""What the club's verbs may refuse."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from models.club.entries import LogEntry
from models.club.plan import Fault
from models.errors import NotAllowed, Refusal
from rules.scoring.log import Side

if TYPE_CHECKING:
    from models.club.match import Match


class FollowersFull(Refusal):
    """So many follow this already, or this browser follows so many."""


class BadPlan(Refusal):
    """A match cannot be started like this; faults by form field."""

    def __init__(self, faults: Mapping[str, Fault]) -> None:
        super().__init__(dict(faults))
        self.faults = faults


class MayNotScore(NotAllowed):
    """The person may watch this match and is neither its player nor a scorer of the club."""


class NotNow(Refusal):
    """That match of a tournament has begun, or cannot begin yet, or its table is taken."""


class LotNeeded(Refusal):
    """The law leaves places shared, and nobody has said yet who of those goes before whom."""


class TapRefused(Refusal):
    """A tap that was not counted; the match is as it was."""

    def __init__(self, match: "Match") -> None:
        super().__init__(match.id)
        self.match_id = match.id


class TapOutdated(TapRefused):
    """Something was counted since the tapping screen was drawn; `latest` is the newest of it."""

    def __init__(self, match: "Match", latest: LogEntry | None) -> None:
        super().__init__(match)
        self.latest = latest


class MatchEnded(TapRefused):
    """The match has been won."""


class EndsEarlier(TapRefused):
    """Without that rally the match would have been over before its last rallies were played."""


class LawForbids(TapRefused):
    """The law of this match does not allow that now: a time-out too many, expedite after 18 points."""


class NothingToVoid(TapRefused):
    """That side, or nobody if side is None, has no rally here that could be taken back."""

    def __init__(self, match: "Match", side: Side | None) -> None:
        super().__init__(match)
        self.side = side
