"""The club: players, matches and their rallies."""

from models.club.club import Club
from models.club.contest import Contest
from models.club.entries import Correction, LogEntry, Remark, Scorer
from models.club.match import FAREWELL, IN_HALL, Match
from models.club.plan import Fault, MatchKind, MatchPlan, MatchPlayer
from models.club.player import Player
from models.club.player_merge import merge_players
from models.club.refusals import (
    BadPlan,
    EndsEarlier,
    LawForbids,
    MatchEnded,
    MayNotScore,
    NothingToVoid,
    NotNow,
    TapOutdated,
    TapRefused,
)
from models.club.taking_in import take_in
from models.club.tournament import Entrant, Tournament
from models.club.tournament_plan import System, TournamentPlan

__all__ = [
    "FAREWELL",
    "IN_HALL",
    "BadPlan",
    "Club",
    "Contest",
    "Correction",
    "EndsEarlier",
    "Entrant",
    "Fault",
    "LawForbids",
    "LogEntry",
    "Match",
    "MatchEnded",
    "MatchKind",
    "MatchPlan",
    "MatchPlayer",
    "MayNotScore",
    "NotNow",
    "NothingToVoid",
    "Player",
    "Remark",
    "Scorer",
    "System",
    "TapOutdated",
    "TapRefused",
    "Tournament",
    "TournamentPlan",
    "merge_players",
    "take_in",
]
