"""The organizations a person belongs to, and the people who belong to them."""

from blueprints.organizations import choice, people
from blueprints.organizations.blueprint import blueprint

__all__ = ["blueprint", "choice", "people"]
