"""The steps of visits as they were taken."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.accounts import User
from models.base import Identified, Model
from models.types import UtcDateTime, stored_by_value
from rules.booking import Status


class StatusEvent(Identified, Model):
    """One change of one visit: who, when, old and new status; these are equal if only the booking changed."""

    __tablename__ = "status_event"

    appointment_id: Mapped[int] = mapped_column(ForeignKey("appointment.id"), index=True)
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    before: Mapped[Status | None] = mapped_column(stored_by_value(Status))
    after: Mapped[Status] = mapped_column(stored_by_value(Status))

    actor: Mapped[User | None] = relationship()
