"""The waiting list: its entries, who is calling whom, and the outcomes."""

import re

from flask import Response, current_app, flash, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from markupsafe import Markup

from blueprints.clinic.blueprint import blueprint
from blueprints.clinic.board_answers import day_on_screen, dialog_done
from blueprints.clinic.fragments import redrawn
from blueprints.clinic.history_words import HistoryWords
from blueprints.clinic.own import actor, seen_version
from blueprints.clinic.waitlist_form import WaitlistForm
from blueprints.clinic.waitlist_live import LIST, VIEW, list_state
from blueprints.errors import ErrorMessage, answer
from blueprints.guards import own_membership, requires
from blueprints.htmx import page_on_screen
from blueprints.replies import Message, Undo, invalid, page, see, toast, unsaved
from extensions import db
from live.render import block
from models.accounts import Right
from models.base import utc_now
from models.clinic import WaitlistEntry
from models.clinic.audit import differences
from models.clinic.day_topic import FREED, WAITLIST, waitlist_topic
from models.clinic.waitlist import WaitlistState
from models.errors import Stale
from models.live_topic import topic_version

ENTRY = "/waitlist/<int:number>"
FORM_PAGE, FORM_DIALOG, FORM = (f"clinic/waitlist/{name}.html" for name in ("form", "_dialog", "_form"))
CARD_PAGE, CARD = "clinic/waitlist/entry.html", "clinic/waitlist/_entry.html"
CHANGED = ErrorMessage(
    "conflict", "forbidden", 409, _l("Уже звонят"), _l("Этому пациенту звонит кто-то другой, или его уже записали.")
)


@blueprint.get("/waitlist")
@requires(Right.SEE_PATIENTS)
def waitlist() -> str:
    """All open entries, live."""
    own, now = own_membership(), utc_now()
    topic = waitlist_topic(own.organization_id)
    since = topic_version(topic)
    return render_template(
        "clinic/waitlist/page.html",
        state=list_state(own.organization, now, since),
        stream={"topic": topic, "view": VIEW, "since": since},
        may_book=own.may(Right.BOOK),
    )


@blueprint.get("/waitlist/new")
@requires(Right.BOOK)
def new_wish() -> Response:
    """patient: the card from which the form was opened."""
    form = WaitlistForm(own_membership(), patient=request.args.get("patient"))
    return page(FORM_PAGE, FORM_DIALOG, form=form)


@blueprint.post("/waitlist/new")
@requires(Right.BOOK)
def add_wish() -> Response:
    """Creates an entry; with `begin`, only prefills the form from that of a visit."""
    own, is_begun = own_membership(), "begin" in request.form
    form = WaitlistForm(own, is_begun)
    if is_begun:
        return page(FORM_PAGE, FORM_DIALOG, form=form)
    if not form.validate():
        return invalid(FORM_PAGE, FORM, form=form)
    entry = WaitlistEntry.add(own.organization, form.wanted(), actor(), utc_now())
    return _shown(entry, _("В листе ожидания"), entry.patient.short_name)


@blueprint.get(ENTRY)
@requires(Right.SEE_PATIENTS)
def wish(number: int) -> Response:
    """The entry, and what can be done with it."""
    own, entry, now = own_membership(), _own_entry(number), utc_now()
    is_claimed, may_book = entry.is_claimed(now), own.may(Right.BOOK)
    wishes = HistoryWords(own.organization, now).of(
        differences({"patient": entry.patient.full_name}, entry.wanted.facts)
    )
    return page(CARD_PAGE, CARD, entry=entry, wishes=wishes, is_claimed=is_claimed, may_book=may_book)


@blueprint.get(f"{ENTRY}/edit")
@requires(Right.BOOK)
def edit_wish(number: int) -> Response:
    return page(FORM_PAGE, FORM_DIALOG, form=WaitlistForm(own_membership(), entry=_own_entry(number)))


@blueprint.post(f"{ENTRY}/edit")
@requires(Right.BOOK)
def revise_wish(number: int) -> Response:
    """Changes the entry, which keeps its place."""
    entry = _own_entry(number)
    form = WaitlistForm(own_membership(), entry=entry)
    if form.validate():
        with form.conflicts():
            entry.revise(form.wanted(), form.seen_version, actor(), utc_now())
            return _shown(entry, _("Изменено в листе ожидания"), entry.patient.short_name)
    if not form.is_stale:
        return invalid(FORM_PAGE, FORM, form=form)
    text = _("Ваше осталось в форме: сравните с тем, что там теперь, и сохраните ещё раз.")
    said = Message("conflict", _("Не сохранено: запись уже изменили"), text)
    return unsaved(FORM_PAGE, FORM, 409, said, form=form, is_claimed=entry.is_claimed(utc_now()))


@blueprint.post(f"{ENTRY}/<any(claim, release, dismissal, reopening):step>")
@requires(Right.BOOK)
def step_wish(number: int, step: str) -> Response:
    """version: of the entry on the user's page."""
    entry, version, now = _own_entry(number), seen_version(), utc_now()
    try:
        if step == "claim":
            entry.claim(version, actor(), now)
        elif step == "release":
            entry.release(version, actor(), now)
        else:
            ended = WaitlistState.DROPPED if step == "dismissal" else WaitlistState.WAITING
            entry.settle(ended, version, actor(), now)
    except Stale:
        return _outdated()
    return _shown(entry, *_said(entry, step))


def _said(entry: WaitlistEntry, step: str) -> tuple[str, str]:
    name = entry.patient.short_name
    words = {
        "claim": (_("Звоните"), f"{name}, {entry.patient.phone or entry.patient.contact_phone or ''}".rstrip(", ")),
        "release": (_("Не дозвонились"), _("%(name)s: позвонить может любой.", name=name)),
        "dismissal": (_("Убран из листа ожидания"), name),
        "reopening": (_("Снова в листе ожидания"), name),
    }
    return words[step]


def _shown(entry: WaitlistEntry, title: str, text: str) -> Response:
    """Commits, and updates what is on screen; else redirects to the list."""
    db.session.commit()
    fresh = _redrawn()
    if fresh is None:
        flash(title, "done")
        return see(url_for("clinic.waitlist"))
    is_dropped = entry.state is WaitlistState.DROPPED
    back = Undo(_("Вернуть"), url_for("clinic.step_wish", number=entry.id, step="reopening"), entry.version)
    return dialog_done(fresh + toast("done", title, text, undo=back if is_dropped else None))


def _outdated() -> Response:
    """Somebody else was faster; with who is calling now."""
    db.session.rollback()
    response, fresh = answer(CHANGED), _redrawn()
    if fresh is not None:
        response.data = response.get_data() + str(fresh).encode()
    return response


def _redrawn() -> Markup | None:
    """The freed times of the board, or the list, whichever is on screen."""
    day = day_on_screen()
    if day:
        return redrawn(day, {FREED}, utc_now())
    if not is_on_list():
        return None
    organization = own_membership().organization
    version = topic_version(waitlist_topic(organization.id))
    return block(current_app, LIST, WAITLIST, list_state(organization, utc_now(), version))


def is_on_list() -> bool:
    """Whether the browser is showing the list, as its request says."""
    return page_on_screen(re.escape(url_for("clinic.waitlist"))) is not None


def _own_entry(number: int) -> WaitlistEntry:
    """The organization's entry with this id, else a 404."""
    own = WaitlistEntry.of(own_membership().organization_id).filter_by(id=number)
    found: WaitlistEntry = db.first_or_404(own)
    return found
