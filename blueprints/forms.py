"""The base of every form."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask_babel import gettext as _
from flask_wtf import FlaskForm

from extensions import db
from models.errors import Conflict


class Form(FlaskForm):
    """Strips what was typed, speaks the reader's language, and takes a verb's conflict as an error of its field."""

    class Meta:
        def bind_field(self, form: Any, unbound_field: Any, options: dict[str, Any]) -> Any:
            filters = unbound_field.kwargs.get("filters", ())
            return unbound_field.bind(form=form, filters=[*filters, _stripped], **options)

    @contextmanager
    def conflicts(self) -> Iterator[None]:
        """Around a verb and its commit: a Conflict ends up under its field, with the transaction rolled back."""
        try:
            yield
        except Conflict as conflict:
            db.session.rollback()
            self.explain(conflict.field)

    def explain(self, field: str) -> None:
        """Says under the field what is in the way; forms that know more say more."""
        self[field].errors = [*self[field].errors, _("Уже занято.")]


def _stripped(value: object) -> object:
    return value.strip() if isinstance(value, str) else value
