"""What is wrong with a plan of play, under the fields of its form."""

from collections.abc import Iterator
from contextlib import contextmanager

from flask_babel import lazy_gettext as _l

from blueprints.forms import Form
from extensions import db
from models.club import BadPlan, Fault

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
    """The form of a plan: a match, or a tournament."""

    @contextmanager
    def conflicts(self) -> Iterator[None]:
        """As every form's, and a BadPlan ends up under its fields."""
        with super().conflicts():
            try:
                yield
            except BadPlan as refused:
                db.session.rollback()
                for field, fault in refused.faults.items():
                    self[field].errors = [*self[field].errors, FAULTS[fault]]
