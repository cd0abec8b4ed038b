"""Those who come."""

import logging
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from sqlalchemy import Index, Select, UniqueConstraint, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, mapped_column, relationship
from sqlalchemy.orm.exc import StaleDataError

from extensions import db
from models.accounts import Organization, User
from models.base import Model, OrganizationOwned
from models.clinic.audit import Changes, Deed, differences, note_deed
from models.clinic.day_topic import day_topic, days_of, touch_columns
from models.errors import Conflict, Stale, violated_constraint
from models.types import UtcDateTime, stored_by_value
from rules.iin import Sex, iin_digits, read_iin
from rules.names import full_name, search_key, short_name, sort_key
from rules.phone import read_phone

if TYPE_CHECKING:
    from models.clinic.appointment import Appointment

log = logging.getLogger("tablo.clinic")

FIELD_OF_CONSTRAINT = {
    "uq_patient_organization_id_phone_key": "phone",
    "uq_patient_organization_id_iin": "iin",
}


@dataclass(frozen=True)
class PatientDetails:
    """What a receptionist fills in. Empty texts mean nothing was given; birth_date is already a date."""

    family_name: str
    given_name: str
    middle_name: str = ""
    phone: str = ""
    birth_date: date | None = None
    iin: str = ""
    sex: Sex | None = None
    note: str = ""

    @property
    def facts(self) -> dict[str, str | None]:
        """Every field as a text, as the history keeps it; dates in ISO form."""
        return {name: str(value) if value else None for name, value in asdict(self).items()}


