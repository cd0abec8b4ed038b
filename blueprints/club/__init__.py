"""The club: its page, its matches and the scorer's phone."""

from blueprints.club import api, clubs, matches, players, scoring, settings, tournaments, umpire
from blueprints.club.blueprint import blueprint

__all__ = ["api", "blueprint", "clubs", "matches", "players", "scoring", "settings", "tournaments", "umpire"]
