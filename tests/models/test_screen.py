"""The waiting room's screen: its link, who creates it, and its updates for every arrival and call."""

from datetime import timedelta

import pytest

from blueprints.clinic.waiting_room import room_state
from extensions import db
from models.accounts import Role
from models.base import utc_now
from models.clinic import Appointment, AuditEvent, Deed, Screen
from models.clinic.audit import Question
from models.clinic.screen import ROOM
from models.errors import NotAllowed
from models.live_topic import touched_parts
from rules.booking import Status
from tests.support.people import clinic, patient, person
from tests.support.visits import Desk

BOTH = pytest.mark.both_databases


@pytest.fixture
def screen(samal: Desk) -> Screen:
    marat = person("Marat", Role.OWNER, samal.organization)
    screen = Screen.open(samal.organization, marat, utc_now())
    db.session.commit()
    return screen


def here(samal: Desk, family_name: str, *, minutes_ago: int = 0, **changes: object) -> Appointment:
    """A visit at the present time whose patient has arrived."""
    now = utc_now()
    who = patient(samal.organization, family_name)
    visit = samal.overbook(now.replace(second=0, microsecond=0), patient=who, minutes=5, **changes)
    visit.become(Status.ARRIVED, visit.version, samal.aigerim, now - timedelta(minutes=minutes_ago))
    return visit


@BOTH
def test_who_waits_and_who_is_called_is_told_by_initials_and_rooms(samal: Desk, screen: Screen) -> None:
    here(samal, "Ли")
    called = here(samal, "Оспанова", practitioner=samal.kim)
    called.become(Status.CHECKED_IN, called.version, samal.aigerim, utc_now())
    state = room_state(screen, utc_now())
    assert [(each["initials"], each["room"]) for each in state["calls"]] == [("Б. О.", "201")]
    assert [(each["initials"], each["room"]) for each in state["waiting"]] == [("Б. Л.", "200")]
    assert not any(name in str(state) for name in ("Ли", "Оспанова", "Болат"))


@BOTH
def test_the_newest_call_stands_first(samal: Desk, screen: Screen) -> None:
    for family_name, ago in (("Ли", 5), ("Оспанова", 1), ("Ким", 9)):
        visit = here(samal, family_name)
        visit.become(Status.CHECKED_IN, visit.version, samal.aigerim, utc_now() - timedelta(minutes=ago))
    assert [each["initials"] for each in room_state(screen, utc_now())["calls"]] == ["Б. О.", "Б. Л.", "Б. К."]


@BOTH
def test_the_screen_learns_of_today_and_not_of_tomorrow(samal: Desk, screen: Screen) -> None:
    samal.book(samal.at(10))
    assert touched_parts(screen.topic) == set()
    here(samal, "Ли")
    assert touched_parts(screen.topic) == {ROOM}


@BOTH
def test_a_new_link_ends_the_old_one(samal: Desk, screen: Screen) -> None:
    marat, old = person("Saule", Role.OWNER, samal.organization), screen.code
    new = Screen.open(samal.organization, marat, utc_now())
    assert (Screen.with_code(old), Screen.with_code(new.code)) == (None, new)
    Screen.close(samal.organization, marat, utc_now())
    assert Screen.of(samal.organization.id) is None


def test_who_made_and_who_took_back_the_link_stays_in_the_history(samal: Desk, screen: Screen) -> None:
    saule = person("Saule", Role.OWNER, samal.organization)
    Screen.close(samal.organization, saule, utc_now())
    kept = AuditEvent.page(Question(samal.organization.id), None, 2)
    assert [(event.deed, event.actor.name) for event in kept if event.actor] == [
        (Deed.SCREEN_CLOSED, "Saule"),
        (Deed.SCREEN_OPENED, "Marat"),
    ]


def test_only_the_owner_of_this_clinic_makes_its_link(samal: Desk) -> None:
    for other in (samal.aigerim, person("Ruslan", Role.OWNER, clinic("Чужая клиника"))):
        with pytest.raises(NotAllowed):
            Screen.open(samal.organization, other, utc_now())
