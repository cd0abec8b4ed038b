"""Counting ended matches into their players' figures and ratings.

Taps never wait for this: the end of a match adds an UnsettledMatch, and views that show figures settle these first.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import asdict
from datetime import date, datetime, time
from itertools import groupby

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import aliased, selectinload

from extensions import db
from models.club.club import Club
from models.club.discipline import Discipline
from models.club.match import Match
from models.club.plan import MatchPlayer
from models.club.standing import Standing
from models.club.unsettled import UnsettledMatch
from rules import rating_weeks
from rules.rating_weeks import Played, after_week, week_of
from rules.scoring.log import Side
from rules.scoring.tally import Tally, tallies

AT_ONCE = 100

Lines = Sequence[UnsettledMatch]


def settle(club: Club) -> bool:
    """Counts a batch of unsettled matches and flushes; call again until it returns False.

    Works in limited batches, since there may be many after an old database was upgraded: figures first, ratings
    last. Of several concurrent callers one does the work. Costs a single statement where nothing has ended.
    """
    if db.session.scalar(UnsettledMatch.of(club.id).with_only_columns(UnsettledMatch.id).limit(1)) is None:
        return False
    db.session.execute(select(Club.id).filter_by(id=club.id).with_for_update(key_share=True))
    lines = db.session.scalars(UnsettledMatch.of(club.id).limit(AT_ONCE)).all()
    _tally(sorted({line.match_id for line in lines if line.match_id}))
    for discipline in sorted({line.discipline for line in lines}):
        own = [line for line in lines if line.discipline == discipline]
        if len(lines) == AT_ONCE:
            UnsettledMatch.note(club.id, None, discipline, min(line.began_at for line in own))
        else:
            _rate(club, discipline, own)
    db.session.execute(delete(UnsettledMatch).where(UnsettledMatch.id.in_([line.id for line in lines])))
    return bool(lines)


def _tally(numbers: Sequence[int]) -> None:
    """Stores each side's tally with its players; clears it for matches that were resumed."""
    some = select(Match).where(Match.id.in_(numbers)).options(selectinload(Match.players), selectinload(Match.log))
    for match in db.session.scalars(some):
        both = tallies(match.state.live, match.state.games) if match.winner else (Tally(), Tally())
        for player in match.players:
            player.count(both[list(Side).index(player.side)])
    db.session.flush()


def _rate(club: Club, discipline: Discipline, lines: Lines) -> None:
    """Recomputes ratings: in the first week those of the players concerned, in later weeks everybody's."""
    weeks = {line: _week(club, line.began_at) for line in lines}
    first = min(weeks.values())
    concerned = [line.match_id for line, week in weeks.items() if week == first]
    whom = None if None in concerned else _players_of(concerned)
    played = _played_since(club, discipline, first)
    rows = list(_reckoned(club, discipline, first, played, whom))
    _write(club, discipline, first, whom, rows)


def _reckoned(
    club: Club, discipline: Discipline, first: date, played: dict[date, list[Played]], whom: Collection[int] | None
) -> Iterator[dict[str, object]]:
    players = {player for matches in played.values() for match in matches for player in match.players()}
    standings = {each.player_id: each.reckoned for each in Standing.when_began(discipline, first, players)}
    for week, matches in sorted(played.items()):
        after = after_week(week, standings, matches, whom if week == first else None)
        yield from (_row(player, standing) for player, standing in after.items())
        standings |= after
        if week == first and whom is not None:
            standings |= _unconcerned(club, discipline, first, whom)


def _unconcerned(
    club: Club, discipline: Discipline, first: date, whom: Collection[int]
) -> dict[int, rating_weeks.Standing]:
    """For the first week: players who are not concerned keep their standing."""
    of_first = select(Standing).where(
        Standing.club_id == club.id, Standing.rated_in(discipline), Standing.week == first
    )
    others = db.session.scalars(of_first.where(Standing.player_id.not_in(whom)))
    return {each.player_id: each.reckoned for each in others}


def _write(
    club: Club, discipline: Discipline, first: date, whom: Collection[int] | None, rows: list[dict[str, object]]
) -> None:
    """Replaces the stored standings by the recomputed ones."""
    own = {"club_id": club.id, **vars(discipline)}
    outdated = delete(Standing).where(Standing.club_id == club.id, Standing.rated_in(discipline))
    later = Standing.week > first
    of_first = (Standing.week == first) & (Standing.player_id.in_(whom) if whom is not None else True)
    gone = db.session.scalars(outdated.where(later | of_first).returning(Standing.player_id)).all()
    if rows:
        db.session.execute(insert(Standing), [{**own, "is_newest": False, **row} for row in rows])
    _mark_newest(discipline, {*gone, *(row["player_id"] for row in rows)})


def _mark_newest(discipline: Discipline, players: Collection[object]) -> None:
    later = aliased(Standing)
    same = (later.sport == Standing.sport) & (later.is_doubles == Standing.is_doubles)
    after_it = select(later.id).where(later.player_id == Standing.player_id, same, later.week > Standing.week)
    is_newest = ~after_it.exists()
    own = update(Standing).where(Standing.rated_in(discipline), Standing.player_id.in_(players))
    changed = own.where(Standing.is_newest != is_newest).values(is_newest=is_newest)
    db.session.execute(changed, execution_options={"synchronize_session": False})


def _row(player: int, standing: rating_weeks.Standing) -> dict[str, object]:
    counts = {"matches": standing.matches, "won": standing.won}
    return {"player_id": player, "week": standing.week, **asdict(standing.rating), **counts}


def _players_of(numbers: Iterable[int | None]) -> set[int]:
    return set(db.session.scalars(select(MatchPlayer.player_id).where(MatchPlayer.match_id.in_(numbers))))


def _played_since(club: Club, discipline: Discipline, first: date) -> dict[date, list[Played]]:
    """The won matches by the week in which they began, in the order in which they began."""
    columns = (Match.id, Match.started_at, Match.winner, MatchPlayer.side, MatchPlayer.player_id)
    own = select(*columns).join(MatchPlayer, MatchPlayer.match_id == Match.id).where(Match.club_id == club.id)
    own = own.where(Match.sport == discipline.sport, Match.is_doubles == discipline.is_doubles)
    own = own.where(Match.started_at >= _begins(club, first), Match.winner.is_not(None))
    weeks: dict[date, list[Played]] = {}
    for _, rows in groupby(db.session.execute(own.order_by(Match.started_at, Match.id)), lambda row: row.id):
        players = list(rows)
        winner, began_at = players[0].winner, players[0].started_at
        sides = [tuple(row.player_id for row in players if row.side is side) for side in (winner, winner.other)]
        weeks.setdefault(_week(club, began_at), []).append(Played(sides[0], sides[1]))
    return weeks


def _week(club: Club, began_at: datetime) -> date:
    """The week of a match: that in which it began in the club's time zone."""
    return week_of(began_at.astimezone(club.organization.zone).date())


def _begins(club: Club, week: date) -> datetime:
    return datetime.combine(week, time(), club.organization.zone)
