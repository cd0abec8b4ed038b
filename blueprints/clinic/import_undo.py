"""Undoing an import, after a preview."""

from flask import Response, flash, request, url_for
from flask_babel import gettext as _

from blueprints.clinic.appointment_fields import record_number
from blueprints.clinic.blueprint import blueprint
from blueprints.clinic.patient_import_words import cards_words, kept_words
from blueprints.clinic.patient_imports import IMPORT, own_import
from blueprints.guards import own_membership, requires
from blueprints.replies import page, see
from extensions import db
from models.accounts import Right
from models.base import utc_now
from models.clinic.import_undo import ImportUndo
from models.errors import Stale

ASKED, ASKED_PART = "clinic/imports/undo.html", "clinic/imports/_undo.html"


@blueprint.get(f"{IMPORT}/undo")
@requires(Right.IMPORT_PATIENTS)
def ask_import_undo(number: int) -> Response:
    """How many cards would be removed, and which stay and why."""
    brought = own_import(number)
    if brought.undone_at or not brought.loaded_at:
        return see(url_for("clinic.patient_import", number=number))
    way_back = ImportUndo(brought)
    return page(ASKED, ASKED_PART, brought=brought, way_back=way_back, cards_words=cards_words, kept_words=kept_words)


@blueprint.post(f"{IMPORT}/undo")
@requires(Right.IMPORT_PATIENTS)
def undo_import(number: int) -> Response:
    """Removes the unused cards. version: of the import as previewed."""
    brought, version = own_import(number), record_number(request.form.get("version")) or 0
    try:
        ImportUndo(brought).undo(version, own_membership().user, utc_now())
        db.session.commit()
        flash(_("Загрузка отменена. Убрано: %(cards)s.", cards=cards_words(brought.withdrawn or 0)), "done")
    except Stale:
        db.session.rollback()
        flash(_("Эту загрузку уже отменили раньше вас."), "conflict")
    return see(url_for("clinic.patient_import", number=number))
