"""«Врач заболел»: cancelling or moving a practitioner's whole day, and the resulting call list."""

from flask import Response, abort, make_response, render_template, request, url_for
from flask_babel import gettext as _

from blueprints.clinic.appointment_fields import record_number
from blueprints.clinic.blueprint import blueprint
from blueprints.clinic.call_fragments import VIEW, calls_redrawn, calls_state
from blueprints.clinic.date_words import headline
from blueprints.clinic.day_plan import DayPlan
from blueprints.clinic.fragments import read_date
from blueprints.clinic.own import actor
from blueprints.guards import own_membership, requires
from blueprints.htmx import is_htmx, keep_what_is_there
from blueprints.replies import Message, page, see, unsaved
from extensions import db
from models.accounts import Right
from models.base import utc_now
from models.clinic import JointChange, Practitioner
from models.clinic.day import Day
from models.clinic.day_topic import calls_topic
from models.errors import Conflict, Stale
from models.live_topic import topic_version

WHOLE_DAY = "/practitioners/<int:number>/days/<chosen>"
CHANGE = "/day-changes/<int:number>"
PLAN_PAGE, PLAN = "clinic/day_changes/plan.html", "clinic/day_changes/_plan.html"


@blueprint.get(WHOLE_DAY)
@requires(Right.BOOK)
def whole_day_plan(number: int, chosen: str) -> Response:
    """The visits concerned, and what can be done with them."""
    return _shown(_own_plan(number, chosen))


@blueprint.post(f"{WHOLE_DAY}/plan")
@requires(Right.BOOK)
def look_at_day_plan(number: int, chosen: str) -> Response:
    """A preview of where each visit would go."""
    return _shown(_own_plan(number, chosen))


@blueprint.post(WHOLE_DAY)
@requires(Right.BOOK)
def change_whole_day(number: int, chosen: str) -> Response:
    """Changes all chosen visits, or none."""
    plan = _own_plan(number, chosen)
    if not plan.is_ready:
        said = Message("input", _("Проверьте форму"), plan.fault or _("Выберите, кого это касается."))
        return unsaved(PLAN_PAGE, PLAN, 422, said, plan=plan, changes=_changes(plan))
    try:
        change = plan.carry_out(actor(), utc_now())
        db.session.commit()
        return see(url_for("clinic.day_change", number=change.id))
    except (Conflict, Stale):
        db.session.rollback()
        said = Message(
            "conflict", _("Ничего не сделано"), _("Пока вы смотрели, день изменили. Проверьте список ещё раз.")
        )
        fresh = _own_plan(number, chosen)
        return unsaved(PLAN_PAGE, PLAN, 409, said, plan=fresh, changes=_changes(fresh))


@blueprint.get(CHANGE)
@requires(Right.BOOK)
def day_change(number: int) -> str:
    """What was done, and whom to call about it."""
    topic = calls_topic(own_membership().organization_id, number)
    since = topic_version(topic)
    change = _own_change(number)
    return render_template(
        "clinic/day_changes/change.html",
        change=change,
        day_title=headline(change.day),
        state=calls_state(change, since),
        stream={"topic": topic, "view": VIEW, "since": since},
        may_undo=change.may_be_undone(utc_now()),
    )


@blueprint.post(f"{CHANGE}/calls")
@requires(Right.BOOK)
def call_about_change(number: int) -> Response:
    """told or untold: the number of the line whose patient has been told, or has not after all."""
    change, is_told = _own_change(number), "told" in request.form
    wanted = record_number(request.form.get("told" if is_told else "untold"))
    line = next((each for each in change.lines if each.id == wanted), None) or abort(404)
    change.mark_told(line, is_told, actor(), utc_now())
    db.session.commit()
    if is_htmx():
        return keep_what_is_there(make_response(calls_redrawn(change)))
    return see(url_for("clinic.day_change", number=number, _anchor=f"line-{line.id}"))


def _shown(plan: DayPlan) -> Response:
    return page(PLAN_PAGE, PLAN, plan=plan, changes=_changes(plan))


def _own_plan(number: int, chosen: str) -> DayPlan:
    """For a practitioner of the member's organization, else a 404."""
    own = own_membership()
    doctor: Practitioner = db.first_or_404(Practitioner.ever_of(own.organization_id).filter_by(id=number))
    return DayPlan.read(Day(own.organization, read_date(chosen) or abort(404)), doctor, utc_now())


def _own_change(number: int) -> JointChange:
    found: JointChange = db.first_or_404(JointChange.of_days(own_membership().organization_id).filter_by(id=number))
    return found


def _changes(plan: DayPlan) -> list[JointChange]:
    """Earlier changes of this day, the newest first."""
    own = JointChange.of_days(plan.day.organization.id)
    return list(db.session.scalars(own.filter_by(practitioner_id=plan.doctor.id, day=plan.day.date)))
