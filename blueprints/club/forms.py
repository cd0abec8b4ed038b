"""The forms of the club: a new match, and a tap."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, RadioField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import NumberRange, Optional

from blueprints.club.found import record_number
from blueprints.forms import Form
from extensions import db
from models.club import BadPlan, Club, Fault, Match, MatchPlan, Player
from rules.scoring.engine import Side

TAP_ID = r"[A-Za-z0-9_-]{1,64}"
MOST_TABLES = 99

CHOOSE = _l("Выберите игрока.")
FAULTS = {
    Fault.NOBODY: CHOOSE,
    Fault.TWICE: _l("Этот игрок уже выбран: за столом каждый стоит один раз."),
    Fault.NOT_YOURS: _l("Без судьи можно начать только партию, в которой вы играете сами."),
    Fault.LENGTH: _l("Играют одну партию или до победы в большинстве из трёх или пяти."),
}

KINDS = [SelectChoice("singles", _l("Один на один")), SelectChoice("doubles", _l("Пары"))]
LENGTHS = [SelectChoice(1, _l("Одна")), SelectChoice(3, _l("Из трёх")), SelectChoice(5, _l("Из пяти"))]
SERVERS = [SelectChoice("A", _l("Игрок")), SelectChoice("B", _l("Соперник"))]


WHICH_TABLES = _l("Номер стола: от 1 до %(most)s.", most=MOST_TABLES)


class TableField(IntegerField):
    def process_formdata(self, valuelist: list[str]) -> None:
        """Words are answered as a number out of range is, in the reader's language."""
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(str(WHICH_TABLES)) from None


class MatchForm(Form):
    kind = RadioField(_l("Игра"), choices=KINDS, default="singles")
    a1 = SelectField(_l("Игрок"), coerce=int, invalid_choice_message=CHOOSE)
    a2 = SelectField(_l("Напарник игрока"), coerce=int, default=0, invalid_choice_message=CHOOSE)
    b1 = SelectField(_l("Соперник"), coerce=int, invalid_choice_message=CHOOSE)
    b2 = SelectField(_l("Напарник соперника"), coerce=int, default=0, invalid_choice_message=CHOOSE)
    best_of = RadioField(_l("Сколько партий"), coerce=int, default=1, choices=LENGTHS)
    first_server = RadioField(_l("Кто подаёт первым"), default="A", choices=SERVERS)
    table = TableField(_l("Стол"), [Optional(), NumberRange(1, MOST_TABLES, WHICH_TABLES)])

    def __init__(self, club: Club, **values: Any) -> None:
        super().__init__(**values)
        self._players = {player.id: player for player in club.players}
        nobody = SelectChoice(0, gettext("Выберите игрока"))
        for field in (self.a1, self.a2, self.b1, self.b2):
            field.choices = [nobody, *(SelectChoice(player.id, player.name) for player in club.players)]

    @property
    def plan(self) -> MatchPlan:
        """What was chosen, good or not."""
        return MatchPlan(
            self._side(self.a1, self.a2),
            self._side(self.b1, self.b2),
            self.best_of.data,
            Side(self.first_server.data),
            self.table.data,
        )

    @contextmanager
    def refusals(self) -> Iterator[None]:
        """Around the start and its commit: what is wrong with the plan ends up under the fields."""
        try:
            yield
        except BadPlan as refused:
            db.session.rollback()
            for field, fault in refused.faults.items():
                self[field].errors = [*self[field].errors, FAULTS[fault]]

    def _side(self, *fields: Any) -> tuple[Player | None, ...]:
        chosen = fields if self.kind.data == "doubles" else fields[:1]
        return tuple(self._players.get(field.data) for field in chosen)


@dataclass(frozen=True)
class Tap:
    """What a phone sends: who made the point (nobody: the newest rally is meant), the tap's own name, and the length of
    the log that its screen showed. No form: nobody typed it, so there is nothing to say under a field."""

    side: Side | None
    tap_id: str
    base_seq: int

    @classmethod
    def read(cls, sent: Mapping[str, str]) -> "Tap":
        """Raises ValueError for what no phone of ours sends."""
        side, tap_id, base_seq = (sent.get(name, "") for name in ("side", "tap_id", "base_seq"))
        if "side" not in sent or not re.fullmatch(TAP_ID, tap_id):
            raise ValueError(tap_id)
        return cls(Side(side) if side else None, tap_id, record_number(base_seq))


def rematch_of(match: Match) -> dict[str, Any]:
    """The same players once more, sides and first serve the other way round."""
    chosen = {f"{other}{player.place}": player.player_id for player in match.players for other in _other(player.side)}
    kind = "doubles" if match.is_doubles else "singles"
    best_of, table = match.ruleset.best_of, match.table_number
    return {**chosen, "kind": kind, "best_of": best_of, "table": table, "first_server": match.first_server.value}


def _other(side: Side) -> str:
    return side.other.value.lower()
