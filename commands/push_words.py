"""The text of a push notification about a match, in the follower's language."""

import json

from flask_babel import force_locale
from flask_babel import gettext as _

from commands.messengers import Push
from models.club import Match, Notice, Occasion
from models.club.notice import FRESH
from rules.scoring.log import Side

LONGEST_NAMES = 160


def written(notice: Notice) -> Push:
    """The notice as static/js/push-worker.js shows it; a later one about the same match replaces it."""
    match, follower = notice.match, notice.follower
    with force_locale(follower.language.value):
        body = _beginning(match) if notice.occasion is Occasion.BEGAN else _end(match)
    shown = {
        "title": match.club.name[:LONGEST_NAMES],
        "body": body,
        "lang": follower.language.value,
        "tag": match.topic,
        "url": f"/matches/{match.id}",
    }
    seconds = int(FRESH[notice.occasion].total_seconds())
    return Push(follower.subscription, f"match-{match.id}", seconds, json.dumps(shown, ensure_ascii=False))


def _beginning(match: Match) -> str:
    return str(_("Началась партия: %(a)s — %(b)s", a=_names(match, Side.A), b=_names(match, Side.B)))


def _end(match: Match) -> str:
    a, b = _names(match, Side.A), _names(match, Side.B)
    winner = a if match.winner is Side.A else b
    games = ", ".join(f"{game[0]}:{game[1]}" for game in match.games)
    return str(_("%(a)s — %(b)s %(games)s. Победа: %(winner)s", a=a, b=b, games=games, winner=winner))


def _names(match: Match, side: Side) -> str:
    return " / ".join(match.names(side))[:LONGEST_NAMES]
