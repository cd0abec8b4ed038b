"""Factories for a club, its people and matches, and sequences of rallies; nothing is committed."""

from datetime import UTC, datetime

from extensions import db
from models.accounts import Organization, User
from models.club import Club, Match, MatchPlan, Player
from rules.scoring.log import Points, Side
from tests.support.people import club_house

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
NAMES = ("Иван Иванов", "Петр Петров", "Әлия Қожахметова", "Болат Ахметов")


def club(house: Organization | None = None, *, is_public: bool = True, names: tuple[str, ...] = NAMES) -> Club:
    """A club with four players without accounts."""
    made = Club(organization=house or club_house(), name="Клуб «Ракетка»", is_public=is_public)
    made.players = [Player(name=name) for name in names]
    db.session.add(made)
    db.session.flush()
    return made


def player(of: Club, name: str) -> Player:
    return next(each for each in of.players if each.name == name)


def match(
    of: Club,
    scorer: User,
    *,
    best_of: int = 1,
    pairs: bool = False,
    law: str = "table-tennis",
    handicap: Points = (0, 0),
    now: datetime = NOW,
) -> Match:
    """Иван against Петр; in pairs Иван and Әлия against Петр and Болат."""
    ivan, petr, aliya, bolat = (player(of, name) for name in NAMES)
    sides = ((ivan, aliya), (petr, bolat)) if pairs else ((ivan,), (petr,))
    plan = MatchPlan(sides[0], sides[1], best_of, format=law, handicap=handicap)
    return Match.start(of, plan, scorer, now)


def play(on: Match, rallies: str, scorer: User, now: datetime = NOW) -> None:
    """Taps rallies by their winners, as one phone: "AAB"; a small letter is that side's -1, "u" undoes."""
    for letter in rallies:
        seq = on.log_length
        if letter in "AB":
            on.record_rally(Side(letter), f"tap-{seq}", seq, scorer, now)
        else:
            on.void_latest(None if letter == "u" else Side(letter.upper()), f"tap-{seq}", seq, scorer, now)


def to_score(a: int, b: int) -> str:
    """Rallies that lead to this score of one game without ending it before."""
    level = min(a, b)
    return "AB" * level + "A" * (a - level) + "B" * (b - level)
