"""The club: players, matches and their rallies."""

from models.club.club import Club
from models.club.contest import Contest
from models.club.court import Court
from models.club.court_names import rename_court
from models.club.discipline import Discipline
from models.club.entries import Correction, LogEntry, Remark, Scorer, written_with
from models.club.figures import figures_of, meetings_of
from models.club.follower import Follow, Follower
from models.club.history import HistoryQuestion
from models.club.match import FAREWELL, IN_HALL, Match
from models.club.match_import import HistoryImport, import_match
from models.club.notice import Notice, NoticeState, Occasion
from models.club.plan import Fault, MatchKind, MatchPlan, MatchPlayer
from models.club.player import Player
from models.club.player_deed import PlayerChange, PlayerDeed
from models.club.player_merge import merge_players, part_players
from models.club.refusals import (
    BadPlan,
    EndsEarlier,
    FollowersFull,
    LawForbids,
    LotNeeded,
    MatchEnded,
    MayNotScore,
    NothingToVoid,
    NotNow,
    TapOutdated,
    TapRefused,
)
from models.club.settling import settle
from models.club.standing import Standing
from models.club.tournament import Entrant, Tournament
from models.club.tournament_plan import System, TournamentPlan
from models.club.unsettled import UnsettledMatch

__all__ = [
    "FAREWELL",
    "IN_HALL",
    "BadPlan",
    "Club",
    "Contest",
    "Correction",
    "Court",
    "Discipline",
    "EndsEarlier",
    "Entrant",
    "Fault",
    "Follow",
    "Follower",
    "FollowersFull",
    "HistoryImport",
    "HistoryQuestion",
    "LawForbids",
    "LogEntry",
    "LotNeeded",
    "Match",
    "MatchEnded",
    "MatchKind",
    "MatchPlan",
    "MatchPlayer",
    "MayNotScore",
    "NotNow",
    "NothingToVoid",
    "Notice",
    "NoticeState",
    "Occasion",
    "Player",
    "PlayerChange",
    "PlayerDeed",
    "Remark",
    "Scorer",
    "Standing",
    "System",
    "TapOutdated",
    "TapRefused",
    "Tournament",
    "TournamentPlan",
    "UnsettledMatch",
    "figures_of",
    "import_match",
    "meetings_of",
    "merge_players",
    "part_players",
    "rename_court",
    "settle",
    "written_with",
]
