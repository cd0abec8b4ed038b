"""Importing matches from a file: one as `/api/matches/<id>` tells it, or a club's exported history."""

from collections.abc import Iterator
from itertools import islice
from typing import IO, Any

from flask import Response, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import FileStorage

from blueprints.club.blueprint import blueprint
from blueprints.club.found import around, managed_club
from blueprints.club.plan_form import FAULTS
from blueprints.club.tap import scorer
from blueprints.guards import person, signed_in
from blueprints.replies import page, see
from extensions import db
from models.base import utc_now
from models.club import BadPlan, Club, HistoryImport, import_match
from models.errors import Conflict
from models.threads import in_thread
from rules.scoring.history_json import is_history, read_history
from rules.scoring.match_json import MOST_LINES, NotReadable, ParsedMatch, Wrong, parse_match

Told = ParsedMatch | NotReadable
PAGE, PART = "club/clubs/bring.html", "club/clubs/_brought.html"
# Ten thousand matches of a hundred rallies; nginx allows as much (deploy/nginx.conf).
MOST_SENT, MOST_OF_ONE = 128 * 1024**2, 1024**2
OPENING, AT_ONCE, WRONG_SHOWN = 256, 20, 10
SAID = {
    Wrong.FORM: _l("Это не файл партии. Нужен JSON со страницы «Сыграно» или с адреса /api/matches/<номер>."),
    Wrong.VERSION: _l("Файл записан в другой версии. Здесь понятна версия 1."),
    Wrong.LAW: _l("Таких правил игры или такой форы здесь нет."),
    Wrong.SIDES: _l(
        "С каждой стороны должны быть одно или два имени, все разные, не длиннее 200 букв, без невидимых знаков."
    ),
    Wrong.FACTS: _l(
        "Стол, первая подача или время указаны неверно. Время – с часовым поясом, не раньше 1990 года и не в будущем."
    ),
    Wrong.TOO_LONG: _l("Строк в ходе партии больше %(most)s: столько не бывает.", most=MOST_LINES),
    Wrong.LOG: _l("Такого хода партии по этим правилам быть не может."),
    Wrong.SCORE: _l("Счёт в файле не тот, к которому приводит ход партии."),
}
CONFLICTS = {
    "file": _l("Эта партия уже есть в клубе."),
    "name": _l("Пока файл загружался, такого же игрока записал кто-то другой. Загрузите файл ещё раз."),
}


@blueprint.url_value_preprocessor
def let_histories_in(endpoint: str | None, values: dict[str, Any] | None) -> None:
    """Raises the request's size limit, before the body is read, for this upload by somebody who manages the club."""
    if endpoint == "club.take" and values and _may_bring(values["club_id"]):
        request.max_content_length = MOST_SENT


def _may_bring(club_id: int) -> bool:
    club, actor = db.session.get(Club, club_id), person()
    return club is not None and actor is not None and club.may_be_managed_by(actor)


@blueprint.get("/clubs/<int:club_id>/imports")
@signed_in
def bring(club_id: int) -> Response:
    return page(PAGE, PART, **around(managed_club(club_id)))


@blueprint.post("/clubs/<int:club_id>/imports")
@signed_in
def take(club_id: int) -> Response:
    """Adds the matches; with do=look only says what would become of them. A single match is then shown."""
    club, sent = managed_club(club_id), request.files.get("file", FileStorage()).stream
    try:
        if is_history(_head(sent)):
            return _summed_up(club, read_history(sent))
        parsed = parse_match(sent.read(MOST_OF_ONE))
        if _is_look():
            return _summed_up(club, iter([parsed]))
        match = import_match(club, parsed, scorer(), utc_now())
        db.session.commit()
    except (NotReadable, BadPlan, Conflict) as wrong:
        db.session.rollback()
        return page(PAGE, PART, 422, says=said(wrong), **around(managed_club(club_id)))
    return see(url_for("club.match", match_id=match.id))


def _head(sent: IO[bytes]) -> bytes:
    head = sent.read(OPENING)
    sent.seek(0)
    return head


def _is_look() -> bool:
    return request.form.get("do") == "look"


def _summed_up(club: Club, told: Iterator[Told]) -> Response:
    """A batch in a transaction: what was added stays if a later one fails, and taps wait for one batch at most."""
    brought, actor, now = HistoryImport(club), scorer(), utc_now()
    while batch := in_thread(lambda: _next(told)):
        brought.take(batch, actor, now)
        if _is_look():
            db.session.rollback()
        else:
            db.session.commit()
    wrong = [(place, said(each)) for place, each in brought.wrong[:WRONG_SHOWN]]
    status = 200 if brought.new or brought.known or not brought.wrong else 422
    return page(PAGE, PART, status, brought=brought, wrong=wrong, is_look=_is_look(), **around(club))


def _next(told: Iterator[Told]) -> list[Told]:
    """A batch of matches; where the file cannot be read on, that is the last one's fault."""
    batch = list[Told]()
    try:
        for each in islice(told, AT_ONCE):
            batch.append(each)
    except NotReadable as wrong:
        batch.append(wrong)
    return batch


def said(wrong: NotReadable | BadPlan | Conflict) -> str:
    """What is wrong, in words."""
    if isinstance(wrong, Conflict):
        return str(CONFLICTS[wrong.field])
    if isinstance(wrong, BadPlan):
        return str(FAULTS[next(iter(wrong.faults.values()))])
    if wrong.wrong is Wrong.LINE:
        return str(_("Строка %(line)s хода партии непонятна.", line=wrong.line))
    return str(SAID[wrong.wrong])
