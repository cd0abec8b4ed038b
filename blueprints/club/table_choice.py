"""Choosing a table: a number, or one of the club's list."""

from typing import Any

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import NumberRange, Optional
from wtforms.widgets import Select, TextInput

from models.club import Club, Court, Match
from models.club.court import MOST_TABLES
from rules.scoring.log import Side
from rules.scoring.wire import side_name

WHICH_TABLES = _l("Номер стола или корта: от 1 до %(most)s.", most=MOST_TABLES)


class TableField(SelectField):
    """A number field, unless there is a list to offer."""

    widget = TextInput()

    def __init__(self, label: LazyString, **options: Any) -> None:
        rules = [Optional(), NumberRange(1, MOST_TABLES, WHICH_TABLES)]
        super().__init__(label, rules, coerce=_number, choices=[], validate_choice=False, **options)
        self.invalid_value_message = WHICH_TABLES

    def offer(self, choices: list[SelectChoice]) -> None:
        """Turns the field into a selection; without choices it stays a number field."""
        if choices:
            self.choices, self.widget = choices, Select()

    def _value(self) -> str:
        """The value of the number field."""
        return str(self.raw_data[0] if self.raw_data else self.data or "")


def tables_to_play_at(club: Club) -> list[SelectChoice]:
    """No table, the free tables, then the occupied ones with their players."""
    playing, listed = Match.at_tables(club), [court for court in club.courts if court.is_open]
    free = [SelectChoice(court.number, court.name) for court in listed if court.number not in playing]
    busy = [
        SelectChoice(court.number, _busy(court, playing[court.number])) for court in listed if court.number in playing
    ]
    return [SelectChoice("", _("Не указан")), *free, *busy] if listed else []


def tables_ever(club: Club, nothing: str) -> list[SelectChoice]:
    """All tables of the club's list, including retired ones."""
    gone = [(court, _("%(table)s, убран", table=court.name)) for court in club.courts if not court.is_open]
    named = [*((court, court.name) for court in club.courts if court.is_open), *gone]
    return [SelectChoice("", nothing), *(SelectChoice(court.number, name) for court, name in named)] if named else []


def _busy(court: Court, match: Match) -> str:
    return str(_("%(table)s – играют %(who)s", table=court.name, who=who_plays(match)))


def who_plays(match: Match) -> str:
    """Both sides in one line."""
    return " – ".join(side_name(match.names(side)) for side in Side)


def _number(typed: object) -> int | None:
    return int(str(typed)) if typed not in (None, "") else None
