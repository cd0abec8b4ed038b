"""The organizations a person belongs to."""

from blueprints.organizations import choice
from blueprints.organizations.blueprint import blueprint

__all__ = ["blueprint", "choice"]
