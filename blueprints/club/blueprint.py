"""The blueprint of this package's views, and its registration with the application."""

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
    """Registers the club's live topics, its navigation section, and its template filters."""
    fragments.register(app)
    register_module(app, Module(sections))
    app.jinja_env.filters.update(course=course_drawing, sheet=sheet, day_and_month=day_and_month)
    app.jinja_env.filters.update(spark=spark, unit=unit, sport_name=sport_name, law_words=law_words)


def day_and_month(day: str) -> str:
    """An ISO date in the reader's language, without the year."""
    return str(format_date(date.fromisoformat(day), "d MMMM"))


blueprint.record_once(lambda setup: register(cast(Flask, setup.app)))
