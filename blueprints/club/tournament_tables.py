"""The tables of a tournament: chosen when it is opened, and changed while it runs."""

from typing import Any

from flask import Response, flash, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectMultipleField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired
from wtforms.widgets import CheckboxInput

from blueprints.club.blueprint import blueprint
from blueprints.club.found import around, own_tournament
from blueprints.club.match_form import NumberField
from blueprints.club.tap import scorer
from blueprints.forms import Form
from blueprints.guards import signed_in
from blueprints.replies import see
from extensions import db
from models.club import Club, Tournament
from models.club.tournament_plan import MOST_TABLES

USUAL = 4
WHICH_TABLES = _l("Столов или кортов: от 1 до %(most)s.", most=MOST_TABLES)


class TablesForm(Form):
    """Checkboxes for the tables of the club's list; a club without a list gives a number of tables."""

    tables = NumberField(_l("Столов или кортов"), 1, MOST_TABLES, WHICH_TABLES, default=USUAL)
    courts = SelectMultipleField(
        _l("Столы и корты"),
        [DataRequired(_l("Отметьте хотя бы один."))],
        coerce=int,
        option_widget=CheckboxInput(),
    )

    def __init__(self, club: Club, **values: Any) -> None:
        super().__init__(**values)
        self.courts.choices = [SelectChoice(court.number, court.name) for court in club.courts if court.is_open]
        if self.courts.choices:
            del self.tables
        else:
            del self.courts

    @property
    def numbers(self) -> tuple[int, ...]:
        """The chosen tables."""
        return tuple(self.courts.data or ()) if self.courts else tuple(range(1, (self.tables.data or 1) + 1))


def usual_tables(club: Club) -> list[int]:
    """The tables of the club's newest tournament, else the first ones of its list."""
    newest = db.session.scalars(Tournament.of(club).limit(1)).first()
    return (newest.tables if newest else []) or [court.number for court in club.courts if court.is_open][:USUAL]


@blueprint.get("/tournaments/<int:tournament_id>/tables")
@signed_in
def tournament_tables(tournament_id: int) -> str:
    found = own_tournament(tournament_id)
    return _page(found, TablesForm(found.club, data={"courts": found.tables, "tables": len(found.tables)}))


@blueprint.post("/tournaments/<int:tournament_id>/tables")
@signed_in
def choose_tables(tournament_id: int) -> Response | tuple[str, int]:
    found = own_tournament(tournament_id)
    form = TablesForm(found.club)
    if not form.validate():
        return _page(found, form), 422
    found.play_at(form.numbers, scorer())
    db.session.commit()
    flash(_("Сохранено."), "done")
    return see(url_for("club.tournament", tournament_id=found.id))


def _page(found: Tournament, form: TablesForm) -> str:
    return render_template("club/tournaments/tables.html", tournament=found, form=form, **around(found.club))
