"""The exceptions of the club's models."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from models.club.entries import LogEntry
from models.club.plan import Fault
from models.errors import NotAllowed, Refusal
from rules.scoring.log import Side

if TYPE_CHECKING:
    from models.club.match import Match


class FollowersFull(Refusal):
    """Too many browsers follow this already, or this browser follows too many."""


class BadPlan(Refusal):
    """A match cannot be started as planned; faults by form field."""

    def __init__(self, faults: Mapping[str, Fault]) -> None:
        super().__init__(dict(faults))
        self.faults = faults


class MayNotScore(NotAllowed):
    """The user may watch this match, but is neither its player nor a scorer of the club."""


class NotNow(Refusal):
    """The tournament match has already begun, cannot begin yet, or its table is taken."""


class LotNeeded(Refusal):
    """The tie-breaking rules leave places shared, and no lot has been given for those who share them."""


class TapRefused(Refusal):
    """A tap that was not counted; the match is unchanged."""

    def __init__(self, match: "Match") -> None:
        super().__init__(match.id)
        self.match_id = match.id


class TapOutdated(TapRefused):
    """The log has grown since the tapping screen was drawn; `latest` is its newest entry.

    is_over: the match has been won.
    """

    def __init__(self, match: "Match", latest: LogEntry | None) -> None:
        super().__init__(match)
        self.latest, self.is_over = latest, match.is_finished


class MatchEnded(TapRefused):
    """The match has already been won."""


class EndsEarlier(TapRefused):
    """Without that rally the match would have ended before its last rallies were played."""


class LawForbids(TapRefused):
    """The ruleset does not allow that now, e.g. another time-out, or expedite after 18 points."""


class NothingToVoid(TapRefused):
    """There is no rally of that side (of either side if None) that could be taken back."""

    def __init__(self, match: "Match", side: Side | None) -> None:
        super().__init__(match)
        self.side = side
