"""The hall's screen: the matches by table, as language-neutral JSON values."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from blueprints.club.states import score_state
from extensions import db
from live.announcement import State
from models.club import IN_HALL, Club, Match
from models.club.court import MOST_TABLES
from models.club.watching import scorebook_at, tables_of

COURTS = 8
EVENING = timedelta(hours=12)
NO_DELAY = timedelta(0)
LAST = MOST_TABLES + 1


def hall_state(club: Club, now: datetime, delay: timedelta = NO_DELAY) -> State:
    """The matches in progress or just ended, in the order of the club's tables; `free`: tables without a match.

    `more`: how many matches do not fit. With a delay, everything is as it was that long ago.
    """
    scores = _one_for_each_table(_scores(club, now, delay))
    tables = tables_of(club, now - EVENING) if scores else {}
    order, taken = {number: place for place, number in enumerate(tables)}, {score["table"] for score in scores}
    free = [{"number": number, "name": name} for number, name in tables.items() if number not in taken]
    return {
        "dom_id": f"club-{club.id}-hall",
        "courts": sorted(scores[:COURTS], key=lambda score: _turn(order, score["table"])),
        "free": free[:COURTS],
        "more": max(0, len(scores) - COURTS),
    }


def _turn(order: Mapping[int, int], table: int | None) -> tuple[int, int]:
    """By the club's list, then unlisted tables by number, then matches without a table."""
    return order.get(table or 0, len(order)), table or LAST


def _scores(club: Club, now: datetime, delay: timedelta) -> list[State]:
    """The scores of matches in progress or just ended, the longest-running first."""
    moment = now - delay
    matches = db.session.scalars(Match.live_in(club, moment, IN_HALL))
    if not delay:
        return [score_state(match) for match in matches]
    return [score_state(match, scorebook_at(match, moment)) for match in matches if match.started_at <= moment]


def _one_for_each_table(scores: Sequence[State]) -> list[State]:
    """All matches in progress, and for each other table the match that ended last."""
    shown = [score for score in scores if not score["is_finished"]]
    taken = {score["table"] for score in shown}
    for score in reversed(scores):
        if score["is_finished"] and (score["table"] is None or score["table"] not in taken):
            taken.add(score["table"])
            shown.append(score)
    return shown
