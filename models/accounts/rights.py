"""The table of roles and their rights."""

from enum import StrEnum


class Role(StrEnum):
    """A member's role in an organization."""

    OWNER = "owner"
    ADMINISTRATOR = "administrator"
    RECEPTIONIST = "receptionist"
    PRACTITIONER = "practitioner"
    SCORER = "scorer"
    MEMBER = "member"


CLINIC_ROLES = frozenset({Role.RECEPTIONIST, Role.PRACTITIONER})
CLUB_ROLES = frozenset({Role.SCORER, Role.MEMBER})


class Right(StrEnum):
    """What a guard or a verb requires."""

    SEE_PATIENTS = "see patients"
    EDIT_PATIENTS = "edit patients"
    MERGE_PATIENTS = "make one card of two, and two again"
    SEE_SCHEDULE = "see the schedule"
    SEE_OWN = "see one's own visits, tickets and patients"
    BOOK = "book, move and cancel appointments"
    OVERBOOK = "book over an appointment"
    EDIT_HOURS = "change practitioners' weekly hours"
    MARK_ABSENCES = "mark time off, holidays and extra hours"
    KEEP_OWN_HOURS = "change one's own hours and mark one's own absences"
    MANAGE_STAFF = "say who sees patients and what for"
    MANAGE_ROOMS = "keep the rooms and say who sits where"
    EXPORT_PATIENTS = "take the patients away as a file"
    IMPORT_PATIENTS = "bring cards in from a file"
    SEE_HISTORY = "see who did and read what"
    SEE_CLUB = "see a private club"
    SCORE = "start and score any match of the club"
    MANAGE_CLUB = "open and close the club"
    MANAGE_SCREENS = "make and take back the link of the waiting room's screen"
    SEE_REPORTS = "see how full the clinic was, and who did not come"
    SHARE_CALENDARS = "make and take back the links of practitioners' calendars"
    MANAGE_REMINDERS = "say when and how patients are reminded"
    MANAGE_PEOPLE = "change and withdraw people's roles"


_EVERYBODYS = frozenset({Right.SEE_PATIENTS, Right.SEE_SCHEDULE})
_READING = _EVERYBODYS | {Right.SEE_OWN}
_FRONT_DESK = _READING | {Right.EDIT_PATIENTS, Right.MERGE_PATIENTS, Right.BOOK, Right.MARK_ABSENCES}

RIGHTS: dict[Role, frozenset[Right]] = {
    Role.OWNER: frozenset(Right),
    Role.ADMINISTRATOR: frozenset(Right),
    Role.RECEPTIONIST: _FRONT_DESK,
    Role.PRACTITIONER: _READING | {Right.KEEP_OWN_HOURS},
    Role.SCORER: frozenset({Right.SEE_CLUB, Right.SCORE}),
    Role.MEMBER: frozenset({Right.SEE_CLUB}),
}


def rights_of(role: Role, practitioners_see_own: bool) -> frozenset[Right]:
    """practitioners_see_own: whether the organization shows its practitioners only what is their own."""
    is_narrow = practitioners_see_own and role is Role.PRACTITIONER
    return RIGHTS[role] - _EVERYBODYS if is_narrow else RIGHTS[role]
