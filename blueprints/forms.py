"""The base of every form."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

from babel.support import NullTranslations, Translations
from flask import request
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from wtforms.i18n import messages_path

from extensions import db
from models.errors import Conflict, Stale

SENDING = {"POST", "PUT", "PATCH", "DELETE"}
# Invisible characters that come with pasted text and reverse or split it.
UNSEEN = dict.fromkeys(
    ord(mark)
    for mark in "\u00ad\u061c\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff"
)


class Form(FlaskForm):
    """Strips input, translates the library's messages, and shows a verb's Conflict as an error of its field."""

    class Meta:
        def get_translations(self, form: Any) -> NullTranslations:
            """The messages of WTForms itself."""
            return _library_words(str(get_locale()))

        def wrap_formdata(self, form: Any, formdata: Any) -> Any:
            """Only text input: a file or a JSON number in its place would reach fields that expect text."""
            return request.form if request.method in SENDING else None

        def bind_field(self, form: Any, unbound_field: Any, options: dict[str, Any]) -> Any:
            filters = unbound_field.kwargs.get("filters", ())
            return unbound_field.bind(form=form, filters=[*filters, _stripped], **options)

    @contextmanager
    def conflicts(self) -> Iterator[None]:
        """Wraps a verb and its commit: on a Conflict, rolls back and shows the error under its field."""
        try:
            yield
        except Conflict as conflict:
            db.session.rollback()
            self.explain(conflict.field)
        except Stale as stale:
            db.session.rollback()
            self.meet(stale)

    def meet(self, stale: Stale) -> None:
        """Called when the record was changed meanwhile; forms that can show the other version override this."""
        raise stale

    def explain(self, field: str) -> None:
        """Adds the error to the field; forms with better messages override this."""
        self[field].errors = [*self[field].errors, _("Уже занято.")]


@cache
def _library_words(language: str) -> NullTranslations:
    """Cached: the library would read its file for every request with a form."""
    return Translations.load(messages_path(), [language], domain="wtforms")


def _stripped(value: object) -> object:
    return value.translate(UNSEEN).strip() if isinstance(value, str) else value
