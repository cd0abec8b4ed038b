"""The forms of signing in and of choosing a password."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, PasswordField, StringField
from wtforms.validators import EqualTo, InputRequired, Length, Regexp

from blueprints.forms import Form
from blueprints.text_rules import at_most

# PostgreSQL rejects texts with a null character, even as a query parameter.
WRITABLE = r"[^\x00]*\Z"
# NIST SP 800-63B asks for at least 8 and for no other rules.
SHORTEST_PASSWORD = 10


class SignInForm(Form):
    email = StringField(
        _l("Электронная почта"),
        [InputRequired(_l("Введите почту.")), Regexp(WRITABLE, message=_l("Введите почту.")), Length(max=254)],
    )
    password = PasswordField(_l("Пароль"), [InputRequired(_l("Введите пароль.")), Length(max=1000)])
    remember = BooleanField(_l("Не выходить на этом компьютере"))


class PasswordForm(Form):
    password = PasswordField(
        _l("Пароль"),
        [Length(SHORTEST_PASSWORD, message=_l("Нужно не меньше 10 знаков. Подойдёт и целая фраза.")), at_most(1000)],
    )
    again = PasswordField(_l("Пароль ещё раз"), [EqualTo("password", _l("Пароли не совпадают. Введите ещё раз."))])


class ChangePasswordForm(PasswordForm):
    current = PasswordField(_l("Нынешний пароль"), [InputRequired(_l("Введите пароль.")), at_most(1000)])
