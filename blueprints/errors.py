"""Refusals and errors as responses: a plain sentence as a page, or as a toast that leaves the form's input in place."""

import logging
import sqlite3
from dataclasses import dataclass, replace
from http import HTTPStatus

from flask import (
    Blueprint,
    Flask,
    Response,
    current_app,
    g,
    jsonify,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from flask_wtf.csrf import CSRFError, generate_csrf
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionFree
from werkzeug.exceptions import HTTPException

from blueprints.htmx import is_htmx, keep_what_is_there
from blueprints.replies import toast
from extensions import db, login
from models.errors import NotAllowed, Refusal, Stale
from rules.scoring.match_json import VERSION

log = logging.getLogger("tablo.errors")

# Where programs ask, and expect JSON.
API = "/api/"
# Read by static/js/faults.js.
NEW_TOKEN = "X-CSRFToken"
# Bytes of a request body that is too large and discarded.
MOST_DRAINED, DRAINED_AT_ONCE = 32 * 1024 * 1024, 64 * 1024


class SignedOut(Refusal):
    """Nobody is signed in, or not any more."""


class PassEnded(SignedOut):
    """Nobody is signed in, and this browser's guest pass is no longer valid."""


class NoOrganization(Refusal):
    """The person is signed in and belongs to no organization."""


@dataclass(frozen=True)
class ErrorMessage:
    """An error response. kind: of the toast; drawing: the page's picture; title, text: translated when rendered."""

    kind: str
    drawing: str
    status: int
    title: str
    text: str


SIGNED_OUT = ErrorMessage(
    "right",
    "session_ended",
    401,
    _l("Сеанс закончился"),
    _l("Войдите снова в соседней вкладке и повторите: введённое здесь сохранилось."),
)
PASS_ENDED = ErrorMessage(
    "right",
    "session_ended",
    403,
    _l("Ссылка больше не действует"),
    _l("Её отозвали, или партия закончилась. Попросите новую у того, кто её дал."),
)
LINK_ENDED = ErrorMessage(
    "right",
    "session_ended",
    410,
    _l("Ссылка больше не действует"),
    _l("По ней уже выбрали пароль, или она старше недели. Попросите новую у владельца организации."),
)
NO_ORGANIZATION = ErrorMessage(
    "right",
    "no_organization",
    403,
    _l("Вы пока не состоите ни в одной организации"),
    _l("Попросите владельца клиники или клуба добавить вас, а потом обновите эту страницу."),
)
NOT_ALLOWED = ErrorMessage(
    "right",
    "forbidden",
    403,
    _l("Это действие вам недоступно"),
    _l("У вашей роли нет такого права. Его может дать владелец организации."),
)
NOT_FOUND = ErrorMessage(
    "input",
    "not_found",
    404,
    _l("Такой страницы нет"),
    _l("Возможно, ссылка устарела или запись принадлежит другой организации."),
)
STALE = ErrorMessage(
    "conflict",
    "forbidden",
    409,
    _l("Запись уже изменили"),
    _l("Пока эта страница была открыта, запись изменил кто-то другой. Обновите страницу и повторите."),
)
PAGE_TOO_OLD = ErrorMessage(
    "input",
    "session_ended",
    400,
    _l("Страница устарела"),
    _l("Обновите страницу и отправьте форму ещё раз."),
)
PAGE_RENEWED = ErrorMessage(
    "input",
    "session_ended",
    400,
    _l("Страница устарела"),
    _l("Мы её обновили, введённое осталось. Отправьте форму ещё раз."),
)
WRONG_METHOD = ErrorMessage(
    "input",
    "forbidden",
    405,
    _l("Так сюда обратиться нельзя"),
    _l("Вернитесь назад и воспользуйтесь кнопками страницы."),
)
TOO_MANY = ErrorMessage(
    "right",
    "forbidden",
    429,
    _l("Слишком много попыток"),
    _l("Подождите минуту и попробуйте снова."),
)
BAD_REQUEST = ErrorMessage(
    "input",
    "forbidden",
    400,
    _l("Запрос не удалось прочитать"),
    _l("Вернитесь назад и попробуйте ещё раз."),
)
TOO_LONG = ErrorMessage(
    "input",
    "forbidden",
    413,
    _l("Слишком много текста"),
    _l("Столько не помещается. Сократите введённое и отправьте ещё раз."),
)
SERVER_FAULT = ErrorMessage(
    "server",
    "server",
    500,
    _l("Ошибка на сервере"),
    _l("Мы уже записали, что случилось. Введённое осталось в форме: попробуйте ещё раз через минуту."),
)
PAGE_FAULT = replace(SERVER_FAULT, text=_l("Мы уже записали, что случилось. Попробуйте ещё раз через минуту."))

DATABASE_AWAY = ErrorMessage(
    "server",
    "away",
    503,
    _l("Сейчас вернёмся"),
    _l("База данных не отвечает. Введённое осталось в форме: попробуйте ещё раз через минуту."),
)
PAGE_AWAY = replace(DATABASE_AWAY, text=_l("База данных не отвечает. Страница откроется сама через несколько секунд."))
# Seconds after which a browser opens the page again and a program may.
AWAY_FOR = "10"
# PostgreSQL's classes of errors: connection exception, insufficient resources, and its shutdown or start.
AWAY = ("08", "53", "57P")

BY_STATUS = {message.status: message for message in (NOT_FOUND, WRONG_METHOD, TOO_MANY, TOO_LONG, BAD_REQUEST)}

blueprint = Blueprint("errors", __name__)


def answer(message: ErrorMessage) -> Response:
    """The message as JSON for a program, as a toast that leaves the rest as it is for htmx, else as a page."""
    if request.path.startswith(API):
        refusal = jsonify(version=VERSION, error=HTTPStatus(message.status).phrase.lower())
        return make_response(refusal, message.status)
    if is_htmx():
        said = str(toast(message.kind, message.title, message.text))
        return keep_what_is_there(make_response(said, message.status))
    words = {"title": message.title, "text": message.text, "action": _way_out(message)}
    said = render_template("errors/page.html", kind=message.drawing, status=message.status, **words)
    return make_response(said, message.status)


def _way_out(message: ErrorMessage) -> tuple[str, str]:
    if message is SIGNED_OUT:
        return gettext("Войти"), url_for("accounts.sign_in")
    return gettext("На главную"), url_for("accounts.home")


@blueprint.app_errorhandler(SignedOut)
def signed_out(error: SignedOut) -> Response:
    """A page request is redirected through signing in; a submitted form must not be lost."""
    if request.method == "GET" and not is_htmx():
        return make_response(redirect(url_for("accounts.sign_in", next=request.full_path.rstrip("?")), 303))
    return answer(SIGNED_OUT)


@blueprint.app_errorhandler(PassEnded)
def pass_ended(error: PassEnded) -> Response:
    return answer(PASS_ENDED)


@blueprint.app_errorhandler(Refusal)
def refused(error: Refusal) -> Response:
    db.session.rollback()
    known = {NotAllowed: NOT_ALLOWED, Stale: STALE, NoOrganization: NO_ORGANIZATION}
    if type(error) not in known:
        raise error
    if isinstance(error, NoOrganization):
        log.warning("organization: This field may not be null: the person belongs to none")
    return answer(known[type(error)])


@blueprint.app_errorhandler(CSRFError)
def page_too_old(error: CSRFError) -> Response:
    """The page belongs to an ended session. It gets the new session's token, so that submitting again succeeds."""
    guard = getattr(current_app.view_functions.get(request.endpoint or ""), "guard", "public")
    if guard != "public" and not current_user.is_authenticated:
        return answer(SIGNED_OUT)
    if not is_htmx():
        return answer(PAGE_TOO_OLD)
    response = answer(PAGE_RENEWED)
    response.headers[NEW_TOKEN] = generate_csrf()
    return response


@blueprint.app_errorhandler(HTTPException)
def http_error(error: HTTPException) -> Response:
    if error.response is not None or (error.code or 500) < 400:
        return make_response(error.get_response())
    if error.code == TOO_LONG.status:
        _drain_body()
    response = answer(BY_STATUS.get(error.code or 400, BAD_REQUEST))
    response.status_code = error.code or 400
    return response


def _drain_body() -> None:
    """Reads the rest of the body: a browser reports a connection closed while it sends as a network error."""
    body, left = request.environ["wsgi.input"], MOST_DRAINED
    while left > 0 and (heard := body.read(DRAINED_AT_ONCE)):
        left -= len(heard)


def handle_faults(app: Flask) -> None:
    """Unexpected errors: logged without personal data, and answered with a plain sentence."""

    @app.errorhandler(Exception)
    def fault(error: Exception) -> Response:
        if current_app.testing:
            raise error
        is_away = is_database_away(error)
        if is_away:
            log.warning("the database is away: %s %s", request.method, request.url_rule)
        else:
            log.error("unforeseen: %s %s", request.method, request.url_rule, exc_info=error)
        db.session.rollback()
        # The database may be what failed: the error page must not query it for the current user.
        g._login_user = login.anonymous_user()
        return _database_away() if is_away else answer(SERVER_FAULT if is_htmx() else PAGE_FAULT)


def is_database_away(error: Exception) -> bool:
    """It is down, starts, ended the connection or has no room for one, or SQLite's lock is kept by another process.

    Never a faulty statement, nor one that deadlocks or takes too long.
    """
    if not isinstance(error, (OperationalError, InterfaceError)):
        return isinstance(error, NoConnectionFree)
    if isinstance(error.orig, sqlite3.OperationalError):
        return error.orig.sqlite_errorcode == sqlite3.SQLITE_BUSY
    state: str | None = getattr(error.orig, "sqlstate", None)
    return state is None or state.startswith(AWAY)


def _database_away() -> Response:
    """A page that was only to be read opens by itself; what was submitted stays in its form."""
    reopens = request.method == "GET" and not is_htmx()
    response = answer(PAGE_AWAY if reopens else DATABASE_AWAY)
    response.headers["Retry-After"] = AWAY_FOR
    if reopens:
        response.headers["Refresh"] = AWAY_FOR
    return response