class Patient(OrganizationOwned, Model):
    """A patient's card. Phone and IIN are unique in the organization, which the database enforces."""

    __tablename__ = "patient"
    __table_args__ = (
        UniqueConstraint("organization_id", "phone_key"),
        UniqueConstraint("organization_id", "iin"),
        Index("ix_patient_organization_id_sort_key", "organization_id", "sort_key"),
    )

    family_name: Mapped[str]
    given_name: Mapped[str]
    middle_name: Mapped[str]
    phone: Mapped[str | None]
    phone_key: Mapped[str | None]
    birth_date: Mapped[date | None]
    iin: Mapped[str | None]
    sex: Mapped[Sex | None] = mapped_column(stored_by_value(Sex))
    note: Mapped[str]
    search_text: Mapped[str]
    sort_key: Mapped[str]
    registered_at: Mapped[datetime] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column()

    visits: Mapped[list["Appointment"]] = relationship(viewonly=True)

    __mapper_args__ = {"version_id_col": version}

    @property
    def full_name(self) -> str:
        return full_name(self.family_name, self.given_name, self.middle_name)

    @property
    def short_name(self) -> str:
        return short_name(self.family_name, self.given_name, self.middle_name)

    @property
    def details(self) -> PatientDetails:
        """The card as the form shows it."""
        return PatientDetails(
            self.family_name,
            self.given_name,
            self.middle_name,
            self.phone or "",
            self.birth_date,
            self.iin or "",
            self.sex,
            self.note,
        )

    @classmethod
    def of(cls, organization_id: int) -> Select["Patient"]:
        """The organization's patients in alphabetical order."""
        return select(cls).filter_by(organization_id=organization_id).order_by(cls.sort_key, cls.id)

    @classmethod
    def matching(cls, organization_id: int, fragments: str) -> Select["Patient"]:
        """Those whose name, phone, IIN or birth date (ДД.ММ.ГГГГ) contains every typed fragment, in any order."""
        found = cls.of(organization_id)
        for fragment in search_key(fragments).split():
            found = found.where(cls.search_text.contains(fragment))
        return found

    @classmethod
    def count(cls, chosen: Select["Patient"]) -> int:
        """How many patients a choice such as `of` or `matching` holds."""
        numbers = chosen.order_by(None).with_only_columns(cls.id).subquery()
        return db.session.scalar(select(func.count()).select_from(numbers)) or 0

    @classmethod
    def register(cls, organization_id: int, details: PatientDetails, actor: User | None, now: datetime) -> "Patient":
        """A new card, flushed. Raises Conflict("phone" | "iin"); the caller rolls back.

        actor: None when nobody does it in person.
        """
        patient = cls(organization_id=organization_id, registered_at=now)
        patient._fill_in(details)
        db.session.add(patient)
        patient._flush()
        patient._warn_of_doubtful_iin(now)
        patient._note(Deed.CARD_REGISTERED, actor, now, differences({}, patient.details.facts))
        return patient

    def revise(self, details: PatientDetails, version: int, actor: User | None, now: datetime) -> None:
        """Changes the card, flushed, and with it what the calendar shows from today on.

        Raises Conflict as register does, and Stale unless version is the card's.
        """
        if version != self.version:
            raise Stale
        before = self.details.facts
        self._fill_in(details)
        self._flush()
        self._warn_of_doubtful_iin(now)
        self._touch_days(now)
        self._note(Deed.CARD_REVISED, actor, now, differences(before, self.details.facts))

    def read_by(self, actor: User, now: datetime) -> None:
        """Notes that somebody looked at the card."""
        self._note(Deed.CARD_READ, actor, now)

    @classmethod
    def holding(cls, organization_id: int, field: str, value: str, other_than: int | None = None) -> "Patient | None":
        """Whose card in the organization has this phone or IIN (field), as typed; None if free or not compared."""
        column, key = (cls.phone_key, _phone_key(value)) if field == "phone" else (cls.iin, iin_digits(value))
        if not key:
            return None
        held = cls.of(organization_id).where(column == key, cls.id != (other_than or 0))
        return db.session.scalars(held.limit(1)).first()

    def _fill_in(self, details: PatientDetails) -> None:
        phone = read_phone(details.phone)
        self.family_name, self.given_name, self.middle_name = (
            details.family_name,
            details.given_name,
            details.middle_name,
        )
        self.phone, self.phone_key = (phone.display, phone.key) if phone else (None, None)
        self.iin = iin_digits(details.iin) or None
        self.birth_date, self.sex, self.note = details.birth_date, details.sex, details.note
        self.sort_key = sort_key(self.full_name)
        self.search_text = search_key(" ".join(self._searchable()))

    def _searchable(self) -> list[str]:
        """Every text the card is found by; a Kazakh number also as it is dialled inside the country, from 8."""
        numbers = [self.phone or "", self.phone_key or "", self.iin or ""]
        if self.phone_key and self.phone_key.startswith("7"):
            numbers.append("8" + self.phone_key[1:])
        born = f"{self.birth_date:%d.%m.%Y}" if self.birth_date else ""
        return [self.full_name, born, *numbers]

    def _flush(self) -> None:
        try:
            db.session.flush()
        except StaleDataError as error:
            raise Stale from error
        except IntegrityError as error:
            field = FIELD_OF_CONSTRAINT.get(violated_constraint(error))
            if field is None:
                raise
            raise Conflict(field) from error

    def _note(self, deed: Deed, actor: User | None, now: datetime, changes: Changes | None = None) -> None:
        note_deed(deed, actor, now, organization_id=self.organization_id, patient_id=self.id, changes=changes)

    def _touch_days(self, now: datetime) -> None:
        organization = db.session.get_one(Organization, self.organization_id)
        today = organization.today(now)
        for visit in self.visits:
            for day in days_of(visit.interval, organization.zone):
                if day >= today:
                    touch_columns(day_topic(self.organization_id, day), [visit.practitioner_id])

    def _warn_of_doubtful_iin(self, now: datetime) -> None:
        fault = read_iin(self.iin, now.date()).fault if self.iin else None
        if fault:
            log.warning("IIN validation error: %s, patient %s", fault, self.id)


def _phone_key(typed: str) -> str | None:
    phone = read_phone(typed)
    return phone.key if phone else None
