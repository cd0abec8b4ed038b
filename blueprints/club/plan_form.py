"""Shared by the forms of matches and tournaments: the format fields, and mapping faults of a plan to fields."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

from flask_babel import lazy_gettext as _l
from wtforms import SelectField
from wtforms.fields.choices import SelectChoice

from blueprints.club.words import law_words, sport_name
from blueprints.forms import Form
from extensions import db
from models.base import utc_now
from models.club import BadPlan, Club, Fault, Match
from rules.scoring.ruleset import Format, Players
from rules.scoring.sports import FORMATS, SPORTS
from rules.scoring.table_tennis import TABLE_TENNIS

CHOOSE = _l("Выберите игрока.")
FAULTS = {
    Fault.NOBODY: CHOOSE,
    Fault.TWICE: _l("Этот игрок уже выбран: за столом каждый стоит один раз."),
    Fault.NOT_YOURS: _l("Без судьи можно начать только партию, в которой вы играете сами."),
    Fault.LENGTH: _l("По этим правилам так не играют. Выберите другое число."),
    Fault.FORMAT: _l("Выберите, во что играете."),
    Fault.PLAYERS: _l("В эту игру столько человек не играют."),
    Fault.HANDICAP: _l("С такой форой игра начаться не может."),
    Fault.TOO_FEW: _l("Отметьте ещё игроков: столько для турнира мало."),
    Fault.TOO_MANY: _l("Для одного вечера это слишком много: круг – до 16, на вылет – до 32."),
    Fault.NO_TABLE: _l("Такого стола в списке клуба нет."),
    Fault.TAKEN: _l("Здесь сейчас играют другие. Выберите свободный стол или пересадите ту партию."),
    Fault.SMALL_GROUPS: _l("В группе должно быть хотя бы трое и больше, чем из неё выходит."),
    Fault.ODD: _l("Игроков нечётное число: кому-то не хватит напарника."),
}


class PlanForm(Form):
    """Base form of a match or tournament plan; subclasses define `kind`, "singles" or "doubles"."""

    format = SelectField(_l("Во что играем"), validate_choice=False)

    def offer_formats(self, club: Club) -> None:
        """All formats; the club's usual one is chosen unless one was sent."""
        self.format.choices = [_choice(each) for each in FORMATS.values()]
        self.format.data = self.format.data or _usual_format(club, club.organization.today(utc_now())).law.format

    @property
    def is_doubles(self) -> bool:
        """As the sport requires; if it allows both, as chosen."""
        chosen = FORMATS.get(self.format.data)
        players = SPORTS[chosen.law.sport].players if chosen else Players.EITHER
        return self["kind"].data == "doubles" if players is Players.EITHER else players is Players.PAIRS

    @contextmanager
    def conflicts(self) -> Iterator[None]:
        """As in every form; in addition, the faults of a BadPlan are shown at their fields."""
        with super().conflicts():
            try:
                yield
            except BadPlan as refused:
                db.session.rollback()
                for field, fault in refused.faults.items():
                    self[field].errors = [*self[field].errors, FAULTS[fault]]


def _usual_format(club: Club, today: date) -> Format:
    """The club's most recent format, if it still exists today."""
    law = Match.newest_law(club)
    sport = SPORTS[law.sport] if law else TABLE_TENNIS
    usual = FORMATS[law.format] if law else sport.default_on(today)
    return usual if usual.is_in_force(today) else sport.default_on(today)


def _choice(offered: Format) -> SelectChoice:
    """The attributes by which the style sheet shows only the fields that apply to the format."""
    law, sport = offered.law, SPORTS[offered.law.sport]
    facts = {
        "data-lengths": " ".join(map(str, offered.lengths)),
        "data-players": sport.players.name.lower(),
        "data-handicap": "yes" if sport.has_handicap else "no",
        "data-deciding": "yes" if offered.may_be_deciding else "no",
    }
    return SelectChoice(law.format, f"{sport_name(law.sport)}, {law_words(law.format)}", facts)
