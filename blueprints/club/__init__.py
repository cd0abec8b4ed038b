"""The club: its page, its matches and the scorer's phone."""

from blueprints.club import (
    api,
    clubs,
    corrections,
    idling,
    imports,
    matches,
    passes,
    players,
    scoring,
    settings,
    tournaments,
    umpire,
)
from blueprints.club.blueprint import blueprint

__all__ = [
    "api",
    "blueprint",
    "clubs",
    "corrections",
    "idling",
    "imports",
    "matches",
    "passes",
    "players",
    "scoring",
    "settings",
    "tournaments",
    "umpire",
]
