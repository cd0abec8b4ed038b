"""Patients' cards."""

import logging
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from sqlalchemy import BindParameter, ForeignKey, Index, Select, UniqueConstraint, false, func, or_, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from extensions import db
from models.accounts import Organization, User
from models.base import Model, OrganizationOwned
from models.clinic.audit import Changes, Deed, Facts, differences, note_deed
from models.clinic.card_topic import touch_card, touch_list
from models.clinic.day_topic import day_topic, days_of, touch_cards, touch_columns
from models.clinic.fragments import with_text
from models.errors import Stale, flush
from models.types import UtcDateTime, stored_by_value
from rules.iin import IinFault, Sex, iin_digits, read_iin
from rules.names import full_name, search_key, short_name, sort_key
from rules.phone import phone_key, read_phone

if TYPE_CHECKING:
    from models.clinic.appointment import Appointment

log = logging.getLogger("tablo.clinic")

FIELD_OF_CONSTRAINT = {
    "uq_patient_organization_id_phone_key": "phone",
    "uq_patient_organization_id_iin": "iin",
    "uq_patient_organization_id_once_key": "once_key",
}
# The key is indexed together with the search text, and PostgreSQL limits index entries to 2,704 bytes.
SORTED_LENGTH = 120
# As many as people read while typing.
RESEMBLING_SHOWN = 3


class MessageWish(StrEnum):
    """The language in which a patient wants the clinic's messages, or that they want none."""

    KAZAKH = "kk"
    RUSSIAN = "ru"
    ENGLISH = "en"
    NONE = "none"


@dataclass(frozen=True)
class PatientDetails:
    """The form's fields. Empty texts mean not given; birth_date is parsed already.

    The contact is the person responsible for a child or an old parent; the phone may be that of another card. messages:
    None is the clinic's language.
    """

    family_name: str
    given_name: str
    middle_name: str = ""
    phone: str = ""
    birth_date: date | None = None
    iin: str = ""
    sex: Sex | None = None
    note: str = ""
    contact_name: str = ""
    contact_phone: str = ""
    email: str = ""
    messages: MessageWish | None = None

    @property
    def full_name(self) -> str:
        return full_name(self.family_name, self.given_name, self.middle_name)

    @property
    def facts(self) -> dict[str, str | None]:
        """Every field as a text, for the audit trail; dates in ISO form."""
        return {name: str(value) if value else None for name, value in asdict(self).items()}

    @classmethod
    def from_facts(cls, facts: Facts) -> "PatientDetails":
        """The inverse of `facts`."""
        given = {name: value or "" for name, value in facts.items() if name not in ("birth_date", "sex", "messages")}
        born, sex, wish = facts["birth_date"], facts["sex"], facts["messages"]
        return cls(
            **given,
            birth_date=date.fromisoformat(born) if born else None,
            sex=Sex(sex) if sex else None,
            messages=MessageWish(wish) if wish else None,
        )


