"""Merging two cards of one person: search, side-by-side preview, merge, and undo within a day."""

from dataclasses import dataclass
from functools import cached_property

from flask import Response, abort, flash, make_response, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from blueprints.clinic.appointment_fields import record_number
from blueprints.clinic.blueprint import blueprint
from blueprints.clinic.history_words import HistoryWords, field_words
from blueprints.clinic.own import actor
from blueprints.clinic.patient_words import PatientWords
from blueprints.clinic.patients import PATIENT, own_patient
from blueprints.errors import ErrorMessage, answer
from blueprints.guards import own_membership, requires
from blueprints.replies import see
from extensions import db
from models.accounts import Right
from models.base import utc_now
from models.clinic import Patient, PatientMerge
from models.clinic.patient_merge import Pair, counts
from models.clinic.patient_search import PatientSearch
from models.errors import Conflict, Stale
from rules.merging import NOTE, disputed, merged

CANDIDATES = 10
SECOND = f"{PATIENT}/second-cards"
CHANGED = ErrorMessage(
    "conflict",
    "forbidden",
    409,
    _l("Разделить уже нельзя"),
    _l("Карты уже разделены, прошли сутки или эту карту саму объединили с другой."),
)
TAKEN = ErrorMessage(
    "conflict",
    "forbidden",
    409,
    _l("Разделить не получилось"),
    _l("Телефон или ИИН второй карты за это время записали в другую. Освободите его там и повторите."),
)


@dataclass(frozen=True)
class Line:
    """One field of both cards in words; `joined` is the merged value if there is no conflict."""

    name: str
    words: str
    kept: str
    gone: str
    joined: str
    is_disputed: bool


class Preview:
    """Two cards side by side, and the result of merging them."""

    def __init__(self, kept: Patient, gone: Patient) -> None:
        self.kept, self.gone = kept, gone
        self.before, self.other = kept.details.facts, gone.details.facts

    def lines(self, said: HistoryWords) -> list[Line]:
        """Fields that are empty on both cards are left out."""
        one, chosen, words = merged(self.before, self.other, []), disputed(self.before, self.other), field_words()
        shown = [name for name in self.before if one[name]]
        kept, gone, joined = (
            {name: said.value(name, facts[name]) for name in shown} for facts in (self.before, self.other, one)
        )
        return [Line(name, words[name], kept[name], gone[name], joined[name], name in chosen) for name in shown]

    @property
    def is_doubtful(self) -> bool:
        """Whether these may be two different people."""
        return bool({"iin", "birth_date"} & set(disputed(self.before, self.other)))

    @cached_property
    def moved(self) -> str:
        """What would move with the second card: «3 посещения, 1 приглашение»; empty if nothing."""
        going = counts(self.gone)
        visits, recalls = going["appointment"], going["recall"]
        parts = [ngettext("%(num)s посещение", "%(num)s посещений", visits) if visits else ""]
        parts.append(ngettext("%(num)s приглашение", "%(num)s приглашений", recalls) if recalls else "")
        return ", ".join(filter(None, parts))


@blueprint.get(SECOND)
@requires(Right.MERGE_PATIENTS)
def second_cards(patient_id: int) -> str:
    """Possible duplicates: cards with the same name, or the results of a search (q)."""
    own, kept, typed = own_membership(), own_patient(patient_id), request.args.get("q", "").strip()
    same = Patient.resembling(own.organization_id, kept.family_name, kept.given_name, None)
    found = PatientSearch(own.organization_id, typed).first(CANDIDATES) if typed else same
    others = [card for card in found if card.id != kept.id]
    words = PatientWords(own.organization, utc_now())
    return render_template("clinic/patients/second_cards.html", patient=kept, typed=typed, others=others, words=words)


@blueprint.get(f"{SECOND}/<int:other>")
@requires(Right.MERGE_PATIENTS)
def second_card(patient_id: int, other: int) -> Response:
    """Both cards side by side."""
    return _side_by_side(*_two_cards(patient_id, other))


@blueprint.post(f"{SECOND}/<int:other>")
@requires(Right.MERGE_PATIENTS)
def merge_cards(patient_id: int, other: int) -> Response:
    """Merges the cards. Each conflicting field is "kept" or "gone"; with the versions that the user saw."""
    kept, gone = _two_cards(patient_id, other)
    from_gone = [name for name in disputed(kept.details.facts, gone.details.facts) if request.form.get(name) == "gone"]
    try:
        merge = PatientMerge.merge(Pair(kept, gone, _seen_versions()), from_gone, actor(), utc_now())
        db.session.commit()
    except (Stale, Conflict) as refusal:
        db.session.rollback()
        return _side_by_side(*_two_cards(patient_id, other), _refused(refusal))
    flash(_("Карты объединены. Разделить их можно до %(moment)s.", moment=_until(merge)), "done")
    return see(url_for("clinic.patient", patient_id=patient_id))


@blueprint.post("/patient-merges/<int:number>/parting")
@requires(Right.MERGE_PATIENTS)
def part_cards(number: int) -> Response:
    """Undoes the merge."""
    own = own_membership()
    merge: PatientMerge = db.one_or_404(
        db.select(PatientMerge).filter_by(organization_id=own.organization_id, id=number)
    )
    kept_id = merge.kept_id
    try:
        merge.undo(own.user, utc_now())
        db.session.commit()
    except (Stale, Conflict) as refusal:
        db.session.rollback()
        return answer(TAKEN if isinstance(refusal, Conflict) else CHANGED)
    flash(_("Снова две карты."), "done")
    return see(url_for("clinic.patient", patient_id=kept_id))


def _two_cards(kept_id: int, gone_id: int) -> tuple[Patient, Patient]:
    if kept_id == gone_id:
        abort(404)
    return own_patient(kept_id), own_patient(gone_id)


def _seen_versions() -> tuple[int, int]:
    kept, gone = (record_number(request.form.get(name)) or 0 for name in ("kept_version", "gone_version"))
    return kept, gone


def _side_by_side(kept: Patient, gone: Patient, refused: str = "") -> Response:
    own, now = own_membership(), utc_now()
    preview = Preview(kept, gone)
    lines = preview.lines(HistoryWords(own.organization, now))
    text = render_template("clinic/patients/second_card.html", preview=preview, lines=lines, refused=refused, note=NOTE)
    return make_response(text, 409 if refused else 200)


def _refused(refusal: Stale | Conflict) -> str:
    if isinstance(refusal, Stale):
        return str(_("Одну из карт только что изменили. Ниже она такая, какая теперь: проверьте выбор и повторите."))
    return str(_("У этих карт есть записи на одно и то же время. Сначала перенесите или отмените одну из них."))


def _until(merge: PatientMerge) -> str:
    return PatientWords(own_membership().organization, utc_now()).moment(merge.undoable_until)
