"""Coming in, going out, and the language of the page."""

from blueprints.accounts import sign_in
from blueprints.accounts.blueprint import blueprint

__all__ = ["blueprint", "sign_in"]
