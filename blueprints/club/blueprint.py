"""The blueprint that this package's views hang themselves on, and what it adds to the application."""

from datetime import date
from typing import cast

from flask import Blueprint, Flask
from flask_babel import format_date

from blueprints.club import fragments
from blueprints.club.course import course_drawing, sheet
from blueprints.club.sections import sections
from blueprints.club.spark import spark
from blueprints.club.words import law_words, sport_name, unit
from blueprints.navigation import Module, register_module

blueprint = Blueprint("club", __name__)


def register(app: Flask) -> None:
    """Adds the club's live topics, its section of the bar, and the filters its fragments are drawn with."""
    fragments.register(app)
    register_module(app, Module(sections))
    app.jinja_env.filters.update(course=course_drawing, sheet=sheet, day_and_month=day_and_month)
    app.jinja_env.filters.update(spark=spark, unit=unit, sport_name=sport_name, law_words=law_words)


def day_and_month(day: str) -> str:
    """An ISO date as the reader's language says it, without the year."""
    return str(format_date(date.fromisoformat(day), "d MMMM"))


blueprint.record_once(lambda setup: register(cast(Flask, setup.app)))
