"""Migrations run up and down and end at the models' schema, on both databases."""

import flask_migrate
from flask import Flask
from sqlalchemy import inspect

from extensions import db
from models.accounts import Role
from models.base import utc_now
from models.clinic import Appointment
from models.club import Match
from rules.scoring.log import Side
from tests.support.databases import Database
from tests.support.parts import ROOT
from tests.support.people import person
from tests.support.players import NOW, club, match, play
from tests.support.visits import desk

MIGRATIONS = str(ROOT / "migrations")


def tables() -> set[str]:
    return set(inspect(db.engine).get_table_names()) - {"alembic_version"}


def test_the_newest_migration_is_what_the_models_say(database: Database, app: Flask) -> None:
    """With the settings of `flask db revision --autogenerate`, which must not drop what the models do not name."""
    flask_migrate.check(directory=MIGRATIONS)


def test_all_the_way_down_and_up_again(database: Database, app: Flask) -> None:
    before = tables()
    flask_migrate.downgrade(directory=MIGRATIONS, revision="base")
    assert tables() == set()
    flask_migrate.upgrade(directory=MIGRATIONS)
    assert tables() == before


def test_what_was_played_and_booked_outlives_every_change_of_its_tables(database: Database, app: Flask) -> None:
    ours, samal = club(), desk()
    madina = person("Madina", Role.SCORER, ours.organization)
    playing = match(ours, madina)
    playing.move_to(2, madina, NOW)
    play(playing, "AB", madina)
    Appointment.book(samal.organization, samal.booking(samal.at(10)), samal.aigerim, utc_now())
    db.session.commit()
    db.session.close()
    flask_migrate.downgrade(directory=MIGRATIONS, revision="sign_ins")
    flask_migrate.upgrade(directory=MIGRATIONS)
    played, booked = db.session.query(Match).one(), db.session.query(Appointment).one()
    assert ([entry.side for entry in played.log], played.names(Side.A)) == ([Side.A, Side.B], ["Иван Иванов"])
    assert [(court.number, court.name) for court in played.club.courts] == [(played.held_table, "Стол 2")]
    assert (booked.patient.family_name, booked.practitioner.family_name) == ("Ахметов", "Сейтқали")
