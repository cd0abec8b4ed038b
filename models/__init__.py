"""The domain. Importing this package declares all tables."""

from models import accounts, clinic, club, live_topic

__all__ = ["accounts", "clinic", "club", "live_topic"]
