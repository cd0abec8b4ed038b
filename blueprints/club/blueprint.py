"""The blueprint that this package's views hang themselves on, and what it adds to the application."""

from datetime import date
from typing import cast

from flask import Blueprint, Flask, url_for
from flask_babel import format_date
from flask_babel import gettext as _

from blueprints.club import fragments
from blueprints.club.course import course_drawing, sheet
from blueprints.club.spark import spark
from blueprints.club.words import law_words, sport_name, unit
from blueprints.navigation import Module, Section, register_module
from extensions import db
from models.accounts import Membership, Right
from models.club import Club

PEOPLE = tuple(f"club.{verb}player" for verb in ("", "new_", "enrol_", "edit_", "revise_", "choose_same_", "merge_"))

blueprint = Blueprint("club", __name__)


def register(app: Flask) -> None:
    """Adds the club's live topics, its section of the bar, and the filters its fragments are drawn with."""
    fragments.register(app)
    register_module(app, Module(sections))
    app.jinja_env.filters.update(course=course_drawing, sheet=sheet, day_and_month=day_and_month)
    app.jinja_env.filters.update(spark=spark, unit=unit, sport_name=sport_name, law_words=law_words)


def sections(own: Membership) -> list[Section]:
    """A member's club in the bar: what goes on, and its people."""
    if not (own.organization.has_club and own.may(Right.SEE_CLUB)):
        return []
    clubs = db.session.scalars(Club.of(own.organization_id))
    return [section for club in clubs for section in _sections_of(club)]


def _sections_of(club: Club) -> list[Section]:
    return [
        Section(_("События"), url_for("club.show", club_id=club.id), ("club.",), besides=(*PEOPLE, "club.ladder")),
        Section(_("Рейтинг"), url_for("club.ladder", club_id=club.id), ("club.ladder",)),
        Section(_("Игроки"), url_for("club.players", club_id=club.id), PEOPLE),
    ]


def day_and_month(day: str) -> str:
    """An ISO date as the reader's language says it, without the year."""
    return str(format_date(date.fromisoformat(day), "d MMMM"))


blueprint.record_once(lambda setup: register(cast(Flask, setup.app)))
