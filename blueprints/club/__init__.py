"""The club: its page, its matches and the scorer's phone."""

from blueprints.club import (
    api,
    boards,
    clubs,
    corrections,
    idling,
    imports,
    matches,
    overlay,
    passes,
    players,
    replay,
    scoring,
    screens,
    settings,
    tournaments,
    umpire,
    widgets,
)
from blueprints.club.blueprint import blueprint

__all__ = [
    "api",
    "blueprint",
    "boards",
    "clubs",
    "corrections",
    "idling",
    "imports",
    "matches",
    "overlay",
    "passes",
    "players",
    "replay",
    "scoring",
    "screens",
    "settings",
    "tournaments",
    "umpire",
    "widgets",
]
