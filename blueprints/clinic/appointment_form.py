"""The form of a visit: patient, practitioner, service, time, and alternatives when the time is taken."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import Any

from flask import request
from flask_babel import format_date
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Optional, ValidationError

from blueprints.clinic.appointment_fields import (
    VisitDate,
    VisitMinutes,
    VisitTime,
    chosen_number,
    instant,
    record_number,
    sent_version,
)
from blueprints.clinic.appointment_words import (
    Offer,
    changed_words,
    closed_words,
    conflict_words,
    offered,
    offered_by,
    said_of,
)
from blueprints.clinic.series_words import SCOPES, WRONG_SCOPE, blocked_words
from blueprints.forms import Form
from blueprints.text_rules import at_most, printable
from extensions import db
from models.accounts import Membership, Right
from models.base import utc_now
from models.clinic import Appointment, Patient, Practitioner, Room, Service
from models.clinic.availability import is_open
from models.clinic.booking import Booking
from models.clinic.free_time import free_rooms, free_times, free_until, reason, taken
from models.clinic.next_free import Wish, next_free, spread
from models.clinic.patient_search import PatientSearch
from models.clinic.series import Scope, blocked_others
from models.errors import Conflict, Stale
from rules.booking import Interval
from rules.part_of_day import PartOfDay

USUAL_MINUTES = 30
TYPED_TIMES = ["%H:%M", "%H:%M:%S", "%H.%M", "%H %M", "%H", "%H%M"]
PATIENTS_FOUND = 6


class AppointmentForm(Form):
    """A new visit, or the given one, in the member's organization."""

    patient = HiddenField(_l("Пациент"))
    q = StringField(_l("Пациент"), [at_most(200), printable])
    practitioner = SelectField(
        _l("Врач"),
        [DataRequired(_l("Выберите врача."))],
        coerce=chosen_number,
        invalid_choice_message=_l("Выберите врача из списка."),
    )
    room = SelectField(_l("Кабинет"), coerce=chosen_number, invalid_choice_message=_l("Выберите кабинет из списка."))
    service = SelectField(_l("Услуга"), coerce=chosen_number, invalid_choice_message=_l("Выберите услугу из списка."))
    date = VisitDate(_l("Дата"), [InputRequired(_l("Укажите дату."))])
    time = VisitTime(_l("Время"), [InputRequired(_l("Укажите время."))], format=TYPED_TIMES)
    minutes = VisitMinutes(_l("Длительность, минут"), [Optional()])
    comment = TextAreaField(_l("Заметка"), [at_most(2000), printable])
    overbook = BooleanField(_l("Записать сверх расписания"))
    outside = BooleanField(_l("Так и нужно: записать вне часов приёма"))
    scope = RadioField(
        _l("Что изменить в серии"),
        [Optional()],
        choices=SCOPES,
        default=Scope.ONE.value,
        invalid_choice_message=WRONG_SCOPE,
    )
    revision = HiddenField()
    wish = HiddenField()
    ticket = HiddenField()

    def __init__(self, own: Membership, visit: Appointment | None = None, **given: Any) -> None:
        super().__init__(**(_values(visit) if visit else given))
        self.own, self.visit = own, visit
        self.may_overbook = own.may(Right.OVERBOOK)
        self.is_taken = False
        self.is_outside = False
        self.is_stale = False
        self.offers: list[Offer] = []
        self.free_rooms: list[Room] = []
        self.nearest: list[Offer] | None = None
        doctor_id, service_id = (visit.practitioner_id, visit.service_id) if visit else (None, None)
        doctors_found = db.session.scalars(Practitioner.of(own.organization_id, doctor_id))
        services_found = db.session.scalars(Service.of(own.organization_id, service_id))
        self._doctors = {each.id: each for each in doctors_found}
        self._services = {each.id: each for each in services_found}
        self._rooms = {each.id: each for each in rooms_for(own, visit)}
        doctors = [SelectChoice(each.id, each.full_name) for each in self._doctors.values()]
        services = [SelectChoice(each.id, each.name) for each in self._services.values()]
        self.practitioner.choices = [SelectChoice("", _("Выберите врача")), *doctors]
        self.service.choices = [SelectChoice("", _("Не указана")), *services]
        self.room.choices = [
            SelectChoice("", _("Обычный")),
            *(SelectChoice(each.id, each.name) for each in self._rooms.values()),
        ]
        self.chosen_patient = chosen_patient(own, self.patient.data)

    @property
    def seen_version(self) -> int:
        """The version that the form was filled from; 0, which no visit has, if malformed."""
        return sent_version(self.revision)

    @property
    def _own_id(self) -> int | None:
        return self.visit.id if self.visit else None

    @property
    def service_minutes(self) -> int:
        """The default length of the chosen service."""
        service = self._services.get(self.service.data)
        return service.minutes if service else USUAL_MINUTES

    @property
    def date_words(self) -> str:
        """«вт, 24 ноября»: browsers show a date in the order of their own language, and none says the weekday."""
        if not self.date.data:
            return ""
        words = str(format_date(self.date.data, "EEE, d MMMM"))
        is_over = self.date.data < self.own.organization.today(utc_now())
        return str(_("%(date)s, уже прошло", date=words)) if is_over else words

    def found_patients(self) -> list[Patient]:
        """The search results, for browsers without scripts."""
        return found_patients(self.own, self.q.data or "")

    def takes_offer(self) -> bool:
        """Copies the pressed alternative, if any, into the time fields; the form is then shown again."""
        if record_number(request.form.get("free_room")) in self._rooms:
            self.room.raw_data, self.room.data = None, record_number(request.form.get("free_room"))
            return True
        number, _slash, free = request.form.get("free", "").rpartition("/")
        offer = instant(free or request.form.get("offer", ""), self.own.organization)
        if offer is None:
            return False
        if number and record_number(number) in self._doctors:
            self.practitioner.data = record_number(number)
        self.date.raw_data = self.time.raw_data = None
        self.date.data, self.time.data = offer.date(), offer.time()
        return True

    def looks_for_nearest(self) -> bool:
        """Looks up the nearest free times from the chosen day on, if requested; the form is then shown again."""
        typed = request.form.get("nearest")
        if typed is None:
            return False
        chosen, service = self._doctors.get(self.practitioner.data), self._services.get(self.service.data)
        wish = Wish(
            self.minutes.data or self.service_minutes,
            [chosen] if chosen else list(self._doctors.values()),
            PartOfDay(typed) if typed in set(PartOfDay) else None,
            self._earliest(),
            self._rooms.get(self.room.data) or (service.room if service else None),
        )
        self.nearest = [offered_by(each, self.date.data) for each in spread(next_free(self.own.organization, wish))]
        return True

    def _earliest(self) -> datetime:
        zone, now = self.own.organization.zone, utc_now()
        return max(now, datetime.combine(self.date.data, time(), zone)) if self.date.data else now

    def wanted_time(self) -> tuple[Practitioner, Interval] | None:
        """The requested practitioner and time; None while incomplete."""
        practitioner = self._doctors.get(self.practitioner.data)
        if practitioner is None or self.date.data is None or self.time.data is None:
            return None
        starts_at = datetime.combine(self.date.data, self.time.data, self.own.organization.zone)
        length = timedelta(minutes=self.minutes.data or self.service_minutes)
        return practitioner, Interval(starts_at, starts_at.astimezone(UTC) + length)

    def booking(self) -> Booking:
        """The requested booking, once the form has a practitioner and a time; its patient may still be missing."""
        practitioner = self._doctors[self.practitioner.data]
        starts_at = datetime.combine(self.date.data, self.time.data, self.own.organization.zone)
        minutes = self.minutes.data or self.service_minutes
        wanted = Booking(
            self.chosen_patient or Patient(),
            practitioner,
            self._services.get(self.service.data),
            starts_at,
            minutes,
            self.comment.data or "",
            room=self._rooms.get(self.room.data),
        )
        is_over = self.may_overbook and self.overbook.data
        return replace(wanted, overbooked=bool(is_over or (self.visit and self.visit.stays_overbooked(wanted))))

    def validate(self, extra_validators: Any = None) -> bool:
        """Each field by itself, then whether the practitioner is at work at that time."""
        if not super().validate(extra_validators):
            return False
        wanted = self.booking()
        self._find_closed(wanted)
        return not self.is_outside and self._others_may_follow(wanted)

    def look(self) -> None:
        """Shows under the time why saving would fail now, while the rest is still being filled in."""
        is_half_typed = len(request.form.get("time", "")) == 1
        if is_half_typed or self.wanted_time() is None:
            return
        wanted = self.booking()
        if field := taken(wanted, self._own_id):
            self.time.errors, self.is_taken, self.offers = [self._taken_words(field, wanted)], True, self._near(wanted)
        else:
            self._find_closed(wanted)

    def _taken_words(self, field: str, wanted: Booking) -> str:
        """Why the visit cannot be booked; if it is only too long, until when there is time."""
        until = free_until(wanted, self._own_id) if field == "time" else None
        if until is None:
            return conflict_words(field)
        return str(_("Свободно только до %(clock)s", clock=f"{until.astimezone(self.own.organization.zone):%H:%M}"))

    def _find_closed(self, wanted: Booking) -> None:
        is_meant = self.outside.data or self._keeps_place(wanted.practitioner, wanted.starts_at, wanted.minutes)
        self.is_outside = not is_meant and not is_open(self.own.organization, wanted.practitioner, wanted.interval)
        if self.is_outside:
            self.time.errors = [closed_words(self.own.organization, wanted)]
            self.offers = self._near(wanted)

    def meet(self, stale: Stale) -> None:
        """Keeps the input and takes over the newer version."""
        self.is_stale = True

    def newer(self, visit: Appointment) -> str:
        """Who changed the visit while the form was open, and what it is now; saving again overwrites that."""
        self.revision.raw_data, self.revision.data = None, visit.version
        now = _("Сейчас: %(visit)s", visit=said_of(visit))
        return f"{changed_words(visit)} {now}"

    def in_visit(self, name: str) -> str | None:
        """What the visit says in this field, if somebody was faster and wrote something else than was typed."""
        value = _values(self.visit)[name] if self.is_stale and self.visit else self[name].data
        if value == self[name].data:
            return None
        words = dict(self[name].choices)[value or ""] if isinstance(self[name], SelectField) else value
        return str(_("Сейчас в записи: %(value)s", value=words or _("пусто")))

    def explain(self, field: str) -> None:
        """Shows the conflict under its field, with the nearest free times."""
        wanted = self.booking()
        field = reason(Conflict(field), wanted, self._own_id)
        place = {"patient": self.q, "room": self.room}.get(field, self.time)
        place.errors = [*place.errors, self._taken_words(field, wanted)]
        self.is_taken = True
        self.free_rooms = free_rooms(self.own.organization, wanted, self._own_id) if field == "room" else []
        self.offers = self._near(wanted)

    def validate_q(self, field: Any) -> None:
        if self.chosen_patient is None:
            raise ValidationError(_("Выберите пациента из списка.") if field.data else _("Найдите пациента."))

    @property
    def chosen_scope(self) -> Scope:
        """Which visits of the series change with this one."""
        return Scope(self.scope.data or Scope.ONE)

    def _others_may_follow(self, wanted: Booking) -> bool:
        """Whether the other visits of the chosen scope can be changed too."""
        if self.visit is None or self.chosen_scope is Scope.ONE:
            return True
        if wanted.patient is not self.visit.patient:
            self.q.errors = [_("Другого пациента можно записать только вместо одной записи.")]
            return False
        blocked = blocked_others(self.visit, wanted, self.chosen_scope, utc_now())
        self.scope.errors = [blocked_words(blocked)] if blocked else []
        return not blocked

    def _near(self, wanted: Booking) -> list[Offer]:
        organization = self.own.organization
        free = free_times(organization, wanted, utc_now(), self._own_id)
        return [offered(each.start.astimezone(organization.zone), self.date.data) for each in free]

    def _keeps_place(self, practitioner: Practitioner, starts_at: datetime, minutes: int) -> bool:
        visit = self.visit
        place = (practitioner, starts_at, minutes)
        return visit is not None and (visit.practitioner, visit.starts_at, visit.minutes) == place


def rooms_for(own: Membership, visit: Appointment | None) -> list[Room]:
    """The open rooms by name, and the visit's own even if it is closed."""
    rooms = db.session.scalars(Room.of(own.organization_id))
    return [each for each in rooms if each.is_open or (visit and visit.room is each)]


def chosen_patient(own: Membership, typed: object) -> Patient | None:
    """The organization's patient with this id."""
    wanted = record_number(typed)
    return db.session.scalar(Patient.of(own.organization_id).filter_by(id=wanted)) if wanted else None


def found_patients(own: Membership, typed: str) -> list[Patient]:
    """The first few search results; empty for an empty search."""
    return PatientSearch(own.organization_id, typed).first(PATIENTS_FOUND) if typed.strip() else []


def _values(visit: Appointment) -> dict[str, Any]:
    """The visit as form data."""
    starts_at = visit.starts_at.astimezone(visit.organization.zone)
    return {
        "patient": visit.patient_id,
        "practitioner": visit.practitioner_id,
        "service": visit.service_id,
        "room": visit.chosen_room.id if visit.chosen_room else None,
        "date": starts_at.date(),
        "time": starts_at.time(),
        "minutes": visit.minutes,
        "comment": visit.note,
        "revision": visit.version,
    }
