"""Holds: one per person, visible to others, expiring by themselves, never blocking."""

from datetime import timedelta

import pytest
from flask import Flask

from blueprints.clinic.fragments import part_state
from extensions import db
from models.accounts import Role, User
from models.base import utc_now
from models.clinic import Hold
from models.clinic.day import Day
from models.clinic.hold import HELD_FOR
from models.live_topic import parts_newer_than, touched_parts
from rules.booking import Interval
from tests.support.people import person
from tests.support.visits import Desk, desk

BOTH = pytest.mark.both_databases
NOW = utc_now()
HALF_HOUR = timedelta(minutes=30)


@pytest.fixture
def samal(app: Flask) -> Desk:
    made = desk()
    db.session.commit()
    return made


def take(samal: Desk, hour: int, actor: User | None = None, days: int = 0) -> Hold:
    start = samal.at(hour) + timedelta(days=days)
    wanted = Interval(start, start + HALF_HOUR)
    return Hold.take(samal.organization, samal.seitqali, wanted, actor or samal.aigerim, NOW)


def tomorrow(samal: Desk) -> Day:
    return Day(samal.organization, samal.at(10).date())


def column(samal: Desk) -> str:
    return f"column/{samal.seitqali.id}"


def shown(samal: Desk, after: timedelta = timedelta()) -> list[tuple[str, str]]:
    state = part_state(tomorrow(samal), column(samal), NOW + after)
    assert state
    return [(hold["who"], hold["period"]) for hold in state["holds"]]


@BOTH
def test_a_time_in_hand_is_told_in_its_column_until_it_expires(samal: Desk) -> None:
    take(samal, 10)
    assert touched_parts(tomorrow(samal).topic) == {column(samal)}
    db.session.commit()
    due = {part: due_at for part, _version, due_at in parts_newer_than(tomorrow(samal).topic, 0)}
    assert due[column(samal)] == NOW + HELD_FOR
    assert shown(samal) == [("Aigerim", "10:00–10:30")]
    assert shown(samal, after=HELD_FOR) == []


@BOTH
def test_one_hand_holds_one_time(samal: Desk) -> None:
    take(samal, 10)
    take(samal, 12)
    take(samal, 12, person("Dana", Role.RECEPTIONIST, samal.organization))
    assert sorted(shown(samal)) == [("Aigerim", "12:00–12:30"), ("Dana", "12:00–12:30")]


@BOTH
def test_what_is_let_go_is_told_and_gone(samal: Desk) -> None:
    take(samal, 10)
    db.session.commit()
    Hold.release(samal.organization, samal.aigerim, NOW)
    assert touched_parts(tomorrow(samal).topic) == {column(samal)}
    assert shown(samal) == []


def test_what_somebody_left_behind_goes_with_the_next_who_books(samal: Desk) -> None:
    take(samal, 10)
    dana = person("Dana", Role.RECEPTIONIST, samal.organization)
    Hold.release(samal.organization, dana, NOW + HELD_FOR)
    assert db.session.query(Hold).count() == 0


def test_a_hold_is_in_nobodys_way(samal: Desk) -> None:
    take(samal, 10)
    assert samal.book(samal.at(10)).starts_at == samal.at(10)


def test_another_days_hold_is_not_shown(samal: Desk) -> None:
    take(samal, 10, days=1)
    assert shown(samal) == []


def test_the_column_changes_by_itself_when_the_first_hold_expires(app: Flask, samal: Desk) -> None:
    take(samal, 10)
    topic, midnight = app.extensions["registry"].topic(tomorrow(samal).topic), samal.organization.midnight_after(NOW)
    assert topic.next_change(column(samal), NOW) == min(NOW + HELD_FOR, midnight)
    assert topic.next_change(f"column/{samal.kim.id}", NOW) == midnight
