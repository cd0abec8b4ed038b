"""The form that opens a tournament: entrants, system and format."""

from datetime import timedelta
from itertools import chain, count
from random import Random, SystemRandom
from typing import Any

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField, SelectMultipleField, StringField, ValidationError
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length
from wtforms.widgets import CheckboxInput

from blueprints.club.match_form import LENGTHS, NumberField
from blueprints.club.plan_form import PlanForm
from blueprints.club.tournament_tables import TablesForm
from blueprints.text_rules import printable
from extensions import db
from models.base import utc_now
from models.club import Club, Discipline, Standing, System, Tournament, TournamentPlan
from models.club.tournament_plan import MOST_GROUPS, MOST_TO_ADVANCE, drawn_sides
from rules.scoring.sports import FORMATS

LONGEST_NAME = 80
MOST_SEEDS = 32
SYSTEMS = [
    SelectChoice(System.ROUND_ROBIN.value, _l("Круг: каждый с каждым")),
    SelectChoice(System.KNOCKOUT.value, _l("На вылет")),
    SelectChoice(System.GROUPS.value, _l("Группы, потом на вылет")),
]
KINDS = [SelectChoice("singles", _l("Один на один")), SelectChoice("doubles", _l("Пары по жребию"))]
WHICH_GROUPS = _l("Групп: от 2 до %(most)s.", most=MOST_GROUPS)
WHICH_ADVANCE = _l("Из группы выходят от 1 до %(most)s.", most=MOST_TO_ADVANCE)
WHICH_SEED = _l("Посев: число от 1 до %(most)s.", most=MOST_SEEDS)


class TournamentForm(TablesForm, PlanForm):
    name = StringField(_l("Название"), [DataRequired(_l("Назовите турнир.")), Length(max=LONGEST_NAME), printable])
    system = RadioField(_l("Как играем"), choices=SYSTEMS, default=System.ROUND_ROBIN.value)
    kind = RadioField(_l("Игра"), choices=KINDS, default="singles")
    best_of = RadioField(_l("Партий или сетов"), coerce=int, default=3, choices=LENGTHS)
    groups = NumberField(_l("Групп"), 2, MOST_GROUPS, WHICH_GROUPS, default=2)
    advance = NumberField(_l("Выходят из группы"), 1, MOST_TO_ADVANCE, WHICH_ADVANCE, default=2)
    by_rating = BooleanField(_l("Посеять по рейтингу"))
    has_third = BooleanField(_l("Партия за третье место"))
    players = SelectMultipleField(_l("Кто играет"), coerce=int, option_widget=CheckboxInput())

    def __init__(self, club: Club, chance: Random | None = None, **values: Any) -> None:
        super().__init__(club, **values)
        self._club = club
        self._chance = chance or SystemRandom()
        self._players = {player.id: player for player in club.players if not player.is_hidden}
        self.players.choices = [SelectChoice(player.id, player.name) for player in self._players.values()]
        self.offer_formats(club)

    def validate_players(self, field: SelectMultipleField) -> None:
        if any(not self._is_seed(self.typed_seed(number)) for number in field.data or []):
            raise ValidationError(str(WHICH_SEED))

    @property
    def plan(self) -> TournamentPlan:
        """The chosen plan with its draw, valid or not."""
        chosen = [self._players[number] for number in self.players.data or []]
        return TournamentPlan(
            self.name.data,
            System(self.system.data),
            drawn_sides(chosen, self._seeds(), self._chance, in_pairs=self.is_doubles),
            self.format.data,
            self.best_of.data,
            self.numbers,
            self.has_third.data,
            self.groups.data or 2,
            self.advance.data or 2,
        )

    def typed_seed(self, player_id: int) -> str:
        return request.form.get(f"seed-{player_id}", "").strip()

    def _seeds(self) -> dict[int, int]:
        """By rating, if chosen, else as entered."""
        if self.by_rating.data:
            return self._ranks()
        typed = {number: self.typed_seed(number) for number in self.players.data or []}
        return {number: int(seed) for number, seed in typed.items() if seed}

    def _ranks(self) -> dict[int, int]:
        chosen = FORMATS.get(self.format.data)
        if chosen is None:
            return {}
        ladder = db.session.scalars(Standing.ladder(self._club, Discipline(chosen.law.sport, self.is_doubles)))
        return {each.player_id: rank for rank, each in enumerate(ladder, start=1)}

    def _is_seed(self, typed: str) -> bool:
        return not typed or (typed.isascii() and typed.isdigit() and len(typed) < 3 and 1 <= int(typed) <= MOST_SEEDS)


def usual_name(club: Club, day: str) -> str:
    """The default name of a tournament on that day, from the second on with its number."""
    name = str(_("Турнир %(day)s", day=day))
    of_today = Tournament.of(club).where(Tournament.opened_at > utc_now() - timedelta(days=1))
    taken = {each.name for each in db.session.scalars(of_today)}
    numbered = (f"{name} ({number})" for number in count(2))
    return next(each for each in chain([name], numbered) if each not in taken)
