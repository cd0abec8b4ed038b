"""«Отметить приёмы»: the visits of a day that are over are marked as seen or missed, all in one step."""

from flask import Response, abort, flash, url_for
from flask_babel import gettext as _

from blueprints.clinic.blueprint import blueprint
from blueprints.clinic.fragments import read_date
from blueprints.clinic.marking_plan import MarkingPlan
from blueprints.clinic.own import actor
from blueprints.guards import own_membership, requires
from blueprints.replies import Message, page, see, unsaved
from extensions import db
from models.accounts import Right
from models.base import utc_now
from models.clinic.appointment import OutOfTurn
from models.clinic.day import Day
from models.errors import Stale

UNMARKED = "/schedule/<chosen>/unmarked"
PAGE, FORM = "clinic/marking/page.html", "clinic/marking/_form.html"


@blueprint.get(UNMARKED)
@requires(Right.BOOK)
def unmarked(chosen: str) -> Response:
    """The visits that are over and that nobody has marked."""
    return page(PAGE, FORM, plan=_own_plan(chosen))


@blueprint.post(f"{UNMARKED}/plan")
@requires(Right.BOOK)
def plan_marks(chosen: str) -> Response:
    """The same, with one choice for everybody."""
    return page(PAGE, FORM, plan=_own_plan(chosen))


@blueprint.post(UNMARKED)
@requires(Right.BOOK)
def mark_visits(chosen: str) -> Response:
    """Marks all visits as chosen, or none of them."""
    plan = _own_plan(chosen)
    if not (plan.marks or plan.is_outdated):
        said = Message("input", _("Пока некого отмечать"), _("Отметьте хотя бы одного: принят или не пришёл."))
        return unsaved(PAGE, FORM, 422, said, plan=plan)
    try:
        change = plan.carry_out(actor(), utc_now())
        db.session.commit()
    except (OutOfTurn, Stale):
        db.session.rollback()
        return _outdated(_own_plan(chosen))
    flash(_("Отмечено приёмов: %(number)s", number=change.size), "done")
    return see(url_for("clinic.day", chosen=chosen))


def _outdated(plan: MarkingPlan) -> Response:
    said = Message("conflict", _("Ничего не отмечено"), _("Пока вы смотрели, записи изменили. Проверьте список."))
    return unsaved(PAGE, FORM, 409, said, plan=plan)


def _own_plan(chosen: str) -> MarkingPlan:
    """404 for an invalid date."""
    return MarkingPlan.read(Day(own_membership().organization, read_date(chosen) or abort(404)), utc_now())
