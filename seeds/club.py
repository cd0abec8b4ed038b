"""The demo club: players and teams, friendly matches, some in progress, and three tournaments."""

from datetime import datetime, timedelta
from random import Random

from extensions import db
from models.accounts import Organization, User
from models.club import Club, Court, Match, MatchPlan, Player, System, Tournament, TournamentPlan
from rules.scoring.log import Side
from seeds.club_sports import TEAMS, plant_sports

PLAYERS = (
    "Ерлан Сериков",
    "Данияр Ли",
    "Әлия Қожахметова",
    "Нұрлан Тұрсынбеков",
    "Мария Иванова",
    "Болат Ахметов",
    "Айгерім Әбдірахманова-Сәрсенбаева",
    "Виктор Пак",
)
# Minutes since the match began; the sides; the number of games; the points of each game; the table.
PLAYED = (
    (1530, ("Виктор Пак",), ("Болат Ахметов",), 3, ("11:4", "11:6"), 1),
    (1490, ("Мария Иванова",), ("Әлия Қожахметова",), 3, ("9:11", "11:7", "10:12"), 2),
    (1440, ("Нұрлан Тұрсынбеков",), ("Данияр Ли",), 1, ("8:11",), 3),
    (150, ("Данияр Ли", "Виктор Пак"), ("Мария Иванова", "Болат Ахметов"), 3, ("11:4", "11:13", "11:8"), 4),
    (95, ("Әлия Қожахметова",), ("Айгерім Әбдірахманова-Сәрсенбаева",), 1, ("12:10",), 1),
    (60, ("Нұрлан Тұрсынбеков",), ("Ерлан Сериков",), 3, ("8:11", "11:9", "6:11"), 2),
)
COURTS = ("Стол 1", "Стол 2", "Стол 3", "Стол 4", "Корт у окна", "Большой корт")
LIVE = (20, ("Ерлан Сериков",), ("Данияр Ли",), 3, ("11:8", "9:11", "9:7"), 2)
SECONDS_A_RALLY = 20
# Demo matches are not treated as abandoned for this long, since nobody taps them all day.
LOOKED_AT = timedelta(hours=8)
# Name and system; the players, the strongest first; minutes since it began; the scores so far.
TOURNAMENTS = (
    (
        "Кубок четверга",
        System.KNOCKOUT,
        (5, 7, 4, 1, 0, 2, 3),
        1600,
        ("11:6", "9:11", "11:3", "12:10", "11:8", "7:11", "11:9"),
    ),
    (
        "Кубок осени",
        System.GROUPS,
        (0, 1, 2, 3, 4, 5),
        2900,
        ("11:6", "8:11", "11:4", "11:9", "7:11", "11:5", "11:8", "9:11", "11:7", "6:11"),
    ),
    ("Вечерний круг", System.ROUND_ROBIN, (0, 1, 3, 4, 7), 240, ("11:8", "11:5", "9:11", "13:11", "11:6", "4:11")),
)

Row = tuple[int, tuple[str, ...], tuple[str, ...], int, tuple[str, ...], int]


def plant_club(organization: Organization, people: dict[str, User], now: datetime) -> Club:
    """Creates the club with everything in it, by the verbs that the views call."""
    club = Club(organization=organization, name=organization.name)
    club.about = "Алматы, ул. Тимирязева, 42. Настольный теннис, 6 столов; корты и зал; до 23:00"
    players = club.players = [Player(name=name) for name in (*PLAYERS, *TEAMS)]
    db.session.add(club)
    db.session.flush()
    for court in COURTS:
        Court.add(club, court, people["owner"])
    chance = Random("Ракетка")
    for row in (*PLAYED, LIVE):
        _play(club, row, people["scorer"], now, chance)
    for name, system, seeds, minutes_ago, scores in TOURNAMENTS:
        sides = tuple((players[place],) for place in seeds)
        plan = TournamentPlan(name, system, sides, best_of=1, tables=(1, 2, 3, 4), has_third=True)
        tournament = Tournament.open(club, plan, people["scorer"], now - timedelta(minutes=minutes_ago))
        _play_tournament(tournament, scores, chance)
    plant_sports(club, {player.name: player for player in players}, people["scorer"], now)
    for match in db.session.scalars(Match.live_in(club)):
        match.still_goes_on(people["scorer"], now + LOOKED_AT)
    return club


def _play_tournament(tournament: Tournament, scores: tuple[str, ...], chance: Random) -> None:
    """Plays the tournament's matches one after another, as far as there are scores."""
    began, scorer = tournament.opened_at, tournament.opened_by
    for score in scores:
        if tournament.contest().may_be_drawn and not tournament.bracket:
            tournament.draw_bracket({}, scorer)
        began += timedelta(minutes=15)
        match = tournament.start_tie(min(tournament.contest().startable), 1, scorer, began)
        _tap(match, (score,), scorer, chance)


def _play(club: Club, row: Row, scorer: User, now: datetime, chance: Random) -> None:
    minutes_ago, side_a, side_b, best_of, games, table = row
    began = now - timedelta(minutes=minutes_ago)
    chosen = {player.name: player for player in club.players}
    line_up = [tuple(chosen[name] for name in side) for side in (side_a, side_b)]
    match = Match.start(club, MatchPlan(line_up[0], line_up[1], best_of, table=table), scorer, began)
    _tap(match, games, scorer, chance)


def _tap(match: Match, games: tuple[str, ...], scorer: User, chance: Random) -> None:
    rallies = [side for score in games for side in _rallies(score, chance)]
    for number, side in enumerate(rallies):
        at = match.started_at + timedelta(seconds=SECONDS_A_RALLY * (number + 1))
        match.record_rally(side, f"seed-{number}", number, scorer, at)


def _rallies(score: str, chance: Random) -> list[Side]:
    """A plausible order of rally winners: nobody reaches 11 with a lead of two before the end."""
    a, b = (int(points) for points in score.split(":"))
    level = min(a, b, 10)
    ahead = Side.A if a > b else Side.B
    if min(a, b) < 10:
        last = [ahead] if max(a, b) == 11 else []
        begin = [Side.A] * (a - (ahead is Side.A) * len(last)) + [Side.B] * (b - (ahead is Side.B) * len(last))
        chance.shuffle(begin)
        return begin + last
    begin = [Side.A, Side.B] * level
    chance.shuffle(begin)
    return begin + [ahead.other, ahead] * (min(a, b) - 10) + [ahead, ahead]
