"""Validators and filters for text fields of any form."""

from collections.abc import Callable
from typing import Any

from flask_babel import gettext as _
from wtforms.validators import ValidationError

from blueprints.forms import Form
from rules.names import invisible, search_key

LINES = {"\n", "\t"}


def named(message: str) -> Callable[[Form, Any], None]:
    """Requires at least one letter or digit. Unlike WTForms' own validators it sets no HTML attribute."""

    def check(form: Form, field: Any) -> None:
        if not search_key(field.data or ""):
            raise ValidationError(message)

    return check


def at_most(length: int) -> Callable[[Form, Any], None]:
    """Refuses a longer text; the attribute `maxlength` would silently truncate a pasted one."""

    def check(form: Form, field: Any) -> None:
        if len(field.data or "") > length:
            raise ValidationError(_("Слишком длинно: помещается не больше %(length)s знаков.", length=length))

    return check


def printable(form: Form, field: Any) -> None:
    """Refuses control characters, which are invisible and which PostgreSQL does not store."""
    if invisible(field.data or "") - LINES:
        raise ValidationError(_("Здесь есть невидимые знаки, которые нельзя записать. Введите текст заново."))


def single_spaced(text: str | None) -> str | None:
    return " ".join(text.split()) if text else text
