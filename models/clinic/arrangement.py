"""Which rooms practitioners and services use, and moving upcoming visits along when that changes."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, update

from extensions import db
from models.accounts import Organization, User
from models.clinic.appointment import Appointment
from models.clinic.audit import Changes, Deed, note_deed
from models.clinic.locks import lock_cards, lock_clinic
from models.clinic.overlap import OCCUPYING
from models.clinic.practitioner import Practitioner
from models.clinic.room import Room
from models.clinic.service import Service
from models.clinic.staff import touch_pages
from rules.booking import Interval

Places = Mapping[Practitioner | Service, Room | None]


@dataclass(frozen=True)
class Arranged:
    """How many upcoming visits were moved to the new room, and how many could not be."""

    moved: int
    stayed: int


def arrange_rooms(organization: Organization, places: Places, actor: User, now: datetime) -> Arranged:
    """Assigns rooms to practitioners and services, and flushes.

    Upcoming visits that were in the usual room move along; two practitioners may swap rooms this way. A visit whose
    new room is taken at that time stays in its old room, or gets none if that has been taken meanwhile.
    """
    # Before any visit is read: all changes of visits lock the practitioner first.
    lock_clinic(organization.id)
    ahead = _ahead(organization.id, now)
    lock_cards(organization.id, [visit.patient for visit in ahead])
    followers = [visit for visit in ahead if visit.chosen_room is None]
    _assign(organization, places, actor, now)
    touch_pages(organization, now)
    wanted = {visit: visit.practitioner.usual_room(visit.service) for visit in followers}
    leaving = [visit for visit in followers if wanted[visit] is not visit.room]
    staying = (visit for visit in ahead if visit not in wanted or wanted[visit] is visit.room)
    found = _found(leaving, wanted, staying)
    _resettle(found, actor, now)
    moved = sum(1 for visit in leaving if found[visit] is wanted[visit])
    return Arranged(moved, len(leaving) - moved)


def update_room(organization: Organization, room: Room, name: str, is_open: bool, actor: User, now: datetime) -> None:
    """Renames, closes or reopens the room and flushes; its visits stay. Raises Conflict("name")."""
    room.revise(name, is_open, actor, now)
    touch_pages(organization, now)


def visits_ahead_by_room(organization_id: int, now: datetime) -> dict[int | None, int]:
    """The number of upcoming visits in each room; one statement."""
    rooms = select(Appointment.room_id, func.count()).filter_by(organization_id=organization_id)
    counted = rooms.where(Appointment.status.in_(OCCUPYING), Appointment.starts_at > now)
    return {room_id: number for room_id, number in db.session.execute(counted.group_by(Appointment.room_id))}


def _assign(organization: Organization, places: Places, actor: User, now: datetime) -> None:
    """Assigns the rooms and writes each change to the history."""
    for record, room in places.items():
        whose = ("practitioner", record.short_name) if isinstance(record, Practitioner) else ("service", record.name)
        names = [each.name if each else None for each in (record.room, room)]
        record.room = room
        changes: Changes = {whose[0]: [None, whose[1]], "room": names}
        note_deed(Deed.ROOM_ASSIGNED, actor, now, organization_id=organization.id, changes=changes)
    db.session.flush()


def _ahead(organization_id: int, now: datetime) -> list[Appointment]:
    still = Appointment.of(organization_id).where(Appointment.starts_at > now, Appointment.status.in_(OCCUPYING))
    return list(db.session.scalars(still))


def _found(
    leaving: Iterable[Appointment], wanted: Mapping[Appointment, Room | None], staying: Iterable[Appointment]
) -> dict[Appointment, Room | None]:
    taken: dict[int | None, list[Interval]] = defaultdict(list)
    for visit in staying:
        if not visit.overbooked:
            taken[visit.room_id].append(visit.interval)
    found: dict[Appointment, Room | None] = {}
    for visit in leaving:
        room = next((room for room in (wanted[visit], visit.room) if _is_free(room, visit, taken)), None)
        found[visit] = room
        if room and not visit.overbooked:
            taken[room.id].append(visit.interval)
    return found


def _is_free(room: Room | None, visit: Appointment, taken: Mapping[int | None, list[Interval]]) -> bool:
    is_held = room is not None and any(each.overlaps(visit.interval) for each in taken[room.id])
    return visit.overbooked or not is_held


def _resettle(found: Mapping[Appointment, Room | None], actor: User, now: datetime) -> None:
    """All visits leave their rooms before any enters its new one; otherwise they would collide on the way."""
    changing = {visit: room for visit, room in found.items() if room is not visit.room}
    leave = update(Appointment).where(Appointment.id.in_([visit.id for visit in changing])).values(room_id=None)
    db.session.execute(leave, execution_options={"synchronize_session": False})
    for visit, room in changing.items():
        visit.change_room(room, actor, now)
