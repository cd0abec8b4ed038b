"""The audit trail of the clinic or of one card, for those who may see it."""

from dataclasses import dataclass
from datetime import date

from flask import Response, request, url_for
from sqlalchemy import select

from blueprints.clinic.appointment_fields import record_number
from blueprints.clinic.blueprint import blueprint
from blueprints.clinic.fragments import read_date
from blueprints.clinic.history_words import HistoryWords, deed_words
from blueprints.clinic.patients import known_patient
from blueprints.guards import own_membership, requires
from blueprints.replies import page
from extensions import db
from models.accounts import Membership, Organization, Right, User
from models.base import utc_now
from models.clinic import AuditEvent, Deed
from models.clinic.audit import Question
from models.clinic.day_topic import whole_day

PER_PAGE = 50


@dataclass(frozen=True)
class Asked:
    """The filter in the address; invalid values are ignored."""

    who: int | None
    what: Deed | None
    day: date | None
    patient: int | None

    @classmethod
    def read(cls) -> "Asked":
        what = request.args.get("what", "")
        return cls(
            record_number(request.args.get("who")),
            Deed(what) if what in set(Deed) else None,
            read_date(request.args.get("day", "")),
            record_number(request.args.get("patient")),
        )

    def question(self, organization: Organization) -> Question:
        during = whole_day(self.day, organization.zone) if self.day else None
        return Question(organization.id, self.who, self.what, self.patient, during)

    def address(self, before: int) -> str:
        """The address of the events before the one with this id."""
        day = self.day.isoformat() if self.day else None
        return url_for("clinic.history", who=self.who, what=self.what, day=day, patient=self.patient, before=before)

    @property
    def is_narrow(self) -> bool:
        return bool(self.who or self.what or self.day)


@blueprint.get("/history")
@requires(Right.SEE_HISTORY)
def history() -> Response:
    """The newest matching events; `patient` restricts them to one card."""
    organization, asked = own_membership().organization, Asked.read()
    question = asked.question(organization)
    events = AuditEvent.page(question, record_number(request.args.get("before")), PER_PAGE + 1)
    return page(
        "clinic/history/page.html",
        "clinic/history/_events.html",
        asked=asked,
        events=events[:PER_PAGE],
        older=asked.address(events[PER_PAGE - 1].id) if len(events) > PER_PAGE else None,
        of=known_patient(asked.patient) if asked.patient else None,
        people=_people(organization),
        deeds=deed_words(),
        words=HistoryWords(organization, utc_now()),
    )


def _people(organization: Organization) -> list[User]:
    """The organization's members by name."""
    own = select(User).join(Membership).where(Membership.organization_id == organization.id)
    return list(db.session.scalars(own.order_by(User.name, User.id)))
