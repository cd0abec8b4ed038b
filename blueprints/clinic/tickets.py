"""Queue tickets: taken in two clicks, called, served or skipped, with undo; and the printed slip."""

from flask import Response, abort, flash, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from blueprints.clinic.appointment_form import chosen_patient
from blueprints.clinic.blueprint import blueprint
from blueprints.clinic.board_answers import committed_on_screen, dialog_done, with_board
from blueprints.clinic.date_words import short_date, shown_date
from blueprints.clinic.hours_rights import may_call, may_see, may_see_patient
from blueprints.clinic.own import actor, own_practitioner, seen_version
from blueprints.errors import ErrorMessage, answer
from blueprints.guards import own_membership, requires
from blueprints.replies import Undo, page, see, toast
from extensions import db
from models.accounts import Right
from models.base import utc_now
from models.clinic import Practitioner, QueueTicket
from models.clinic.appointment import OutOfTurn
from models.clinic.day_topic import RAIL
from models.clinic.ticket import Errand
from models.errors import NotAllowed, Stale
from rules.tickets import TicketKind, TicketState

TICKET = "/tickets/<int:number>"
NEW_PAGE, NEW = "clinic/tickets/new.html", "clinic/tickets/_new.html"
CARD_PAGE, CARD = "clinic/tickets/card.html", "clinic/tickets/_card.html"
STEPS = {
    "call": TicketState.CALLED,
    "service": TicketState.SERVED,
    "skip": TicketState.SKIPPED,
    "return": TicketState.WAITING,
}
NO_ERRAND = ErrorMessage("input", "forbidden", 422, _l("Талон не выдан"), _l("Выберите врача или для чего талон."))
ASKS = ErrorMessage("input", "forbidden", 422, _l("Не вызвано"), _l("Выберите врача, к которому вызываете."))
CHANGED = ErrorMessage("conflict", "forbidden", 409, _l("Уже отмечено"), _l("Талон только что отметил кто-то другой."))


@blueprint.get("/tickets/new")
@requires(Right.BOOK)
def new_ticket() -> Response:
    """Choosing the practitioner or errand. patient: the card from which the ticket is taken."""
    patient = chosen_patient(own_membership(), request.args.get("patient"))
    return page(NEW_PAGE, NEW, doctors=_doctors(), patient=patient)


@blueprint.post("/tickets")
@requires(Right.BOOK)
def take_ticket() -> Response:
    """errand: a practitioner's id, or a TicketKind for nobody in particular."""
    own, errand = own_membership(), _errand()
    if errand is None:
        return answer(NO_ERRAND)
    ticket = QueueTicket.take(own.organization, errand, actor(), utc_now())
    return _shown(ticket, _("Талон %(code)s", code=ticket.code), _where(ticket), prints=True)


@blueprint.get(TICKET)
@requires(Right.SEE_OWN)
def ticket(number: int) -> Response:
    """The ticket, and what can be done with it."""
    own, known = own_membership(), own_ticket(number)
    zone, holder, visit = own.organization.zone, known.holder, known.appointment
    taken = known.taken_at.astimezone(zone)
    return page(
        CARD_PAGE,
        CARD,
        ticket=known,
        holder=holder if holder and may_see_patient(own, holder.id) else None,
        visit=visit if visit and may_see(own, visit.practitioner) else None,
        taken=f"{short_date(taken.date())}, {taken:%H:%M}",
        since=f"{known.state_since.astimezone(zone):%H:%M}",
        doctors=_doctors() if known.needs_practitioner else [],
        may_book=own.may(Right.BOOK),
        may_call=may_call(own, known.practitioner),
    )


@blueprint.post(f"{TICKET}/<any(call, service, skip, return):step>")
@requires(Right.SEE_OWN)
def step_ticket(number: int, step: str) -> Response:
    """version: of the ticket on the user's page; practitioner: to whom a ticket for nobody in particular is called."""
    known, wanted = own_ticket(number), STEPS[step]
    if not may_call(own_membership(), known.practitioner):
        raise NotAllowed
    whom = known.practitioner or own_practitioner(request.form.get("practitioner"))
    if wanted is TicketState.CALLED and known.needs_practitioner and whom is None:
        return answer(ASKS)
    try:
        if wanted is TicketState.CALLED:
            known.call(whom, seen_version(), actor(), utc_now())
        else:
            known.become(wanted, seen_version(), actor(), utc_now())
        return _shown(known, _("Талон %(code)s", code=known.code), _said(known))
    except (Stale, OutOfTurn):
        return _outdated()


@blueprint.get(f"{TICKET}/slip")
@requires(Right.SEE_OWN)
def ticket_slip(number: int) -> str:
    """The printed slip; it contains no name."""
    own, known = own_membership(), own_ticket(number)
    at = known.taken_at.astimezone(own.organization.zone)
    taken = f"{shown_date(at.date())}, {at:%H:%M}"
    return render_template(
        "clinic/tickets/slip.html", ticket=known, ahead=known.ahead(), taken=taken, clinic=own.organization
    )


def _shown(ticket: QueueTicket, title: str, text: str, prints: bool = False) -> Response:
    """Commits; updates the board on screen, with the slip or an undo; else redirects to the ticket."""
    fresh = committed_on_screen()
    if fresh is None:
        flash(f"{title}. {text}", "done")
        return see(url_for("clinic.ticket", number=ticket.id))
    slip = (_("Напечатать"), url_for("clinic.ticket_slip", number=ticket.id)) if prints else None
    said = toast("done", title, text, action=slip, undo=None if prints else _way_back(ticket))
    return dialog_done(fresh + said)


def _outdated() -> Response:
    """Somebody else was faster; on a board or list, with the current queue."""
    db.session.rollback()
    return with_board(answer(CHANGED), RAIL)


def _way_back(ticket: QueueTicket) -> Undo | None:
    if ticket.state is TicketState.WAITING:
        return None
    back = "call" if ticket.state is TicketState.SERVED else "return"
    words = _("Вернуть в вызванные") if back == "call" else _("Вернуть в очередь")
    return Undo(words, url_for("clinic.step_ticket", number=ticket.id, step=back), ticket.version)


def _said(ticket: QueueTicket) -> str:
    words = {
        TicketState.CALLED: _("Вызван: %(where)s", where=_where(ticket)),
        TicketState.SERVED: _("Принят."),
        TicketState.SKIPPED: _("Отмечено, что не подошёл."),
        TicketState.WAITING: _("Снова в очереди."),
    }
    return str(words[ticket.state])


def _where(ticket: QueueTicket) -> str:
    if ticket.practitioner:
        return ticket.practitioner.short_name
    words = {
        TicketKind.VISIT: _("к любому врачу"),
        TicketKind.TESTS: _("анализы, процедуры"),
        TicketKind.DESK: _("регистратура"),
    }
    return str(words[ticket.kind])


def _errand() -> Errand | None:
    typed = request.form.get("errand", "")
    patient, doctor = chosen_patient(own_membership(), request.form.get("patient")), own_practitioner(typed)
    if doctor:
        return Errand(TicketKind.VISIT, doctor, patient)
    return Errand(TicketKind(typed), None, patient) if typed in set(TicketKind) else None


def _doctors() -> list[Practitioner]:
    return Practitioner.all_of(own_membership().organization_id)


def own_ticket(number: int) -> QueueTicket:
    """The organization's ticket with this id, else a 404; as own_visit."""
    own = own_membership()
    found: QueueTicket = db.first_or_404(QueueTicket.of(own.organization_id).filter_by(id=number))
    return found if may_see(own, found.practitioner) else abort(404)
