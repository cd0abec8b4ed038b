"""The club: players, matches and their rallies."""

from models.club.club import Club, Player
from models.club.entries import LogEntry, Remark
from models.club.match import Match
from models.club.plan import Fault, MatchKind, MatchPlan, MatchPlayer
from models.club.refusals import (
    BadPlan,
    EndsEarlier,
    LawForbids,
    MatchEnded,
    MayNotScore,
    NothingToVoid,
    TapOutdated,
    TapRefused,
)

__all__ = [
    "BadPlan",
    "Club",
    "EndsEarlier",
    "Fault",
    "LawForbids",
    "LogEntry",
    "Match",
    "MatchEnded",
    "MatchKind",
    "MatchPlan",
    "MatchPlayer",
    "MayNotScore",
    "NothingToVoid",
    "Player",
    "Remark",
    "TapOutdated",
    "TapRefused",
]
