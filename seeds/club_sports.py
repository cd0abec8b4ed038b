"""The demo club's other courts: a match of every supported sport, some finished, some in progress."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from models.accounts import User
from models.club import Club, Match, MatchPlan, Player
from rules.scoring.log import Side

Names = tuple[str, ...]


@dataclass(frozen=True)
class Court:
    """share: the fraction of rallies that the first side wins; rallies: how many were played, None: all."""

    minutes_ago: int
    format: str
    best_of: int
    sides: tuple[Names, Names]
    share: float
    rallies: int | None = None
    table: int | None = None


TEAMS = ("«Алатау»", "«Медеу»")
PLAYED = (
    Court(1560, "volleyball", 3, (("«Алатау»",), ("«Медеу»",)), 0.53),
    Court(1420, "pickleball", 1, (("Болат Ахметов", "Мария Иванова"), ("Виктор Пак", "Данияр Ли")), 0.5, table=6),
    Court(230, "padel-golden", 1, (("Ерлан Сериков", "Болат Ахметов"), ("Данияр Ли", "Виктор Пак")), 0.55, table=5),
    Court(110, "squash", 3, (("Виктор Пак",), ("Болат Ахметов",)), 0.47, table=3),
)
GOING_ON = (
    Court(
        24,
        "badminton-21",
        3,
        (("Әлия Қожахметова", "Болат Ахметов"), ("Мария Иванова", "Нұрлан Тұрсынбеков")),
        0.52,
        rallies=61,
        table=5,
    ),
    Court(17, "tennis", 1, (("Айгерім Әбдірахманова-Сәрсенбаева",), ("Виктор Пак",)), 0.55, rallies=43, table=6),
)
SECONDS_A_RALLY = 20


def plant_sports(club: Club, players: Mapping[str, Player], scorer: User, now: datetime) -> None:
    """Creates the matches by the verbs that the views call; players: by name, including teams."""
    chance = Random("courts")
    for court in (*PLAYED, *GOING_ON):
        _play(club, court, players, scorer, now - timedelta(minutes=court.minutes_ago), chance)


def _play(
    club: Club, court: Court, players: Mapping[str, Player], scorer: User, began: datetime, chance: Random
) -> None:
    first, second = (tuple(players[name] for name in names) for names in court.sides)
    plan = MatchPlan(first, second, court.best_of, table=court.table, format=court.format)
    match, number = Match.start(club, plan, scorer, began), 0
    while not match.is_finished and number != court.rallies:
        side = Side.A if chance.random() < court.share else Side.B
        number += 1
        at = began + timedelta(seconds=SECONDS_A_RALLY * number)
        match.record_rally(side, f"seed-{number}", match.log_length, scorer, at)
