"""The club's entries of the navigation bar."""

from flask import url_for
from flask_babel import gettext as _

from blueprints.navigation import Section
from extensions import db
from models.accounts import Membership, Right
from models.club import Club

PEOPLE = tuple(f"club.{verb}player" for verb in ("", "new_", "enrol_", "edit_", "revise_", "choose_same_", "merge_"))


def sections(own: Membership) -> list[Section]:
    """The navigation of a club's members."""
    if not (own.organization.has_club and own.may(Right.SEE_CLUB)):
        return []
    clubs = db.session.scalars(Club.of(own.organization_id))
    return [section for club in clubs for section in sections_of_club(club)]


def sections_of_club(club: Club) -> list[Section]:
    """The navigation on the club's own pages, for everybody."""
    return [
        Section(_("События"), url_for("club.show", club_id=club.id), ("club.",), besides=(*PEOPLE, "club.ladder")),
        Section(_("Рейтинг"), url_for("club.ladder", club_id=club.id), ("club.ladder",)),
        Section(_("Игроки"), url_for("club.players", club_id=club.id), PEOPLE),
    ]
