"""The options of an overlay's address: table, position, size, colours and delay."""

from datetime import timedelta
from typing import Any

from flask import request
from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import ValidationError
from wtforms.widgets import ColorInput

from blueprints.club.match_form import NumberField
from blueprints.club.table_choice import TableField
from blueprints.forms import Form
from rules.colour import colour

MOST_DELAY = 120
COLOURS = {"a": "#005566", "b": "#6d2449"}

DELAY_SAYS = _l("Задержка: от 0 до %(most)s секунд.", most=MOST_DELAY)
PLACES = [
    SelectChoice("bottom-left", _l("Внизу слева")),
    SelectChoice("bottom", _l("Внизу в середине")),
    SelectChoice("bottom-right", _l("Внизу справа")),
    SelectChoice("top-left", _l("Вверху слева")),
    SelectChoice("top", _l("Вверху в середине")),
    SelectChoice("top-right", _l("Вверху справа")),
]
SIZES = [
    SelectChoice("small", _l("Мелко")),
    SelectChoice("medium", _l("Средне")),
    SelectChoice("large", _l("Крупно")),
]


def _is_colour(form: Form, field: Any) -> None:
    try:
        colour(field.data)
    except ValueError:
        raise ValidationError(_l("Цвет: три или шесть знаков, например 1f5f7a.")) from None


class OverlayForm(Form):
    table = TableField(_l("Стол или корт"))
    place = SelectField(_l("Где на экране"), choices=PLACES, default="bottom-left")
    size = RadioField(_l("Размер"), choices=SIZES, default="medium")
    a = StringField(_l("Цвет игрока"), [_is_colour], default=COLOURS["a"], widget=ColorInput())
    b = StringField(_l("Цвет соперника"), [_is_colour], default=COLOURS["b"], widget=ColorInput())
    delay = NumberField(_l("Задержка, секунд"), 0, MOST_DELAY, DELAY_SAYS)

    class Meta(Form.Meta):
        csrf = False

        def wrap_formdata(self, form: Any, formdata: Any) -> Any:
            """Read from the query string, without CSRF protection: the form changes nothing."""
            return request.args

    @property
    def wishes(self) -> dict[str, str]:
        """The valid options that differ from the defaults; call it after `validate`."""
        said = {field.name: str(field.data).strip("#") for field in self if field.data and not field.errors}
        usual = {field.name: str(field.default).strip("#") for field in self}
        return {name: value for name, value in said.items() if value != usual[name]}

    @property
    def delay_wished(self) -> timedelta:
        return timedelta(seconds=int(self.wishes.get("delay", 0)))
