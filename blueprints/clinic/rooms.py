"""Rooms, and their assignment to practitioners and services."""

from flask import Response, flash, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from wtforms import BooleanField, StringField

from blueprints.clinic.appointment_fields import record_number
from blueprints.clinic.blueprint import blueprint
from blueprints.clinic.hours_rights import practitioners_of
from blueprints.clinic.own import actor
from blueprints.forms import Form
from blueprints.guards import own_membership, requires
from blueprints.replies import invalid, page, see
from blueprints.text_rules import at_most, named, printable, single_spaced
from extensions import db
from models.accounts import Right
from models.base import utc_now
from models.clinic import Practitioner, Room, Service
from models.clinic.arrangement import Arranged, arrange_rooms, update_room, visits_ahead_by_room

FORM_PAGE, FORM_DIALOG, FORM = (f"clinic/rooms/{name}.html" for name in ("form", "_dialog", "_form"))


class RoomForm(Form):
    """A new room, or the given one."""

    name = StringField(
        _l("Название или номер"),
        [named(_l("Введите название или номер.")), at_most(40), printable],
        filters=[single_spaced],
    )
    is_open = BooleanField(_l("Принимают: сюда можно записывать"), default=True)

    def explain(self, field: str) -> None:
        self.name.errors = [_("Такой кабинет уже есть.")]


@blueprint.get("/rooms")
@requires(Right.MANAGE_ROOMS)
def rooms() -> str:
    """The rooms with their upcoming visits, and the assignments."""
    own = own_membership()
    return render_template(
        "clinic/rooms/page.html",
        rooms=_rooms(),
        practitioners=practitioners_of(own),
        services=_services(),
        ahead=visits_ahead_by_room(own.organization_id, utc_now()),
    )


@blueprint.get("/rooms/new")
@requires(Right.MANAGE_ROOMS)
def new_room() -> Response:
    return page(FORM_PAGE, FORM_DIALOG, form=RoomForm(), room=None)


@blueprint.post("/rooms/new")
@requires(Right.MANAGE_ROOMS)
def add_room() -> Response:
    form = RoomForm()
    if form.validate():
        with form.conflicts():
            Room.add(own_membership().organization_id, form.name.data, actor(), utc_now())
            return _done(_("Кабинет добавлен."))
    return invalid(FORM_PAGE, FORM, form=form, room=None)


@blueprint.get("/rooms/<int:number>")
@requires(Right.MANAGE_ROOMS)
def edit_room(number: int) -> Response:
    room = _own_room(number)
    return page(FORM_PAGE, FORM_DIALOG, form=RoomForm(obj=room), room=room)


@blueprint.post("/rooms/<int:number>")
@requires(Right.MANAGE_ROOMS)
def revise_room(number: int) -> Response:
    """Renames, closes or reopens the room; its visits stay."""
    room, form = _own_room(number), RoomForm()
    if form.validate():
        with form.conflicts():
            own, now = own_membership().organization, utc_now()
            update_room(own, room, form.name.data, form.is_open.data, actor(), now)
            return _done(_("Кабинет изменён."))
    return invalid(FORM_PAGE, FORM, form=form, room=room)


@blueprint.post("/rooms/places")
@requires(Right.MANAGE_ROOMS)
def arrange() -> Response:
    """Assigns rooms to practitioners and services: practitioner-7=3, service-2= (no room of its own)."""
    own, known = own_membership(), {room.id: room for room in _rooms()}
    places: dict[Practitioner | Service, Room | None] = {}
    for kind, records in (("practitioner", practitioners_of(own)), ("service", _services())):
        for record in records:
            typed = request.form.get(f"{kind}-{record.id}")
            room = known.get(record_number(typed) or 0)
            if typed is not None and (room or not typed) and room is not record.room:
                places[record] = room
    return _done(_arranged(arrange_rooms(own.organization, places, actor(), utc_now())))


def _done(said: str) -> Response:
    db.session.commit()
    flash(said, "done")
    return see(url_for("clinic.rooms"))


def _arranged(arranged: Arranged) -> str:
    """What happened to the upcoming visits."""
    if not arranged.moved + arranged.stayed:
        return str(_("Сохранено."))
    said = ngettext(
        "Сохранено, %(num)s запись перешла в новый кабинет.",
        "Сохранено, записей перешло в новый кабинет: %(num)s.",
        arranged.moved,
    )
    stayed = _("В новом кабинете занято, остались на месте: %(number)s.", number=arranged.stayed)
    return f"{said} {stayed}" if arranged.stayed else str(said)


def _rooms() -> list[Room]:
    return list(db.session.scalars(Room.of(own_membership().organization_id)))


def _services() -> list[Service]:
    return list(db.session.scalars(Service.of(own_membership().organization_id)))


def _own_room(number: int) -> Room:
    """The organization's room with this id, else a 404."""
    found: Room = db.first_or_404(Room.of(own_membership().organization_id).filter_by(id=number))
    return found
