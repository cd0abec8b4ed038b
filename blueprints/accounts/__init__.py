"""Signing in, signing out, choosing a password, and the language of the page."""

from blueprints.accounts import passwords, sign_in
from blueprints.accounts.blueprint import blueprint

__all__ = ["blueprint", "passwords", "sign_in"]
