"""The screen in the hall: a place for every table, as JSON-able values in no language."""

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
    """Who plays at which table, in the club's order, and who has just played; tables at which nobody does.

    A court has its match, or none where the table is free; `more` are matches for which there is no room. With a
    delay all is as it was so long ago.
    """
    scores = _one_for_each_table(_scores(club, now, delay))
    courts = [{"table": score["table"], "match": score} for score in scores[:COURTS]]
    if scores:
        tables, taken = tables_of(club, now - EVENING), {score["table"] for score in scores}
        free = [
            {"table": number, "name": name, "match": None} for number, name in tables.items() if number not in taken
        ]
        order = {number: place for place, number in enumerate(tables)}
        courts = sorted(courts + free[: COURTS - len(courts)], key=lambda court: _turn(order, court["table"]))
    more = max(0, len(scores) - COURTS)
    return {"dom_id": f"club-{club.id}-hall", "club": club.id, "courts": courts, "more": more}


def _turn(order: Mapping[int, int], table: int | None) -> tuple[int, int]:
    """By the club's list, then what is on no list by number, then who plays nowhere in particular."""
    return order.get(table or 0, len(order)), table or LAST


def _scores(club: Club, now: datetime, delay: timedelta) -> list[State]:
    """Those of the matches that go on or have just ended, the longest first."""
    moment = now - delay
    matches = db.session.scalars(Match.live_in(club, moment, IN_HALL))
    if not delay:
        return [score_state(match) for match in matches]
    return [score_state(match, scorebook_at(match, moment)) for match in matches if match.started_at <= moment]


def _one_for_each_table(scores: Sequence[State]) -> list[State]:
    """All that go on; then of those that ended the last of a table at which nobody plays."""
    shown = [score for score in scores if not score["is_finished"]]
    taken = {score["table"] for score in shown}
    for score in reversed(scores):
        if score["is_finished"] and (score["table"] is None or score["table"] not in taken):
            taken.add(score["table"])
            shown.append(score)
    return shown
