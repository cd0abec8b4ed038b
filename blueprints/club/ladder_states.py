"""The ratings as live fragments show them."""

from datetime import date, datetime, timedelta

from extensions import db
from live.announcement import State
from models.club import Club, Discipline, Standing
from rules.rating_weeks import week_of, weeks_between

RANKS = 8
LONGEST_LADDER = 200
WEEKS_DRAWN = 12


def ranks_state(club: Club, now: datetime) -> State:
    """The top of the most played discipline, for the club's page."""
    disciplines = Standing.disciplines(club)
    rows = _rows(club, disciplines[0], now, RANKS) if disciplines else []
    shown = vars(disciplines[0]) if disciplines else {"sport": None, "is_doubles": False}
    return {"dom_id": f"club-{club.id}-ranks", "club": club.id, "rows": rows, **shown}


def ladder_state(club: Club, discipline: Discipline, now: datetime) -> State:
    """All rated players, the strongest first."""
    rows = _rows(club, discipline, now, LONGEST_LADDER)
    dom_id = f"club-{club.id}-ladder-{discipline.code.replace('/', '-')}"
    return {"dom_id": dom_id, "club": club.id, "rows": rows, **vars(discipline)}


def _rows(club: Club, discipline: Discipline, now: datetime, most: int) -> list[State]:
    today = club.organization.today(now)
    standings = db.session.scalars(Standing.ladder(club, discipline).limit(most)).all()
    since = today - timedelta(weeks=WEEKS_DRAWN)
    courses = Standing.courses(discipline, [each.player_id for each in standings], since)
    return [
        {**row_of(each, today), "place": place, "course": courses.get(each.player_id, [])}
        for place, each in enumerate(standings, start=1)
    ]


def row_of(standing: Standing, today: date) -> State:
    """A player's rating as numbers; its uncertainty grows with inactivity."""
    rating = standing.reckoned.rating.rested(weeks_between(standing.week, week_of(today)))
    return {
        "player": standing.player_id,
        "name": standing.player.name,
        "value": round(rating.value),
        "deviation": round(rating.deviation),
        "is_provisional": standing.is_provisional,
        "matches": standing.matches,
        "won": standing.won,
    }
