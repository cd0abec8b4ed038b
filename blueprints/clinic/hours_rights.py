"""Who may see, call in, and change hours: members with the right, and practitioners what is their own."""

from collections.abc import Iterable

from sqlalchemy import select

from extensions import db
from models.accounts import Membership, Right
from models.clinic import Practitioner
from models.clinic.own_patients import own_patient_ids


def practitioners_of(own: Membership) -> list[Practitioner]:
    """Those who see patients, as far as the member may see them; one statement."""
    return [each for each in everybody_of(own) if each.sees_patients]


def everybody_of(own: Membership) -> list[Practitioner]:
    """As practitioners_of, and those who left: for what looks back."""
    everybody = db.session.scalars(Practitioner.ever_of(own.organization_id))
    return [each for each in everybody if may_see(own, each)]


def is_oneself(own: Membership, practitioner: Practitioner | None) -> bool:
    return practitioner is not None and practitioner.user_id == own.user_id and own.may(Right.KEEP_OWN_HOURS)


def may_see(own: Membership, practitioner: Practitioner | None) -> bool:
    """Whether the member may see what is this practitioner's, or nobody's in particular (None)."""
    return own.may(Right.SEE_SCHEDULE) or is_oneself(own, practitioner)


def own_account(own: Membership) -> int | None:
    """The account of the practitioner whose visits alone the member may see; None for who may see everybody's."""
    return None if own.may(Right.SEE_SCHEDULE) else own.user_id


def may_see_patient(own: Membership, patient_id: int) -> bool:
    """Whether the member may see all patients, or this one is their own."""
    if own.may(Right.SEE_PATIENTS):
        return True
    theirs = own_patient_ids(own.organization_id, own.user_id).subquery()
    return db.session.scalar(select(theirs).where(theirs.c.patient_id == patient_id)) is not None


def may_call(own: Membership, practitioner: Practitioner | None) -> bool:
    """Whether the member may call in the patients of this practitioner, or of nobody in particular (None)."""
    return own.may(Right.BOOK) or is_oneself(own, practitioner)


def may_edit(own: Membership, practitioner: Practitioner) -> bool:
    """Whether the member may change this practitioner's weekly hours."""
    return own.may(Right.EDIT_HOURS) or is_oneself(own, practitioner)


def may_mark(own: Membership, practitioner: Practitioner | None) -> bool:
    """Whether the member may create absences and extra hours of this practitioner, or of the whole clinic (None)."""
    return own.may(Right.MARK_ABSENCES) or is_oneself(own, practitioner)


def those_who_may_be_marked(own: Membership) -> Iterable[Practitioner]:
    return [each for each in practitioners_of(own) if may_mark(own, each)]
