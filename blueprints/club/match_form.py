"""The form that starts a match: what is played, who against whom, and how long."""

from datetime import date
from typing import Any

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, RadioField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import NumberRange, Optional

from blueprints.club.plan_form import CHOOSE, FAULTS, PlanForm
from blueprints.club.player_choice import LONGEST_NAME, NEW, Choice, Offers, meant
from blueprints.club.table_choice import TableField, tables_to_play_at
from blueprints.club.words import law_words, sport_name
from blueprints.text_rules import at_most, printable, single_spaced
from models.base import utc_now
from models.club import Club, Fault, Match, MatchPlan, Player
from rules.scoring.log import Side
from rules.scoring.ruleset import Format, Players
from rules.scoring.sports import FORMATS, SPORTS
from rules.scoring.table_tennis import TABLE_TENNIS

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
    """A number that may be left out; what is no number is answered as one out of range is, in the reader's language."""

    def __init__(self, label: LazyString, least: int, most: int, says: LazyString, **options: Any) -> None:
        super().__init__(label, [Optional(), NumberRange(least, most, says)], **options)
        self._says = says

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(str(self._says)) from None


def typed_name() -> StringField:
    """What is typed to find a player, or to name a new one."""
    return StringField(validators=[at_most(LONGEST_NAME), printable], filters=[single_spaced])


class MatchForm(PlanForm):
    """Each place has two fields: whom the person marked among those found, and what they typed to find them."""

    format = SelectField(_l("Во что играем"), validate_choice=False)
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
    first_server = RadioField(_l("Кто подаёт первым"), default="A", choices=SERVERS)
    table = TableField(_l("Стол или корт"))

    def __init__(self, club: Club, **values: Any) -> None:
        super().__init__(**values)
        self.format.choices = [format_choice(each) for each in FORMATS.values()]
        self.format.data = self.format.data or usual_format(club, club.organization.today(utc_now())).law.format
        self.table.offer(tables_to_play_at(club))
        self._club, self._offers = club, Offers(club)

    def plan(self) -> MatchPlan:
        """What was chosen, good or not; whoever is new is enrolled."""
        return MatchPlan(
            self._side("a1", "a2"),
            self._side("b1", "b2"),
            self.best_of.data,
            Side(self.first_server.data),
            self.table.data,
            format=self.format.data,
            handicap=(self.handicap_a.data or 0, self.handicap_b.data or 0),
        )

    def choice(self, place: str) -> Choice:
        """Who is offered in this place, and who of them is marked."""
        typed, sent = self._said(place)
        marked = None if sent == NEW else meant(self._club, typed, sent)
        return self._offers.choice(place, typed, marked, is_new=sent == NEW)

    def explain(self, field: str) -> None:
        """Two phones were at it at once: they sat down at one table, or wrote down one newcomer, who is found now."""
        if field == "table":
            self.table.errors = [FAULTS[Fault.TAKEN]]
            return
        for place in (self.a1, self.a2, self.b1, self.b2):
            place.errors = [*place.errors, CHOOSE] if place.data == NEW else place.errors

    def _said(self, place: str) -> tuple[str, str]:
        return self[f"{place}_name"].data or "", str(self[place].data or "")

    def _side(self, *places: str) -> tuple[Player | None, ...]:
        chosen = places if self._is_doubles else places[:1]
        return tuple(meant(self._club, *self._said(place)) for place in chosen)

    @property
    def _is_doubles(self) -> bool:
        """As the sport has it; where it leaves a choice, as was chosen."""
        chosen = FORMATS.get(self.format.data)
        players = SPORTS[chosen.law.sport].players if chosen else Players.EITHER
        return self.kind.data == "doubles" if players is Players.EITHER else players is Players.PAIRS


def usual_format(club: Club, today: date) -> Format:
    """What the club played last, by the law of today."""
    law = Match.newest_law(club)
    sport = SPORTS[law.sport] if law else TABLE_TENNIS
    usual = FORMATS[law.format] if law else sport.default_on(today)
    return usual if usual.is_in_force(today) else sport.default_on(today)


def rematch_of(match: Match) -> dict[str, Any]:
    """The same players once more, sides and first serve the other way round."""
    chosen = {f"{other}{player.place}": player.player_id for player in match.players for other in _other(player.side)}
    law, kind = match.ruleset, "doubles" if match.is_doubles else "singles"
    again = {"format": law.format, "kind": kind, "best_of": law.best_of, "table": match.table}
    handicaps = {"handicap_a": match.handicap_b or None, "handicap_b": match.handicap_a or None}
    return {**chosen, **again, **handicaps, "first_server": match.first_server.value}


def _other(side: Side) -> str:
    return side.other.value.lower()


def format_choice(offered: Format) -> SelectChoice:
    """What the style sheet needs to know of a format, to show only the fields that it has a use for."""
    law, sport = offered.law, SPORTS[offered.law.sport]
    facts = {
        "data-lengths": " ".join(map(str, offered.lengths)),
        "data-players": sport.players.name.lower(),
        "data-handicap": "yes" if sport.has_handicap else "no",
    }
    return SelectChoice(law.format, f"{sport_name(law.sport)}, {law_words(law.format)}", facts)
