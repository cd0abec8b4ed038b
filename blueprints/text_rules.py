"""What is asked of a text that somebody typed, in any form."""

from collections.abc import Callable
from typing import Any

from flask_babel import gettext as _
from wtforms.validators import ValidationError

from blueprints.forms import Form
from rules.names import invisible, search_key

LINES = {"\n", "\t"}


def named(message: str) -> Callable[[Form, Any], None]:
    """Demands at least one letter or digit. Unlike WTForms' own it leaves the telling to the server."""

    def check(form: Form, field: Any) -> None:
        if not search_key(field.data or ""):
            raise ValidationError(message)

    return check


def at_most(length: int) -> Callable[[Form, Any], None]:
    """Refuses a longer text, where `maxlength` would cut what is pasted without a word."""

    def check(form: Form, field: Any) -> None:
        if len(field.data or "") > length:
            raise ValidationError(_("Слишком длинно: помещается не больше %(length)s знаков.", length=length))

    return check


def printable(form: Form, field: Any) -> None:
    """Refuses what nobody sees and PostgreSQL will not keep."""
    if invisible(field.data or "") - LINES:
        raise ValidationError(_("Здесь есть невидимые знаки, которые нельзя записать. Введите текст заново."))


def single_spaced(text: str | None) -> str | None:
    return " ".join(text.split()) if text else text
