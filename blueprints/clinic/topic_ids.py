"""The organization that a live topic's key names."""

from datetime import datetime
from zoneinfo import ZoneInfo

from extensions import db
from live.registry import Ids
from models.accounts import Organization


def organization_of(ids: Ids) -> Organization:
    """The organization with the id in the key; it exists, as listeners are its members."""
    return db.session.get_one(Organization, int(ids["organization"]))


def zone_of(ids: Ids) -> ZoneInfo:
    """The organization's time zone."""
    return organization_of(ids).zone


def next_midnight(part: str, ids: Ids, now: datetime) -> datetime:
    """When the parts of a topic that say "today" or somebody's age next change by themselves."""
    return organization_of(ids).midnight_after(now)
