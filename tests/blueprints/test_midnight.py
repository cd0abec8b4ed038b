"""Midnight in the clinic: whatever shows something that depends on the date changes, though nobody touched it."""

from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask

from app import live_store
from extensions import db
from live.store import Store
from models.clinic import Screen
from models.clinic.card_topic import card_topic, list_topic
from models.clinic.day_topic import FREED, column_part, day_topic, monday_of, waitlist_topic, week_topic
from models.clinic.staff import Person, create_practitioner
from models.live_topic import parts_newer_than, touch_later
from tests.support.people import patient
from tests.support.visits import Desk

SATURDAY = date(2024, 11, 23)
EVENING = datetime(2024, 11, 23, 15, tzinfo=UTC)
MIDNIGHT = datetime(2024, 11, 23, 19, tzinfo=UTC)
DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)


@pytest.fixture
def store(app: Flask, samal: Desk) -> Store:
    """Queries of one process's hub, in a clinic in Almaty whose doctors are away: only midnight changes anything."""
    samal.kim.available_times = samal.seitqali.available_times = []
    db.session.commit()
    return live_store(app.extensions["registry"])


def due(topic: str) -> dict[str, datetime]:
    """The topic's scheduled parts."""
    return {part: moment for part, _, moment in parts_newer_than(topic, 0) if moment}


def changed(topic: str) -> set[str]:
    """The topic's parts that have ever changed."""
    return {part for part, version, _ in parts_newer_than(topic, 0) if version}


def board(samal: Desk, day: date = SATURDAY) -> str:
    return day_topic(samal.organization.id, day)


def parts(samal: Desk) -> set[str]:
    return {"axis", "rail", "freed", column_part(samal.seitqali.id), column_part(samal.kim.id)}


def test_a_board_that_nobody_touched_changes_when_its_day_ends(store: Store, samal: Desk) -> None:
    store.plan(board(samal), EVENING)
    assert due(board(samal)) == dict.fromkeys(parts(samal), MIDNIGHT)
    store.change_due_parts([board(samal)], MIDNIGHT - SECOND)
    assert changed(board(samal)) == set()
    store.change_due_parts([board(samal)], MIDNIGHT)
    assert changed(board(samal)) == parts(samal)
    assert due(board(samal)) == {}
    store.plan(board(samal), MIDNIGHT)
    assert due(board(samal)) == {}


def test_tomorrows_board_changes_when_its_day_begins_and_again_when_it_ends(store: Store, samal: Desk) -> None:
    tomorrow = board(samal, SATURDAY + DAY)
    store.plan(tomorrow, EVENING)
    assert due(tomorrow) == dict.fromkeys(parts(samal), MIDNIGHT)
    assert store.change_due_parts([tomorrow], MIDNIGHT) == {tomorrow: MIDNIGHT + DAY}
    assert changed(tomorrow) == parts(samal)


def test_the_boards_of_29_february_and_1_march_2024_change_at_the_later_midnight(store: Store, samal: Desk) -> None:
    """The clocks went back from midnight to 23:00; the day was over an hour later."""
    leap, midnight = date(2024, 2, 29), datetime(2024, 2, 29, 19, tzinfo=UTC)
    for day in (leap, leap + DAY):
        for hours in (4, 2, 1):
            store.plan(board(samal, day), midnight - timedelta(hours=hours))
        assert set(due(board(samal, day)).values()) == {midnight}
    assert store.change_due_parts([board(samal, leap + DAY)], midnight) == {board(samal, leap + DAY): midnight + DAY}


@pytest.mark.both_databases
def test_who_is_new_on_open_boards_has_their_midnight_too(store: Store, samal: Desk) -> None:
    days = [board(samal), board(samal, SATURDAY + DAY)]
    for topic in days:
        store.plan(topic, EVENING)
    new = create_practitioner(
        samal.organization, Person("Нұрланов", "Данияр", "", "хирург", None), samal.aigerim, EVENING
    )
    db.session.commit()
    for topic in days:
        assert due(topic) == dict.fromkeys({*parts(samal), column_part(new.id)}, MIDNIGHT)
    store.change_due_parts(days, MIDNIGHT)
    assert due(days[0]) == {}
    assert due(days[1])[column_part(new.id)] == MIDNIGHT + DAY


def test_who_left_and_is_back_on_an_open_board_never_missed_a_midnight(store: Store, samal: Desk) -> None:
    samal.kim.sees_patients = False
    db.session.commit()
    store.plan(board(samal), EVENING)
    assert due(board(samal))[column_part(samal.kim.id)] == MIDNIGHT


def test_a_week_changes_at_each_of_its_midnights_and_never_after(store: Store, samal: Desk) -> None:
    week = week_topic(samal.organization.id, samal.kim.id, SATURDAY)
    store.plan(week, EVENING)
    assert due(week) == {"week": MIDNIGHT}
    assert store.change_due_parts([week], MIDNIGHT) == {week: MIDNIGHT + DAY}
    assert store.change_due_parts([week], MIDNIGHT + DAY) == {}
    coming = week_topic(samal.organization.id, samal.kim.id, SATURDAY + 7 * DAY)
    store.plan(coming, EVENING)
    assert due(coming) == {"week": MIDNIGHT + (monday_of(SATURDAY + 7 * DAY) - SATURDAY - DAY)}


def test_lists_cards_and_the_screen_that_say_today_change_every_night(store: Store, samal: Desk) -> None:
    clinic = samal.organization.id
    screen = Screen.open(samal.organization, samal.raushan, EVENING)
    card = patient(samal.organization, "Оспанова")
    db.session.commit()
    for topic in (screen.topic, waitlist_topic(clinic), list_topic(clinic), card_topic(clinic, card.id)):
        store.plan(topic, EVENING)
        assert set(due(topic).values()) == {MIDNIGHT}, topic
        assert store.change_due_parts([topic], MIDNIGHT) == {topic: MIDNIGHT + DAY}


def test_what_is_due_later_still_changes_at_midnight(store: Store, samal: Desk) -> None:
    """A time freed for the day after tomorrow is on today's board, which is another day's from midnight on."""
    touch_later(board(samal), FREED, MIDNIGHT + DAY)
    db.session.commit()
    store.plan(board(samal), EVENING)
    assert due(board(samal)) == dict.fromkeys(parts(samal), MIDNIGHT)


def test_who_looks_at_days_gone_by_plans_nothing(store: Store, samal: Desk) -> None:
    store.plan(board(samal, SATURDAY - 7 * DAY), EVENING)
    store.plan(week_topic(samal.organization.id, samal.kim.id, SATURDAY - 7 * DAY), EVENING)
    assert due(board(samal, SATURDAY - 7 * DAY)) == {}
    assert due(week_topic(samal.organization.id, samal.kim.id, SATURDAY - 7 * DAY)) == {}


def test_planning_again_or_by_two_processes_changes_nothing(store: Store, samal: Desk) -> None:
    for hour in range(3):
        store.plan(board(samal), EVENING + timedelta(hours=hour))
    assert due(board(samal)) == dict.fromkeys(parts(samal), MIDNIGHT)
    for _ in range(2):
        store.change_due_parts([board(samal)], MIDNIGHT)
    assert {version for _, version, _ in parts_newer_than(board(samal), 0)} == {1}
