"""Importing a match from a file in the format of `/api/matches/<id>`."""

from flask import Response, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import FileStorage

from blueprints.club.blueprint import blueprint
from blueprints.club.found import around, managed_club
from blueprints.club.plan_form import FAULTS
from blueprints.club.tap import scorer
from blueprints.guards import signed_in
from blueprints.replies import see
from extensions import db
from models.base import utc_now
from models.club import BadPlan, Club, import_match
from models.errors import Conflict
from rules.scoring.match_json import MOST_LINES, NotReadable, Wrong, parse_match

SAID = {
    Wrong.FORM: _l("Это не файл партии. Нужен JSON, который отдаёт адрес /api/matches/<номер>."),
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


@blueprint.get("/clubs/<int:club_id>/imports")
@signed_in
def bring(club_id: int) -> str:
    return _page(managed_club(club_id))


@blueprint.post("/clubs/<int:club_id>/imports")
@signed_in
def take(club_id: int) -> Response | tuple[str, int]:
    """Redirects to the match; 422 with what is wrong with the file."""
    club, sent = managed_club(club_id), request.files.get("file", FileStorage())
    try:
        match = import_match(club, parse_match(sent.read()), scorer(), utc_now())
        db.session.commit()
    except (NotReadable, BadPlan, Conflict) as wrong:
        db.session.rollback()
        return _page(managed_club(club_id), _said(wrong)), 422
    return see(url_for("club.match", match_id=match.id))


def _said(wrong: NotReadable | BadPlan | Conflict) -> str:
    if isinstance(wrong, Conflict):
        return str(_("Эта партия уже есть в клубе."))
    if isinstance(wrong, BadPlan):
        return str(FAULTS[next(iter(wrong.faults.values()))])
    if wrong.wrong is Wrong.LINE:
        return str(_("Строка %(line)s хода партии непонятна.", line=wrong.line))
    return str(SAID[wrong.wrong])


def _page(club: Club, says: str = "") -> str:
    return render_template("club/clubs/bring.html", says=says, **around(club))
