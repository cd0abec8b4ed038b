"""The club: its page, its matches and the scorer's phone."""

from blueprints.club.blueprint import blueprint

__all__ = ["blueprint"]