class Patient(OrganizationOwned, Model):
    """A patient's card. Phone and IIN are unique in the organization, enforced by the database."""

    __tablename__ = "patient"
    __table_args__ = (
        UniqueConstraint("organization_id", "phone_key"),
        UniqueConstraint("organization_id", "iin"),
        Index("ix_patient_organization_id_sort_key", "organization_id", "sort_key"),
        Index("ix_patient_organization_id_contact_phone_key", "organization_id", "contact_phone_key"),
        Index("ix_patient_standing", "organization_id", "merged_into_id", "withdrawn_at"),
        Index("uq_patient_organization_id_once_key", "organization_id", "once_key", unique=True),
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
    contact_name: Mapped[str | None]
    contact_phone: Mapped[str | None]
    contact_phone_key: Mapped[str | None]
    email: Mapped[str | None]
    messages: Mapped[MessageWish | None] = mapped_column(stored_by_value(MessageWish))
    search_text: Mapped[str]
    sort_key: Mapped[str]
    once_key: Mapped[str | None]
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("patient.id"))
    registered_at: Mapped[datetime] = mapped_column(UtcDateTime)
    import_id: Mapped[int | None] = mapped_column(ForeignKey("patient_import.id"), index=True)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
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
        """The card as form data."""
        return PatientDetails(
            self.family_name,
            self.given_name,
            self.middle_name,
            self.phone or "",
            self.birth_date,
            self.iin or "",
            self.sex,
            self.note,
            self.contact_name or "",
            self.contact_phone or "",
            self.email or "",
            self.messages,
        )

    @classmethod
    def of(cls, organization_id: int | BindParameter[int]) -> Select["Patient"]:
        """The organization's patients in alphabetical order, without merged and removed cards."""
        own = select(cls).filter_by(organization_id=organization_id, merged_into_id=None, withdrawn_at=None)
        return own.order_by(cls.sort_key, cls.id)

    @classmethod
    def known(cls, organization_id: int) -> Select["Patient"]:
        """As `of`, with merged and removed cards, whose history can still be read."""
        return select(cls).filter_by(organization_id=organization_id)

    @classmethod
    def matching(cls, organization_id: int, fragments: str) -> Select["Patient"]:
        """Patients whose name, phone, IIN or birth date (ДД.ММ.ГГГГ) contains every typed fragment, in any order.

        Fragments without a letter or digit match nobody; an empty input matches everybody.
        """
        found, keys = cls.of(organization_id), search_key(fragments).split()
        if fragments.strip() and not keys:
            return found.where(false())
        for key in keys:
            found = found.where(cls.search_text.contains(key))
        return found

    @classmethod
    def resembling(
        cls, organization_id: int, family_name: str, given_name: str, birth_date: date | None
    ) -> list["Patient"]:
        """Cards possibly of the same person: both names in either order, whichever letters are used («Қ» or «К»).

        Cards with different birth dates are excluded.
        """
        family, given = search_key(family_name), search_key(given_name)
        if not (family and given):
            return []
        orders = [f"{family} {given}", f"{given} {family}"]
        begins = (cls.search_text.startswith(f"{names} ") for names in orders)
        fitting = cls.of(organization_id).where(or_(cls.search_text.in_(orders), *begins))
        fitting = fitting.where(*with_text(cls, organization_id, orders))
        if birth_date:
            fitting = fitting.where(or_(cls.birth_date.is_(None), cls.birth_date == birth_date))
        return list(db.session.scalars(fitting.limit(RESEMBLING_SHOWN)))

    @classmethod
    def registered_once(cls, organization_id: int, once_key: str) -> "Patient | None":
        """The card that was registered with this key; None for an unused key."""
        return db.session.scalar(cls.of(organization_id).filter_by(once_key=once_key)) if once_key else None

    @classmethod
    def count(cls, chosen: Select["Patient"]) -> int:
        """The number of rows of a selection such as `of` or `matching`."""
        numbers = chosen.order_by(None).with_only_columns(cls.id).subquery()
        return db.session.scalar(select(func.count()).select_from(numbers)) or 0

    @classmethod
    def register(
        cls,
        organization_id: int,
        details: PatientDetails,
        actor: User | None,
        now: datetime,
        once_key: str | None = None,
    ) -> "Patient":
        """Creates a card, flushed. Raises Conflict("phone" | "iin" | "once_key"); the caller rolls back.

        actor: None for automatic changes; once_key: idempotency key of the form, so that a double submit
        creates one card.
        """
        patient = cls.unsaved(organization_id, details, now, once_key)
        db.session.add(patient)
        flush(FIELD_OF_CONSTRAINT)
        touch_list(organization_id)
        patient._touch_relatives()
        patient._touch_forms((None, None), now)
        warn_of_iin(patient.iin_fault(now), patient.id)
        patient._note(Deed.CARD_REGISTERED, actor, now, differences({}, patient.details.facts))
        return patient

    @classmethod
    def unsaved(
        cls, organization_id: int, details: PatientDetails, now: datetime, once_key: str | None = None
    ) -> "Patient":
        """A card that is not in the session; does not query the database."""
        patient = cls(organization_id=organization_id, registered_at=now, once_key=once_key)
        patient._fill_in(details)
        return patient

    def revise(self, details: PatientDetails, version: int, actor: User | None, now: datetime) -> None:
        """Changes the card, flushed, and touches the calendar from today on.

        Raises Conflict as register does, and Stale unless version is current.
        """
        if version != self.version:
            raise Stale
        before = self.details.facts
        self.rewrite(details, now)
        self._note(Deed.CARD_REVISED, actor, now, differences(before, self.details.facts))

    def rewrite(self, details: PatientDetails, now: datetime) -> None:
        """Applies a change to the card; the calling verb writes the history."""
        phone_key, iin = self.phone_key, self.iin
        self._touch_relatives()
        self._fill_in(details)
        flush(FIELD_OF_CONSTRAINT)
        self._touch_relatives()
        self._touch_family(phone_key)
        self._touch_forms((phone_key, iin), now)
        warn_of_iin(self.iin_fault(now), self.id)
        self.touch_days(now)
        touch_list(self.organization_id)
        touch_card(self.organization_id, self.id)

    def mark_merged(self, kept: "Patient") -> None:
        """Merges into another card, flushed: hidden from now on, its phone and IIN released."""
        self._touch_relatives()
        self.merged_into_id, self.search_text = kept.id, ""
        self.phone_key = self.iin = self.contact_phone_key = self.once_key = None
        flush(FIELD_OF_CONSTRAINT)
        touch_list(self.organization_id)
        touch_card(self.organization_id, self.id)

    def restore(self, details: PatientDetails) -> None:
        """Undoes a merge, flushed. Raises Conflict when its phone or IIN has been assigned to another card."""
        self.merged_into_id = None
        self._fill_in(details)
        flush(FIELD_OF_CONSTRAINT)
        self._touch_relatives()
        touch_list(self.organization_id)
        touch_card(self.organization_id, self.id)

    def read_by(self, actor: User, now: datetime) -> None:
        """Records in the audit trail that somebody opened the card."""
        self._note(Deed.CARD_READ, actor, now)

    @classmethod
    def holding(cls, organization_id: int, field: str, value: str, other_than: int | None = None) -> "Patient | None":
        """The organization's card with this phone or IIN (field), as typed; None if there is none or it is invalid."""
        column, key = (cls.phone_key, phone_key(value)) if field == "phone" else (cls.iin, iin_digits(value))
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
        contact = read_phone(details.contact_phone)
        self.contact_name = details.contact_name or None
        self.contact_phone, self.contact_phone_key = (contact.display, contact.key) if contact else (None, None)
        self.email, self.messages = details.email or None, details.messages
        self.iin = iin_digits(details.iin) or None
        self.birth_date, self.sex, self.note = details.birth_date, details.sex, details.note
        self.sort_key = sort_key(self.full_name[:SORTED_LENGTH])
        self.search_text = search_key(" ".join(self._searchable()))

    @property
    def contact_card(self) -> "Patient | None":
        """The card of the patient's contact person, found by phone; None if there is none."""
        if not self.contact_phone_key:
            return None
        own = type(self).of(self.organization_id).filter_by(phone_key=self.contact_phone_key)
        return db.session.scalar(own.order_by(None))

    @property
    def family(self) -> "list[Patient]":
        """The cards whose contact person is this patient."""
        return self._answering_by(self.phone_key) if self.phone_key else []

    def _answering_by(self, phone_key: str) -> "list[Patient]":
        # Sorted here: with ORDER BY, SQLite would scan all cards by name instead of looking up these few.
        own = type(self).of(self.organization_id).filter_by(contact_phone_key=phone_key).order_by(None)
        return sorted(db.session.scalars(own), key=lambda relative: relative.sort_key)

    def _touch_forms(self, before: tuple[str | None, str | None], now: datetime) -> None:
        """Touches open forms, which may contain the same number. before: the phone's key and the IIN."""
        own = (self.phone_key, self.iin)
        if any(mine and mine != other for mine, other in zip(own, before, strict=True)):
            touch_cards(self.organization_id, now)

    def _touch_family(self, before: str | None) -> None:
        """Keeps the contact phone of family members up to date with this card's phone."""
        if not before or before == self.phone_key:
            return
        for relative in self._answering_by(before):
            relative._fill_in(replace(relative.details, contact_phone=self.phone or ""))
            touch_card(relative.organization_id, relative.id)
        flush(FIELD_OF_CONSTRAINT)

    def _touch_relatives(self) -> None:
        """Touches the cards that show this one's name: of its contact, and of those whose contact it is."""
        for relative in filter(None, (self.contact_card, *self.family)):
            touch_card(relative.organization_id, relative.id)

    def _searchable(self) -> list[str]:
        """Every text by which the card is found."""
        born = f"{self.birth_date:%d.%m.%Y}" if self.birth_date else ""
        own = [*_dialled(self.phone, self.phone_key), self.iin or ""]
        return [self.full_name, born, *own, *_dialled(self.contact_phone, self.contact_phone_key)]

    def _note(self, deed: Deed, actor: User | None, now: datetime, changes: Changes | None = None) -> None:
        note_deed(deed, actor, now, organization_id=self.organization_id, patient_id=self.id, changes=changes)

    def touch_days(self, now: datetime) -> None:
        """Touches what the calendar shows of the patient from today on."""
        organization = db.session.get_one(Organization, self.organization_id)
        today = organization.today(now)
        db.session.expire(self, ["visits"])
        for visit in self.visits:
            for day in days_of(visit.interval, organization.zone):
                if day >= today:
                    touch_columns(day_topic(self.organization_id, day), [visit.practitioner_id])

    def iin_fault(self, now: datetime) -> IinFault | None:
        """What is wrong with the IIN, which is stored nevertheless."""
        return read_iin(self.iin, now.date()).fault if self.iin else None


def warn_of_iin(fault: IinFault | None, number: int) -> None:
    """Logs the fault, if there is one."""
    if fault:
        log.warning("IIN validation error: %s, patient %s", fault, number)


def _dialled(phone: str | None, key: str | None) -> list[str]:
    """A phone number as searched for; a Kazakh one also with the domestic prefix 8."""
    home = "8" + key[1:] if key and key.startswith("7") else ""
    return [phone or "", key or "", home]
