"""The form that starts a match: format, players, table."""

from typing import Any

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, IntegerField, RadioField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import NumberRange, Optional

from blueprints.club.plan_form import CHOOSE, FAULTS, PlanForm
from blueprints.club.player_choice import LONGEST_NAME, NEW, Choice, Offers, meant
from blueprints.club.table_choice import TableField, tables_to_play_at
from blueprints.text_rules import at_most, printable, single_spaced
from models.club import Club, Fault, Match, MatchPlan, Player
from rules.scoring.log import Side

MOST_HANDICAP = 20

KINDS = [SelectChoice("singles", _l("Один на один")), SelectChoice("doubles", _l("Пары"))]
LENGTHS = [
    SelectChoice(1, _l("Одна")),
    SelectChoice(3, _l("Из трёх")),
    SelectChoice(5, _l("Из пяти")),
    SelectChoice(7, _l("Из семи")),
]
SERVERS = [SelectChoice("A", _l("Игрок")), SelectChoice("B", _l("Соперник"))]
WHICH_HANDICAP = _l("Фора: от 0 до %(most)s очков.", most=MOST_HANDICAP)


class NumberField(IntegerField):
    """An optional number; unparsable input gets the same translated message as a number out of range."""

    def __init__(self, label: LazyString, least: int, most: int, says: LazyString, **options: Any) -> None:
        super().__init__(label, [Optional(), NumberRange(least, most, says)], **options)
        self._says = says

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(str(self._says)) from None


def typed_name() -> StringField:
    """The text field for finding or naming a player."""
    return StringField(validators=[at_most(LONGEST_NAME), printable], filters=[single_spaced])


class MatchForm(PlanForm):
    """Each place has two fields: the player selected from the results, and the text typed to find them."""

    kind = RadioField(_l("Игра"), choices=KINDS, default="singles")
    a1 = StringField(_l("Игрок"))
    a1_name = typed_name()
    a2 = StringField(_l("Напарник игрока"))
    a2_name = typed_name()
    b1 = StringField(_l("Соперник"))
    b1_name = typed_name()
    b2 = StringField(_l("Напарник соперника"))
    b2_name = typed_name()
    handicap_a = NumberField(_l("Фора игрока"), 0, MOST_HANDICAP, WHICH_HANDICAP)
    handicap_b = NumberField(_l("Фора соперника"), 0, MOST_HANDICAP, WHICH_HANDICAP)
    best_of = RadioField(_l("Партий или сетов"), coerce=int, default=1, choices=LENGTHS)
    as_deciding = BooleanField(_l("Одну играем как решающую: в середине меняемся сторонами"))
    first_server = RadioField(_l("Кто подаёт первым"), default="A", choices=SERVERS)
    table = TableField(_l("Стол или корт"))

    def __init__(self, club: Club, **values: Any) -> None:
        super().__init__(**values)
        self.offer_formats(club)
        self.table.offer(tables_to_play_at(club))
        self._club, self._offers = club, Offers(club)

    def plan(self) -> MatchPlan:
        """The chosen plan, valid or not; new players are created."""
        return MatchPlan(
            self._side("a1", "a2"),
            self._side("b1", "b2"),
            self.best_of.data,
            Side(self.first_server.data),
            self.table.data,
            format=self.format.data,
            handicap=(self.handicap_a.data or 0, self.handicap_b.data or 0),
            as_deciding=self.as_deciding.data,
        )

    def choice(self, place: str) -> Choice:
        """The players offered for this place, and which of them is selected."""
        typed, sent = self._said(place)
        marked = None if sent == NEW else meant(self._club, typed, sent)
        return self._offers.choice(place, typed, marked, is_new=sent == NEW)

    def explain(self, field: str) -> None:
        """Two phones submitted at once: the same table, or the same new player, who is found now."""
        if field == "table":
            self.table.errors = [FAULTS[Fault.TAKEN]]
            return
        for place in (self.a1, self.a2, self.b1, self.b2):
            place.errors = [*place.errors, CHOOSE] if place.data == NEW else place.errors

    def _said(self, place: str) -> tuple[str, str]:
        return self[f"{place}_name"].data or "", str(self[place].data or "")

    def _side(self, *places: str) -> tuple[Player | None, ...]:
        chosen = places if self.is_doubles else places[:1]
        return tuple(meant(self._club, *self._said(place)) for place in chosen)


def rematch_of(match: Match) -> dict[str, Any]:
    """The same players again, with sides and first server swapped."""
    chosen = {f"{other}{player.place}": player.player_id for player in match.players for other in _other(player.side)}
    law, kind = match.ruleset, "doubles" if match.is_doubles else "singles"
    again = {"format": law.format, "kind": kind, "best_of": law.best_of, "table": match.table}
    again["as_deciding"] = law.is_deciding
    handicaps = {"handicap_a": match.handicap_b or None, "handicap_b": match.handicap_a or None}
    return {**chosen, **again, **handicaps, "first_server": match.first_server.value}


def _other(side: Side) -> str:
    return side.other.value.lower()
