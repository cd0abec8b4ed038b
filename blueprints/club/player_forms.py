"""The forms of a player's record."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, SelectField, StringField
from wtforms.fields.choices import SelectChoice

from blueprints.club.player_choice import LONGEST_NAME
from blueprints.forms import Form
from blueprints.text_rules import at_most, named, printable, single_spaced
from extensions import db
from models.accounts import Membership
from models.club import Club

NOBODY = 0


class PlayerForm(Form):
    """A new player, or the given one; only managers see the field for the account."""

    name = StringField(
        _l("Имя игрока"), [named(_l("Введите имя игрока.")), at_most(LONGEST_NAME), printable], filters=[single_spaced]
    )
    is_offered = BooleanField(_l("Играет сейчас: предлагать в новых партиях и в рейтинге"), default=True)

    def explain(self, field: str) -> None:
        self.name.errors = [_("Такой игрок в клубе уже есть. Добавьте отчество или прозвище.")]


class OwnedPlayerForm(PlayerForm):
    user_id = SelectField(_l("Учётная запись"), coerce=int)

    def __init__(self, club: Club, **values: object) -> None:
        super().__init__(**values)
        members = db.session.scalars(Membership.of_organization(club.organization_id))
        nobody = SelectChoice(NOBODY, _("Без учётной записи"))
        self.user_id.choices = [nobody, *(SelectChoice(each.user_id, each.user.name) for each in members)]

    def explain(self, field: str) -> None:
        if field == "user_id":
            self.user_id.errors = [_("Это учётная запись другого игрока.")]
        else:
            super().explain(field)


class MergeForm(Form):
    """Chooses the other record of the same player."""

    other = SelectField(_l("Кто на самом деле тот же человек"), coerce=int)

    def explain(self, field: str) -> None:
        sentences = {
            "user_id": _("У обоих есть учётная запись. Сначала отвяжите одну."),
            "other": _("Они играли в одной партии, значит, это два разных человека."),
            "tournament": _("Они заявлены в одном турнире, значит, это два разных человека."),
        }
        self.other.errors = [sentences[field]]
