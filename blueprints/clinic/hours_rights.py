"""Who may say when somebody sees patients: those with the right, and each practitioner of themselves."""

from collections.abc import Iterable

from extensions import db
from models.accounts import Membership, Right
from models.clinic import Practitioner


def practitioners_of(own: Membership) -> list[Practitioner]:
    """The organization's practitioners with their hours; two statements."""
    return list(db.session.scalars(Practitioner.of(own.organization_id)))


def is_oneself(own: Membership, practitioner: Practitioner | None) -> bool:
    return practitioner is not None and practitioner.user_id == own.user_id and own.may(Right.KEEP_OWN_HOURS)


def may_edit(own: Membership, practitioner: Practitioner) -> bool:
    """Whether the member may change this practitioner's week."""
    return own.may(Right.EDIT_HOURS) or is_oneself(own, practitioner)


def may_mark(own: Membership, practitioner: Practitioner | None) -> bool:
    """Whether the member may mark time off and extra hours here; None is the whole clinic."""
    return own.may(Right.MARK_ABSENCES) or is_oneself(own, practitioner)


def those_who_may_be_marked(own: Membership) -> Iterable[Practitioner]:
    return [each for each in practitioners_of(own) if may_mark(own, each)]
