"""The sign-in form."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, PasswordField, StringField
from wtforms.validators import InputRequired, Length, Regexp

from blueprints.forms import Form

# PostgreSQL cannot even look for a text with this character in it.
WRITABLE = r"[^\x00]*\Z"


class SignInForm(Form):
    email = StringField(
        _l("Электронная почта"),
        [InputRequired(_l("Введите почту.")), Regexp(WRITABLE, message=_l("Введите почту.")), Length(max=254)],
    )
    password = PasswordField(_l("Пароль"), [InputRequired(_l("Введите пароль.")), Length(max=1000)])
    remember = BooleanField(_l("Не выходить на этом компьютере"))
