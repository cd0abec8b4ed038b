"""A clinic, a club, or both: the tenant that owns every other record."""

from datetime import date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from sqlalchemy import false
from sqlalchemy.orm import Mapped, mapped_column

from models.accounts.rights import CLINIC_ROLES, CLUB_ROLES, Role
from models.base import Identified, Model
from models.types import stored_by_value
from rules.midnight import midnight_after


class Language(StrEnum):
    """The languages the catalogs hold."""

    RUSSIAN = "ru"
    KAZAKH = "kk"
    ENGLISH = "en"


class Organization(Identified, Model):
    """A tenant: its name, modules, time zone and language, and from how many minutes a wait is marked as long.

    practitioners_see_own: practitioners see only their own schedule and patients.
    """

    __tablename__ = "organization"

    name: Mapped[str]
    has_clinic: Mapped[bool] = mapped_column(default=False)
    has_club: Mapped[bool] = mapped_column(default=False)
    time_zone: Mapped[str] = mapped_column(default="Asia/Almaty")
    language: Mapped[Language] = mapped_column(stored_by_value(Language), default=Language.RUSSIAN)
    warm_minutes: Mapped[int] = mapped_column(default=10, server_default="10")
    long_minutes: Mapped[int] = mapped_column(default=20, server_default="20")
    practitioners_see_own: Mapped[bool] = mapped_column(default=False, server_default=false())

    def has_role(self, role: Role) -> bool:
        """Whether one of its modules knows this role."""
        return not ((role in CLINIC_ROLES and not self.has_clinic) or (role in CLUB_ROLES and not self.has_club))

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    def today(self, now: datetime) -> date:
        """The calendar day of this instant in the organization's time zone."""
        return now.astimezone(self.zone).date()

    def midnight_after(self, now: datetime) -> datetime:
        """When the next calendar day begins in the organization's time zone."""
        return midnight_after(now, self.zone)
